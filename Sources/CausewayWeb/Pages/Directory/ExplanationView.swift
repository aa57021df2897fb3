import CausewayJSON

/// The explanation of an object's state at a provider, as the API returns it.
struct ExplanationView: Decodable, Sendable {
    let provider: Provider
    let scope: ScopeView
    let link: Link?
    let desired: Desired
    let attributes: [Attribute]
    /// The actions on the object, the latest first.
    let history: [PastAction]
    let next: [Message]

    struct Provider: Decodable, Sendable {
        /// Why the provider does nothing at the moment.
        let obstacle: Message?
    }

    struct Link: Decodable, Sendable {
        let entraID: String
        let presence: String
        /// Its page in Microsoft's admin center.
        let portal: String?
    }

    struct Desired: Decodable, Sendable {
        /// Why the mappings return no values.
        let reason: Message?
    }

    struct Attribute: Decodable, Sendable {
        let name: String
        let desired: JSONValue?
        let known: JSONValue?
    }

    struct PastAction: Decodable, Sendable {
        let time: String
        let run: String
        let action: String
        let reason: String
        let outcome: String
        let message: Message
        let remedy: Message
    }
}

/// Whether a provider manages an object, and why, as the API returns it.
struct ScopeView: Decodable, Sendable {
    let included: Bool
    let reason: Message
}

/// The content of the template `explanations` of one provider.
struct ShownExplanation: TemplateValue {
    let name: String
    let address: Address
    /// The provider's key.
    let provider: String
    /// The page of the Entra object in Microsoft's admin center.
    let portal: String?
    let attributes: [Attribute]
    let hasAttributes: Bool
    /// The decisions about the object, in their order.
    let lines: [Line]
    let history: [Past]
    let hasHistory: Bool
    /// Why there is no explanation.
    let problem: String?

    struct Attribute: TemplateValue {
        let name: String
        let wanted: String
        let known: String
    }

    struct Line: TemplateValue {
        let label: String
        let words: String
    }

    struct Past: TemplateValue {
        let when: ShownTime?
        let address: Address
        let action: String
        let reason: String
        let outcome: String
        let message: String
    }

    /// - Parameter found: the explanation; nil if there is none, with the reason in `problem`.
    init(_ provider: ProviderView, _ found: ExplanationView?, problem: String?, _ kind: DirectoryKind, _ texts: Texts) {
        name = provider.name
        address = .provider(provider.pk)
        self.provider = "\(provider.pk)"
        portal = found?.link?.portal
        attributes = (found?.attributes ?? []).map {
            Attribute(name: $0.name, wanted: Formatting.value($0.desired), known: Formatting.value($0.known))
        }
        hasAttributes = !attributes.isEmpty
        lines = found.map { Self.lines($0, kind, texts) } ?? []
        history = (found?.history ?? []).map { Self.past($0, kind, texts) }
        hasHistory = !history.isEmpty
        self.problem = problem
    }

    private static func past(_ past: ExplanationView.PastAction, _ kind: DirectoryKind, _ texts: Texts) -> Past {
        Past(
            when: ShownTime(past.time),
            address: .run(past.run),
            action: texts.verb(past.action, kind),
            reason: texts.find("reasons.\(past.reason)") ?? "",
            outcome: texts("outcomes.\(past.outcome)"),
            message: [past.message, past.remedy].filter { !$0.isEmpty }.map(texts.message).joined(separator: " ")
        )
    }

    private static func lines(_ found: ExplanationView, _ kind: DirectoryKind, _ texts: Texts) -> [Line] {
        var lines: [(key: String, words: String)] = []
        if let obstacle = found.provider.obstacle { lines.append(("obstacle", texts.message(obstacle))) }
        lines.append((found.scope.included ? "in_scope" : "out_of_scope", texts.message(found.scope.reason)))
        if let link = found.link {
            lines.append(("linked", "\(link.entraID) (\(texts("presences.\(link.presence)")))"))
        } else {
            lines.append(("not_linked", ""))
        }
        if let reason = found.desired.reason { lines.append(("desired", texts.message(reason))) }
        if let last = found.history.first {
            let words = [texts.verb(last.action, kind), texts("outcomes.\(last.outcome)"), texts.message(last.message)]
                .filter { !$0.isEmpty }
            lines.append(("last", words.joined(separator: ", ")))
        }
        lines.append(("next", found.next.map(texts.message).joined(separator: " ")))
        return lines.map { Line(label: texts("objects.lines.\($0.key)"), words: $0.words) }
    }
}

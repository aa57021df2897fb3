import CausewayJSON

/// The explanation of an object's state at a provider, as the API returns it.
struct ExplanationView: Decodable, Sendable {
    let provider: Provider
    let scope: ScopeView
    let link: Link?
    /// Of a user with an account.
    let signIn: SignIn?
    /// Whether something is sent within seconds, by itself.
    let isSending: Bool
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

    /// Whether an account may sign in, and whether that is changing: `none`, `sending` or `waiting`.
    struct SignIn: Decodable, Sendable {
        let allowed: Bool
        let since: String?
        let change: String
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
        /// The object's name at that time.
        let name: String
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

/// The state of an object at one provider, in the template `explanations`.
struct ShownExplanation: TemplateValue {
    let name: String
    let address: Address
    /// The provider's key.
    let provider: String
    /// The page of the Entra object in Microsoft's admin center.
    let portal: String?
    let signIn: SignIn?
    let attributes: [Attribute]
    let hasAttributes: Bool
    /// The decisions about the object, in their order.
    let lines: [Line]
    let history: [Past]
    let hasHistory: Bool
    /// Why there is no explanation.
    let problem: String?

    /// A sentence about the sign-in, if there is something to say.
    struct SignIn: TemplateValue {
        let shape: String
        let words: String
        let since: ShownTime?
    }

    struct Attribute: TemplateValue {
        let name: String
        let wanted: String
        let known: String
    }

    struct Line: TemplateValue {
        let label: String
        /// A value to copy, before the words.
        var code: String?
        let words: String
    }

    struct Past: TemplateValue {
        let when: ShownTime?
        /// The page of the run, with this object alone.
        let address: String
        let action: String
        let reason: String
        let outcome: String
        let message: String
    }

    init(_ standing: ObjectPage.Standing, _ kind: DirectoryKind, _ texts: Texts) {
        let found = standing.explanation
        name = standing.provider.name
        address = .provider(standing.provider.pk)
        provider = "\(standing.provider.pk)"
        portal = found?.link?.portal
        signIn = found?.signIn.flatMap { Self.signIn($0, texts) }
        attributes = (found?.attributes ?? []).map {
            Attribute(name: $0.name, wanted: Formatting.value($0.desired), known: Formatting.value($0.known))
        }
        hasAttributes = !attributes.isEmpty
        lines = found.map { Self.lines($0, kind, texts) } ?? []
        history = (found?.history ?? []).map { Self.past($0, kind, texts) }
        hasHistory = !history.isEmpty
        problem = standing.problem
    }

    private static func signIn(_ signIn: ExplanationView.SignIn, _ texts: Texts) -> SignIn? {
        let shape: String? =
            switch (signIn.change, signIn.allowed) {
            case ("none", true): nil
            case ("none", false): "paused"
            case ("sending", _): "working"
            default: "waiting"
            }
        let key = signIn.change == "none" && signIn.since != nil ? "since" : signIn.change
        return shape.map {
            SignIn(
                shape: $0,
                words: texts("objects.sign_in.\(signIn.allowed ? "allowed" : "blocked").\(key)"),
                since: signIn.change == "none" ? ShownTime(signIn.since) : nil
            )
        }
    }

    private static func past(_ past: ExplanationView.PastAction, _ kind: DirectoryKind, _ texts: Texts) -> Past {
        Past(
            when: ShownTime(past.time),
            address: Address.run(past.run).query([("search", past.name)]),
            action: texts.verb(past.action, kind),
            reason: texts.find("reasons.\(past.reason)") ?? "",
            outcome: texts("outcomes.\(past.outcome)"),
            message: [past.message, past.remedy].filter { !$0.isEmpty }.map { texts.message($0) }
                .joined(separator: " ")
        )
    }

    /// No line repeats what another one says: the last ones have the reasons with their remedies.
    private static func lines(_ found: ExplanationView, _ kind: DirectoryKind, _ texts: Texts) -> [Line] {
        let next = found.next.filter { $0 != found.provider.obstacle }
        func said(_ message: Message) -> Bool { next.contains { $0.english.contains(message.english) } }
        var lines: [Line] = []
        func add(_ key: String, code: String? = nil, _ words: String) {
            lines.append(Line(label: texts("objects.lines.\(key)"), code: code, words: words))
        }
        if let obstacle = found.provider.obstacle { add("obstacle", texts.message(obstacle)) }
        add(found.scope.included ? "in_scope" : "out_of_scope", texts.message(found.scope.reason))
        if let link = found.link {
            let isSuspended = link.presence == "present" && found.signIn?.allowed == false
            add("linked", code: link.entraID, texts("presences.\(isSuspended ? "suspended" : link.presence)"))
        } else {
            add("not_linked", "")
        }
        if let reason = found.desired.reason, !said(reason), reason != found.scope.reason {
            add("desired", texts.message(reason))
        }
        if let last = found.history.first {
            let message = said(last.message) ? "" : texts.message(last.message)
            let words = [texts.verb(last.action, kind), texts("outcomes.\(last.outcome)"), message]
            add("last", words.filter { !$0.isEmpty }.joined(separator: ", "))
        }
        if !next.isEmpty { add("next", next.map { texts.message($0) }.joined(separator: " ")) }
        return lines
    }
}

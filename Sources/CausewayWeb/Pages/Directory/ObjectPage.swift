import CausewayAPI
import CausewayJSON
import HTTPTypes

/// The common part of the pages of users and groups: the state of the object at every provider, and the reasons.
struct ObjectPage: Sendable {
    let texts: Texts
    let kind: DirectoryKind

    /// What is known of an object at a provider.
    struct Standing: Sendable {
        let provider: ProviderView
        /// Nil if there is no explanation, for the reason in `problem`.
        let explanation: ExplanationView?
        let problem: String?
        /// The state of the provider, read before the explanation, so that no change in between is missed; nil if nothing is
        /// being sent.
        let state: String?
    }

    /// The state of the object at each provider, and what the next sync would do.
    func standings(of id: String, _ api: APIClient) async throws -> [Standing] {
        var found: [Standing] = []
        for provider in try await api.providers() {
            let standing = try await standing(of: id, at: provider, state: nil, api)
            guard standing.explanation?.isSending == true else {
                found.append(standing)
                continue
            }
            let state = try await api.get("\(Self.source(provider))state/", as: JSONValue.self).text
            found.append(try await self.standing(of: id, at: provider, state: state, api))
        }
        return found
    }

    private static func source(_ provider: ProviderView) -> String { "/causeway/providers/\(provider.pk)/" }

    private func standing(
        of id: String,
        at provider: ProviderView,
        state: String?,
        _ api: APIClient
    ) async throws -> Standing {
        let answer = await api.send(.get, "\(Self.source(provider))explain/?\(kind.rawValue)=\(id.urlPathPart)")
        let isGood = answer.status == 200
        return Standing(
            provider: provider,
            explanation: isGood ? try answer.expected(as: ExplanationView.self) : nil,
            problem: isGood ? nil : answer.problem(texts),
            state: state
        )
    }

    /// The part of the page about Entra.
    func model(of id: String, _ request: PageRequest) async throws -> ObjectInEntra {
        let standings = try await standings(of: id, request.api)
        let live = standings.lazy.compactMap { standing in
            standing.state.map { ProviderFrame.Live(of: standing.provider.pk, known: $0) }
        }
        return ObjectInEntra(
            explanations: standings.map { ShownExplanation($0, kind, texts) },
            live: live.first,
            synced: try await synced(request, standings)
        )
    }

    // MARK: Sync

    /// The result of a sync of one object, as the API returns it.
    private struct SyncView: Decodable {
        let messages: [Line]

        struct Line: Decodable {
            let event: String
            let attributes: JSONValue
        }
    }

    private static let synced = "synced"

    /// Syncs the object now. The result has an address of its own.
    func sync(_ request: PageRequest) async throws -> PageResponse {
        let (id, provider) = (request.value("id"), request.form["provider"] ?? "")
        let model = kind == .user ? "authentik.core.models.User" : "authentik.core.models.Group"
        let answer = await request.api.send(
            .post,
            "/providers/microsoft_entra/\(provider.urlPathPart)/sync/object/",
            ["sync_object_model": .string(model), "sync_object_id": .string(id)]
        )
        let page = Address.object(id, kind)
        if answer.status == 409 { return refused(texts("objects.sync_busy"), page) }
        let messages = try answer.expected(as: SyncView.self).messages
        guard let run = messages.lazy.compactMap({ $0.attributes["run"]?.string }).first else {
            return refused(messages.map { texts.message($0.event) }.joined(separator: " "), page)
        }
        return .redirect(page.query([(Self.synced, run)]))
    }

    private func refused(_ problem: String, _ page: Address) -> PageResponse {
        let refused = RefusedPage(problem: problem, back: page, backWords: texts("objects.back.\(kind.rawValue)"))
        return .page(PageContent(refused, title: texts("objects.not_synced"), place: "\(kind.rawValue)s"), status: 409)
    }

    /// What the run in the address has done for the object.
    private func synced(_ request: PageRequest, _ standings: [Standing]) async throws -> ObjectInEntra.Synced? {
        guard let key = request.query[Self.synced], !key.isEmpty else { return nil }
        let path = "/causeway/runs/\(key.urlPathPart)/"
        let answer = await request.api.send(.get, path)
        guard answer.status == 200 else { return nil }
        let run = try answer.expected(as: RunView.self)
        let actions = try await request.api.rows("\(path)actions/?page_size=20", as: ActionView.self)
        let said = actions.map { action in
            let outcome =
                [texts("outcomes.\(action.outcome)")] + [action.message, action.remedy].map { texts.message($0) }
            return
                "\(texts.verb(action.action, action.kind)): \(outcome.filter { !$0.isEmpty }.joined(separator: ". "))"
        }
        let last = standings.first { $0.provider.pk == run.provider }?.explanation?.history
            .first { $0.run != key && $0.outcome == "applied" }
        return ObjectInEntra.Synced(
            words: (said + [texts.message(run.message)]).filter { !$0.isEmpty },
            isNothing: said.isEmpty,
            last: last.map { texts("objects.last_applied", ["action": texts.verb($0.action, kind)]) },
            lastTime: ShownTime(last?.time),
            run: .run(key)
        )
    }
}

/// The content of the template `explanations`.
struct ObjectInEntra: TemplatePart {
    let explanations: [ShownExplanation]
    /// The stream that says when the page is out of date; nil if nothing is being sent.
    let live: ProviderFrame.Live?
    /// The result of a sync of the object.
    let synced: Synced?

    struct Synced: TemplateValue {
        let words: [String]
        let isNothing: Bool
        /// What was applied before.
        let last: String?
        let lastTime: ShownTime?
        let run: Address
    }
}

import CausewayAPI
import CausewayJSON
import HTTPTypes

/// The common part of the pages of users and groups: the state of the object at every provider, and the reasons.
struct ObjectPage: Sendable {
    let texts: Texts
    let kind: DirectoryKind

    /// The state of the object at each provider, and what the next sync would do.
    func explanations(of id: String, _ api: APIClient) async throws -> [ShownExplanation] {
        var shown: [ShownExplanation] = []
        for provider in try await api.providers() {
            let path = "/causeway/providers/\(provider.pk)/explain/?\(kind.rawValue)=\(id.urlPathPart)"
            let answer = await api.send(.get, path)
            let isGood = answer.status == 200
            shown.append(
                ShownExplanation(
                    provider,
                    isGood ? try answer.expected(as: ExplanationView.self) : nil,
                    problem: isGood ? nil : answer.problem(texts),
                    kind,
                    texts
                )
            )
        }
        return shown
    }

    /// The result of a sync of one object, as the API returns it.
    private struct SyncView: Decodable {
        let messages: [Line]

        struct Line: Decodable {
            let event: Message
        }
    }

    /// Syncs the object now.
    ///
    /// - Returns: the result; nil if a run of the provider is in progress.
    func sync(_ id: String, _ request: PageRequest) async throws -> String? {
        let model = kind == .user ? "authentik.core.models.User" : "authentik.core.models.Group"
        let provider = (request.form["provider"] ?? "").urlPathPart
        let answer = await request.api.send(
            .post,
            "/providers/microsoft_entra/\(provider)/sync/object/",
            ["sync_object_model": .string(model), "sync_object_id": .string(id)]
        )
        if answer.status == 409 { return nil }
        return try answer.expected(as: SyncView.self).messages.map { texts.message($0.event) }
            .joined(separator: " ")
    }
}

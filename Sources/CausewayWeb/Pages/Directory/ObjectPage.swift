import CausewayAPI
import CausewayJSON
import HTTPTypes

/// What the pages of users and groups have in common: the object at every provider, and why.
struct ObjectPage: Sendable {
    let texts: Texts
    let kind: DirectoryKind

    /// What each provider has made of the object, and what it would do next.
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
                    problem: isGood ? nil : answer.problem,
                    kind,
                    texts
                )
            )
        }
        return shown
    }

    /// What a sync of one object said, as the API gives it.
    private struct SyncView: Decodable {
        let messages: [Message]

        struct Message: Decodable {
            let event: String
        }
    }

    /// Does at once what the next sync would do for the object.
    ///
    /// - Returns: what was done; nil where the provider is at work.
    func sync(_ id: String, _ request: PageRequest) async throws -> String? {
        let model = kind == .user ? "authentik.core.models.User" : "authentik.core.models.Group"
        let provider = (request.form["provider"] ?? "").urlPathPart
        let answer = await request.api.send(
            .post,
            "/providers/microsoft_entra/\(provider)/sync/object/",
            ["sync_object_model": .string(model), "sync_object_id": .string(id)]
        )
        if answer.status == 409 { return nil }
        return try answer.expected(as: SyncView.self).messages.map(\.event).joined(separator: " ")
    }
}

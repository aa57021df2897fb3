import CausewayAPI

/// What the form of an application starts: for each provider without an application, how many objects are in its scope, and what its
/// first sync does.
struct AssignmentNotes: Sendable {
    let texts: Texts

    private struct ScopeView: Decodable {
        let users: Int
        let groups: Int
    }

    func notes(_ api: APIClient) async throws -> [FormNote] {
        var notes: [FormNote] = []
        for provider in try await api.providers() where provider.assignedBackchannelApplicationSlug == nil {
            let source = "/causeway/providers/\(provider.pk)/"
            let scope = try await api.get("\(source)scope/", as: ScopeView.self)
            let state = try await api.get("\(source)state/", as: ProviderStateView.self)
            notes.append(
                FormNote(
                    name: provider.name,
                    address: .provider(provider.pk),
                    words: texts(
                        "forms.application.starts.\(effect(provider, state))",
                        [
                            "users": texts("runs.users", count: scope.users),
                            "groups": texts("runs.groups", count: scope.groups),
                        ]
                    )
                )
            )
        }
        return notes
    }

    private func effect(_ provider: ProviderView, _ state: ProviderStateView) -> String {
        if provider.dryRun { return "dry_run" }
        return provider.reviewFirstSync && state.lastFullSync == nil ? "review" : "at_once"
    }
}

import CausewayAPI

/// What the form of an application starts: for each provider without an application, how many objects are in its scope, and what its
/// first sync does.
struct AssignmentNotes: Sendable {
    let texts: Texts

    func notes(_ api: APIClient) async throws -> [FormNote] {
        var notes: [FormNote] = []
        for provider in try await api.providers() where provider.assignedBackchannelApplicationSlug == nil {
            let source = "/causeway/providers/\(provider.pk)/"
            let overview = try await api.get("\(source)overview/", as: OverviewView.self)
            let state = try await api.get("\(source)state/", as: ProviderStateView.self)
            notes.append(
                FormNote(
                    name: provider.name,
                    address: .provider(provider.pk),
                    words: texts(
                        "forms.application.starts.\(effect(provider, state))",
                        [
                            "users": texts("runs.users", count: synced(overview.users, provider.propertyMappings)),
                            "groups": texts(
                                "runs.groups",
                                count: synced(overview.groups, provider.propertyMappingsGroup)
                            ),
                        ]
                    )
                )
            )
        }
        return notes
    }

    /// Without a mapping, nothing of a kind is synced.
    private func synced(_ counts: OverviewView.Counts, _ mappings: [String]) -> Int {
        mappings.isEmpty ? 0 : counts.inScope
    }

    private func effect(_ provider: ProviderView, _ state: ProviderStateView) -> String {
        if provider.dryRun { return "dry_run" }
        return provider.reviewFirstSync && state.lastFullSync == nil ? "review" : "at_once"
    }
}

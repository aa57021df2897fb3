import CausewayAPI
import CausewayJSON
import HTTPTypes

/// What brings an installation to life, in order, until its first sync has been: people, the tenant, mappings, a plan, the sync.
struct FirstSteps: Sendable {
    let texts: Texts

    private struct Step {
        let key: String
        let address: String
        let isDone: Bool
    }

    /// - Returns: nothing once a sync has come to its end.
    func json(users: Int, _ providers: [ProviderHealth], _ api: APIClient) async throws -> [JSONValue] {
        guard providers.count < 2, providers.first?.lastRun.map(isSync) != true else { return [] }
        let runs = try await runs(of: providers.first, api)
        guard !runs.contains(where: isSync) else { return [] }
        let steps = steps(users: users, providers.first, hasPlan: runs.contains(where: isPlan))
        let next = steps.first { !$0.isDone }?.key
        return steps.map { step in
            [
                "title": .string(texts("first_steps.\(step.key).title")),
                "hint": .string(texts("first_steps.\(step.key).hint")), "address": .string(step.address),
                "is_next": .bool(step.key == next),
                "state": .string(
                    texts("first_steps.\(step.isDone ? "done" : step.key == next ? "next" : "to_do")")
                ),
            ]
        }
    }

    private func isPlan(_ run: JSONValue) -> Bool { run["trigger"] == "preview" || run["is_first_sync"] == true }

    private func isSync(_ run: JSONValue) -> Bool {
        run["trigger"] != "preview" && ["succeeded", "warning"].contains(run["status"]?.string ?? "")
    }

    private func steps(users: Int, _ provider: ProviderHealth?, hasPlan: Bool) -> [Step] {
        let page = provider.map { "\(ProviderPages.address)\($0.provider["pk"].map(ListView.plain) ?? "")/" }
        let mapping = provider?.provider["property_mappings"]?.array?.last.map(ListView.plain)
        let editor = mapping.map { "\(MappingPages.address)\($0)/edit/" } ?? MappingPages.address
        return [
            // The user who set the installation up always exists.
            Step(key: "people", address: "\(UserPages.address)import/", isDone: users > 1),
            Step(key: "provider", address: "\(ProviderPages.address)create/", isDone: provider != nil),
            Step(
                key: "application",
                address: "\(ApplicationPages.address)create/",
                isDone: provider?.isAssigned == true
            ),
            // Trying it leaves no trace; a plan comes after it.
            Step(key: "mapping", address: editor, isDone: hasPlan),
            Step(key: "plan", address: page ?? ProviderPages.address, isDone: hasPlan),
            Step(key: "sync", address: page ?? ProviderPages.address, isDone: false),
        ]
    }

    private func runs(of provider: ProviderHealth?, _ api: APIClient) async throws -> [JSONValue] {
        guard let provider else { return [] }
        let id = provider.provider["pk"].map(ListView.plain) ?? ""
        return try await api.send(.get, "/causeway/providers/\(id)/runs/?page_size=20").expected()["results"]?.array
            ?? []
    }
}

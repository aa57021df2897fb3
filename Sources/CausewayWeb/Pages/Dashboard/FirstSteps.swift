import CausewayAPI

/// The steps of a new installation up to its first sync: people, the provider, the application, mappings, a plan, the sync.
struct FirstSteps: Sendable {
    let texts: Texts

    /// A step as the dashboard shows it.
    struct Shown: TemplateValue {
        let title: String
        let hint: String
        let address: Address
        let isNext: Bool
        let state: String
    }

    private struct Step {
        let key: String
        let address: Address
        let isDone: Bool
    }

    /// - Returns: no steps after the first finished sync.
    func shown(users: Int, _ providers: [ProviderHealth], _ api: APIClient) async throws -> [Shown] {
        guard providers.count < 2, providers.first?.lastRun.map(isSync) != true else { return [] }
        let runs = try await runs(of: providers.first, api)
        guard !runs.contains(where: isSync) else { return [] }
        let steps = steps(users: users, providers.first, hasPlan: runs.contains(where: isPlan))
        let next = steps.first { !$0.isDone }?.key
        return steps.map { step in
            Shown(
                title: texts("first_steps.\(step.key).title"),
                hint: texts("first_steps.\(step.key).hint"),
                address: step.address,
                isNext: step.key == next,
                state: texts("first_steps.\(step.isDone ? "done" : step.key == next ? "next" : "to_do")")
            )
        }
    }

    private func isPlan(_ run: RunView) -> Bool { run.trigger == "preview" || run.isFirstSync }

    private func isSync(_ run: RunView) -> Bool {
        run.trigger != "preview" && ["succeeded", "warning"].contains(run.status)
    }

    private func steps(users: Int, _ provider: ProviderHealth?, hasPlan: Bool) -> [Step] {
        let page = provider.map { Address.provider($0.provider.pk) } ?? .providers
        let mapping = provider?.provider.propertyMappings.last
        return [
            // The first administrator always exists, so one user does not count.
            Step(key: "people", address: ImportPage.address, isDone: users > 1),
            Step(key: "provider", address: Address.providers.create, isDone: provider != nil),
            Step(key: "application", address: Address.applications.create, isDone: provider?.isAssigned == true),
            // A preview is not recorded, so the step counts as done with a plan.
            Step(key: "mapping", address: mapping.map { Address.mapping($0).edit } ?? .mappings, isDone: hasPlan),
            Step(key: "plan", address: page, isDone: hasPlan),
            Step(key: "sync", address: page, isDone: false),
        ]
    }

    private func runs(of provider: ProviderHealth?, _ api: APIClient) async throws -> [RunView] {
        guard let provider else { return [] }
        return try await api.rows("/causeway/providers/\(provider.provider.pk)/runs/?page_size=20")
    }
}

import CausewayAPI

/// The steps of a new installation up to its first sync: people, the provider, its connection, the application, mappings, a plan, the
/// sync. They stay until a full sync has finished.
struct FirstSteps: Sendable {
    let texts: Texts

    /// A step as the dashboard shows it.
    struct Shown: TemplateValue {
        let title: String
        let hint: String
        let address: Address
        let isNext: Bool
        let state: String
        /// The place of the documentation that explains it.
        let help: HelpPlace
    }

    private struct Step {
        let key: String
        let address: Address
        let isDone: Bool
        let help: HelpPlace
        /// Whether what comes after it is done already: people need not preview mappings.
        var isPassed = false
        /// The key of its hint, if it is not the step's.
        var hint: String?
    }

    /// - Returns: no steps after the first finished full sync of any provider.
    func shown(users: Int, _ providers: [ProviderHealth], _ api: APIClient) async throws -> [Shown] {
        guard !providers.contains(where: { $0.outstanding.lastFullSync != nil }) else { return [] }
        let provider = providers.first(where: \.isAssigned) ?? providers.first
        let steps = steps(users: users, provider, try await seen(provider, api))
        let next = steps.first { !$0.isDone && !$0.isPassed }?.key
        return steps.map { step in
            Shown(
                title: texts("first_steps.\(step.key).title"),
                hint: texts("first_steps.\(step.hint ?? "\(step.key).hint")"),
                address: step.address,
                isNext: step.key == next,
                state: texts("first_steps.\(step.isDone ? "done" : step.key == next ? "next" : "to_do")"),
                help: step.help
            )
        }
    }

    /// What has happened to a provider.
    private struct Seen {
        var runs: [RunView] = []
        var overview: OverviewView?

        /// Whether a person, or a run, has signed in to the tenant.
        var hasConnected: Bool { overview.map { $0.connectionChecked != nil || $0.tenant != nil } ?? false }
        var hasPreview: Bool { overview?.mappingPreviewed != nil }
        var hasPlan: Bool { runs.contains { ($0.trigger == "preview" || $0.isFirstSync) && $0.hasPlan } }
    }

    private func steps(users: Int, _ provider: ProviderHealth?, _ seen: Seen) -> [Step] {
        let page = provider.map { Address.provider($0.provider.pk) } ?? .providers
        let mapping = provider?.provider.propertyMappings.last
        let mistaken = provider?.mistakenApplication
        return [
            // The first administrator always exists, so one user does not count.
            Step(key: "people", address: ImportPage.address, isDone: users > 1, help: "import"),
            Step(
                key: "provider",
                address: .providers.create,
                isDone: provider != nil,
                help: "register-in-entra"
            ),
            Step(
                key: "connection",
                address: page,
                isDone: seen.hasConnected,
                help: "register-in-entra#9-check-the-connection"
            ),
            Step(
                key: "application",
                address: mistaken.map { Address.application($0.slug).edit } ?? .applications.create,
                isDone: provider?.isAssigned == true,
                help: "plans#the-first-sync-is-shown-first",
                hint: mistaken == nil ? nil : "application.mistaken"
            ),
            Step(
                key: "mapping",
                address: mapping.map { Address.mapping($0).edit } ?? .mappings,
                isDone: seen.hasPreview,
                help: "mappings#test-a-mapping",
                isPassed: seen.hasPlan
            ),
            Step(
                key: "plan",
                address: seen.runs.first(where: \.isFirstSync).map { Address.run($0.pk) } ?? page,
                isDone: seen.hasPlan,
                help: "plans"
            ),
            Step(key: "sync", address: page, isDone: false, help: "plans#the-first-sync-is-shown-first"),
        ]
    }

    private func seen(_ provider: ProviderHealth?, _ api: APIClient) async throws -> Seen {
        guard let provider else { return Seen() }
        let source = "/causeway/providers/\(provider.provider.pk)/"
        return Seen(
            runs: try await api.rows("\(source)runs/?page_size=20"),
            overview: try await api.get("\(source)overview/", as: OverviewView.self)
        )
    }
}

extension RunView {
    /// Whether it came so far that its plan was made.
    fileprivate var hasPlan: Bool {
        !["discovering", "planning", "failed", "interrupted", "canceled"].contains(status)
    }
}

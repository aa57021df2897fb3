import CausewayAPI

/// A provider, as the API returns it.
struct ProviderView: Decodable, ListRow, TemplateValue {
    let pk: Int64
    let name: String
    let clientId: String
    let tenantId: String
    let dryRun: Bool
    /// Whether inactive users are suspended whatever the mappings say.
    let blockInactive: Bool
    let reviewFirstSync: Bool
    /// The group to whose members it is limited.
    let filterGroup: String?
    let propertyMappings: [String]
    let propertyMappingsGroup: [String]
    let assignedBackchannelApplicationSlug: String?
    let assignedBackchannelApplicationName: String?

    var id: String { "\(pk)" }
}

/// What holds a provider back: runs that wait for approval, and the quarantine.
struct GuardView: Decodable, Sendable {
    let leftOutAdministrators: Int
    let guardMaxCount: Int
    let guardMaxPercent: Int
    /// The links and memberships that the provider manages.
    let managed: Int
    /// The most destructive changes without approval: of a run, and of those that are left now.
    let limit: Int
    let left: Int
    /// Runs that wait for approval.
    let waiting: [RunView]
    let quarantine: QuarantineView?
}

struct QuarantineView: Decodable, Sendable {
    let reason: Message
    let since: String
    let until: String
    let isActive: Bool
}

/// The application that has a provider under *Provider*, where it is not synced, as the list of all providers returns it.
struct MistakenApplication: Sendable {
    let slug: String
    let name: String

    fileprivate struct ProviderOfAnyType: Decodable {
        let assignedApplicationSlug: String?
        let assignedApplicationName: String?
    }
}

extension APIClient {
    /// The application that has the provider in the wrong place, if there is one.
    func mistakenApplication(of provider: ProviderView) async throws -> MistakenApplication? {
        let found = try await get("/providers/all/\(provider.pk)/", as: MistakenApplication.ProviderOfAnyType.self)
        guard let slug = found.assignedApplicationSlug else { return nil }
        return MistakenApplication(slug: slug, name: found.assignedApplicationName ?? slug)
    }
}

/// The state of a provider, and what is outstanding.
struct ProviderStateView: Decodable, Sendable {
    let state: String
    let outstanding: [Item]
    let failing: Int
    let refused: Int
    let isRunning: Bool
    let lastFullSync: String?
    let isPaused: Bool
    /// The run in progress.
    let run: String?

    /// A sentence, and what it is about.
    struct Item: Decodable, Sendable {
        let matter: String
        let sentence: Message
    }
}

extension APIClient {
    /// All providers, by name.
    func providers() async throws -> [ProviderView] {
        try await rows("/providers/microsoft_entra/?page_size=100&ordering=name")
    }

    func provider(_ id: some LosslessStringConvertible) async throws -> ProviderView {
        try await get("/providers/microsoft_entra/\("\(id)".urlPathPart)/")
    }
}

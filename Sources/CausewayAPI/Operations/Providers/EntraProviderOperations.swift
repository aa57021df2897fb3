import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import Foundation

/// `providers/microsoft_entra/`
enum EntraProviderOperations {
    static let handlers: [String: APIHandler] = [
        "providers_microsoft_entra_list": list, "providers_microsoft_entra_create": create,
        "providers_microsoft_entra_retrieve": retrieve, "providers_microsoft_entra_update": update,
        "providers_microsoft_entra_partial_update": update, "providers_microsoft_entra_destroy": destroy,
        "providers_microsoft_entra_used_by_list": usedBy,
        "providers_microsoft_entra_sync_status_retrieve": syncStatus,
        "providers_microsoft_entra_syncs_list": SyncAnswer.list,
        "providers_microsoft_entra_sync_object_create": ObjectSync.run,
    ]

    @Sendable private static func list(_ request: APIRequest) async throws -> APIResponse {
        let (list, query) = (try ListRequest(request), request.query)
        let providers = try await request.store.read { transaction in
            let applications = try transaction.applications()
            if let group = query.uuid("filter_group"), try transaction.group(GroupID(group)) == nil {
                throw APIError.noChoice("filter_group", "That choice")
            }
            return try transaction.providers().filter { provider in
                (query.text("name").map { $0 == provider.name } ?? true)
                    && (query.uuid("filter_group").map { GroupID($0) == provider.filterGroup } ?? true)
                    && (query.bool("exclude_users_service_account").map { $0 == provider.excludeServiceAccounts }
                        ?? true)
            }.map { EntraProviderAnswer.json($0, applications, try transaction.lastSync(of: $0.id)) }
        }
        return try list.envelope(of: providers, searched: ["name"], standard: ["name", "pk"])
    }

    @Sendable private static func retrieve(_ request: APIRequest) async throws -> APIResponse {
        .ok(try await request.store.read { try Self.json(try requested(request, in: $0), in: $0) })
    }

    @Sendable private static func create(_ request: APIRequest) async throws -> APIResponse {
        .created(try await request.store.write { try Self.json(try create(request.body, request, in: $0), in: $0) })
    }

    /// - Parameter body: what a client sent about the provider, checked against the document.
    static func create(_ body: [String: JSONValue], _ request: APIRequest, in transaction: Transaction) throws
        -> EntraProvider
    {
        let settings = try EntraProviderInput(body: body).settings(.blank, in: transaction)
        try requireUnused(settings.name, except: nil, in: transaction)
        let secret = Secret(body["client_secret"]?.string ?? "")
        let provider = try transaction.createProvider(settings, clientSecret: secret)
        try request.record("model_created", .provider, "\(provider.id)", provider.name, in: transaction)
        return provider
    }

    @Sendable private static func update(_ request: APIRequest) async throws -> APIResponse {
        let json = try await request.store.write { transaction in
            let before = try requested(request, in: transaction)
            let input = EntraProviderInput(body: request.body)
            let settings = try input.settings(before.settings, in: transaction)
            try requireUnused(settings.name, except: before.id, in: transaction)
            let secret = input.credential(for: settings)
            try transaction.updateProvider(before.id, to: settings, clientSecret: secret)
            try request.record("model_updated", .provider, "\(before.id)", settings.name, in: transaction)
            return try Self.json(try requested(request, in: transaction), in: transaction)
        }
        return .ok(json)
    }

    @Sendable static func destroy(_ request: APIRequest) async throws -> APIResponse {
        try await request.store.write { transaction in
            let provider = try requested(request, in: transaction)
            try transaction.deleteProvider(provider.id)
            try request.record("model_deleted", .provider, "\(provider.id)", provider.name, in: transaction)
        }
        return .noContent
    }

    @Sendable static func usedBy(_ request: APIRequest) async throws -> APIResponse {
        let applications = try await request.store.read { transaction in
            let provider = try requested(request, in: transaction)
            return try transaction.applications().filter { $0.id == provider.application || $0.provider == provider.id }
        }
        return .ok(.array(applications.map { UsedBy.json(.application, $0.id.text, $0.name, .setNull) }))
    }

    @Sendable private static func syncStatus(_ request: APIRequest) async throws -> APIResponse {
        .ok(try await request.store.read { try SyncStatus.json(of: try requested(request, in: $0).id, in: $0) })
    }
}

extension EntraProviderOperations {
    static func requested(_ request: APIRequest, in transaction: Transaction) throws -> EntraProvider {
        guard let key = request.path.integer("id"), let provider = try transaction.provider(ProviderID(key)) else {
            throw APIError.notFound("MicrosoftEntraProvider")
        }
        return provider
    }

    private static func json(_ provider: EntraProvider, in transaction: Transaction) throws -> JSONValue {
        EntraProviderAnswer.json(provider, try transaction.applications(), try transaction.lastSync(of: provider.id))
    }

    private static func requireUnused(_ name: String, except provider: ProviderID?, in transaction: Transaction) throws
    {
        guard let other = try transaction.provider(named: name), other.id != provider else { return }
        throw APIError.invalid("name", "provider with this name already exists.")
    }
}

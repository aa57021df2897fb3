import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import Foundation

/// `providers/microsoft_entra/`
enum EntraProviderOperations: EditableResourceOperations {
    static let model = APIModel.provider

    static let handlers: [String: APIHandler] = commonHandlers(ofEditable: "providers_microsoft_entra").merging([
        "providers_microsoft_entra_list": list, "providers_microsoft_entra_sync_status_retrieve": syncStatus,
        "providers_microsoft_entra_syncs_list": SyncAnswer.list,
        "providers_microsoft_entra_sync_object_create": ObjectSync.run,
    ]) { $1 }

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

    static func label(of provider: EntraProvider) -> (key: String, name: String) { ("\(provider.id)", provider.name) }

    static func json(_ provider: EntraProvider, _ request: APIRequest, in transaction: Transaction) throws -> JSONValue
    {
        EntraProviderAnswer.json(provider, try transaction.applications(), try transaction.lastSync(of: provider.id))
    }

    static func made(by request: APIRequest, in transaction: Transaction) throws -> Edit<EntraProvider> {
        try made(of: request.body, in: transaction)
    }

    /// - Parameter body: the client's values, checked against the document.
    static func made(of body: [String: JSONValue], in transaction: Transaction) throws -> Edit<EntraProvider> {
        let input = EntraProviderInput(body: body)
        let settings = try input.settings(.blank, in: transaction)
        try requireUnused(settings.name, except: nil, in: transaction)
        let credential = try input.credential(for: settings)
        let provider = try transaction.createProvider(settings, clientSecret: credential ?? Secret(""))
        let secret = credential.map { _ in FieldChange("client_secret", .secret) }
        return Edit(object: provider, changes: provider.settings.initialChanges + [secret].compactMap(\.self))
    }

    static func changed(_ before: EntraProvider, by request: APIRequest, in transaction: Transaction) throws
        -> Edit<EntraProvider>
    {
        let input = EntraProviderInput(body: request.body)
        let settings = try input.settings(before.settings, in: transaction)
        try requireUnused(settings.name, except: before.id, in: transaction)
        let credential = try input.credential(for: settings)
        let isNew = credential.map { (try? transaction.clientSecret(of: before.id)) != $0 } ?? false
        try transaction.updateProvider(before.id, to: settings, clientSecret: credential)
        let provider = try requested(request, in: transaction)
        let secret = isNew ? [FieldChange("client_secret", .secret)] : []
        return Edit(object: provider, changes: provider.settings.changes(since: before.settings) + secret)
    }

    static func finalChanges(of provider: EntraProvider) -> [FieldChange] { provider.settings.finalChanges }

    static func delete(_ provider: EntraProvider, _ request: APIRequest, in transaction: Transaction) throws {
        try transaction.deleteProvider(provider.id)
    }

    static func uses(of provider: EntraProvider, in transaction: Transaction) throws -> [JSONValue] {
        try transaction.applications().filter { $0.id == provider.application || $0.provider == provider.id }
            .map { UsedBy.json(.application, $0.id.text, $0.name, .setNull) }
    }

    private static func requireUnused(_ name: String, except provider: ProviderID?, in transaction: Transaction) throws
    {
        guard let other = try transaction.provider(named: name), other.id != provider else { return }
        throw APIError.invalid("name", "provider with this name already exists.")
    }
}

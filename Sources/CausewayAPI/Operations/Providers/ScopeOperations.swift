import CausewayJSON
import CausewayModel
import CausewayStore

/// `causeway/providers/{id}/scope/`: how many objects a provider has in scope.
enum ScopeOperations {
    static let handlers: [String: APIHandler] = ["causeway_providers_scope_retrieve": scope]

    @Sendable private static func scope(_ request: APIRequest) async throws -> APIResponse {
        let (users, groups) = try await request.store.read { transaction in
            let provider = try EntraProviderOperations.requested(request, in: transaction)
            // Without a mapping, nothing of a kind is synced.
            func count(_ kind: ObjectKind, _ mappings: [MappingID]) throws -> Int {
                mappings.isEmpty ? 0 : try transaction.inScopeCount(of: provider, kind)
            }
            return (try count(.user, provider.userMappings), try count(.group, provider.groupMappings))
        }
        return .ok(["users": .integer(Int64(users)), "groups": .integer(Int64(groups))])
    }
}

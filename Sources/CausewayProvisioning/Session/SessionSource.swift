import CausewayMapping
import CausewayModel
import CausewayStore

/// Everything in the database that a session depends on: when it changes, another session is opened.
struct SessionSource: Hashable, Sendable {
    let provider: EntraProvider
    /// None for a session without the tenant.
    let registrations: [AppRegistrationCredential]
    let userMappings: MappingSet
    let groupMappings: MappingSet

    var mappingSets: [MappingSet] { [userMappings, groupMappings] }

    /// - Throws: `StoreError` if a stored secret cannot be opened.
    init(of provider: EntraProvider, in transaction: Transaction) throws {
        self.provider = provider
        registrations = try transaction.registrations(of: provider)
        userMappings = try Self.mappings(.user, provider, in: transaction)
        groupMappings = try Self.mappings(.group, provider, in: transaction)
    }

    /// - Parameter own: mappings instead of the provider's, by kind.
    init(
        offline provider: EntraProvider,
        _ own: [ObjectKind: [PropertyMapping]],
        _ mappingContext: MappingSet.MappingContext,
        in transaction: Transaction
    ) throws {
        self.provider = provider
        registrations = []
        userMappings = try Self.mappings(.user, provider, own[.user], mappingContext, in: transaction)
        groupMappings = try Self.mappings(.group, provider, own[.group], mappingContext, in: transaction)
    }

    private static func mappings(
        _ kind: ObjectKind,
        _ provider: EntraProvider,
        _ own: [PropertyMapping]? = nil,
        _ mappingContext: MappingSet.MappingContext = .init(),
        in transaction: Transaction
    ) throws -> MappingSet {
        let mappings = try own ?? transaction.mappings(of: provider.id, kind: kind)
        return MappingSet(kind: kind, mappings: mappings, provider: provider, mappingContext: mappingContext)
    }
}

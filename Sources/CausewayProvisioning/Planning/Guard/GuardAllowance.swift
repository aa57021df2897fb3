package import CausewayModel
package import CausewayStore

/// What a provider's guard lets through without approval at a moment.
package struct GuardAllowance: Hashable, Sendable {
    /// The most destructive changes of a run, with those of direct syncs in the hour before it.
    package let limit: Int
    /// The destructive changes of direct syncs within the last hour.
    package let recent: Int
    /// Links that the provider manages, including members.
    package let managed: Int

    /// How many a run that begins now may make.
    package var left: Int { max(0, limit - recent) }

    /// - Throws: ``StoreError``.
    package init(of provider: EntraProvider, in transaction: Transaction) throws {
        recent = try transaction.destructiveChanges(of: provider.id, since: transaction.now + Guard.memory * -1)
        managed = try transaction.managedCount(provider: provider.id)
        limit = provider.restoredAt == nil ? Guard(settings: provider.settings).limit(managed: managed) : 0
    }
}

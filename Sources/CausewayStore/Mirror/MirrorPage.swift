package import CausewayModel

/// The mirror's records of some Entra objects before they change, read together: on its own, each would wait for the database. A record is
/// given out once, because it is out of date after the change.
package struct MirrorPage {
    private let provider: ProviderID
    private var objects: [EntraObjectID: MirrorObject]
    private var unread: Set<EntraObjectID>

    package init(of entraIDs: some Sequence<EntraObjectID>, provider: ProviderID, in transaction: Transaction) throws {
        self.provider = provider
        unread = Set(entraIDs)
        objects = try transaction.mirrorObjects(Array(unread), provider: provider)
    }

    /// The record of an object; read again if it was given out before, or is not of the page.
    package mutating func take(_ entraID: EntraObjectID, in transaction: Transaction) throws -> MirrorObject? {
        guard unread.remove(entraID) != nil else { return try transaction.mirrorObject(entraID, provider: provider) }
        return objects.removeValue(forKey: entraID)
    }

    /// Records that an object has changed otherwise.
    package mutating func drop(_ entraID: EntraObjectID) { unread.remove(entraID) }
}

import CausewayJSON

/// Everything in the tenant that people created by hand, and that must stay as they left it.
struct HandLedger: Sendable {
    /// Accounts that match no user of the directory, and their values.
    var strangers: [String: [String: JSONValue]] = [:]
    /// Accounts with a user's name or address, and their values until they are linked.
    var twins: [String: [String: JSONValue]] = [:]
    /// Groups with their members; a group with a name of the directory may be linked.
    var groups: [String: [String: JSONValue]] = [:]
    /// Members that were added to groups outside the directory.
    var members: [String: Set<String>] = [:]
    /// Objects that were restored from the recycle bin; people decide to whom they belong.
    var restored: Set<String> = []

    /// Removes an object that was changed or deleted.
    mutating func forget(_ id: String) {
        strangers[id] = nil
        twins[id] = nil
        groups[id] = nil
        members[id] = nil
    }
}

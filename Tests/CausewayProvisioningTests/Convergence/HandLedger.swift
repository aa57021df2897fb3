import CausewayJSON

/// What people have made in the tenant by hand and must find as they left it.
struct HandLedger: Sendable {
    /// Accounts that match no user of the directory, and their values.
    var strangers: [String: [String: JSONValue]] = [:]
    /// Accounts with a user's name or address, and their values until they are linked.
    var twins: [String: [String: JSONValue]] = [:]
    /// Groups, by what they hold; one that bears a name of the directory may be linked.
    var groups: [String: [String: JSONValue]] = [:]
    /// Who was put into a group of strangers.
    var members: [String: Set<String>] = [:]
    /// What was brought back from the recycle bin; whose it is then is for people to say.
    var restored: Set<String> = []

    /// It was changed or deleted: from now on it is no evidence.
    mutating func forget(_ id: String) {
        strangers[id] = nil
        twins[id] = nil
        groups[id] = nil
        members[id] = nil
    }
}

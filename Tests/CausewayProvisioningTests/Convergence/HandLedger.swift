import CausewayJSON

/// What people have made in the tenant by hand and must find as they left it.
struct HandLedger: Sendable {
    /// Accounts that fit nobody of the directory, and what they hold.
    var strangers: [String: [String: JSONValue]] = [:]
    /// Accounts that bear somebody's name or address, and what they hold until they are linked.
    var twins: [String: [String: JSONValue]] = [:]
    /// Groups, by what they hold; one that bears a name of the directory may be linked.
    var groups: [String: [String: JSONValue]] = [:]
    /// Who was put into a group of strangers.
    var members: [String: Set<String>] = [:]
    /// What was brought back from the recycle bin; whose it is then is for people to say.
    var restored: Set<String> = []

    /// Somebody changed or deleted it: from now on it is no witness.
    mutating func forget(_ id: String) {
        strangers[id] = nil
        twins[id] = nil
        groups[id] = nil
        members[id] = nil
    }
}

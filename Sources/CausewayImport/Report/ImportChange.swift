import CausewayJSON
package import CausewayModel

/// What an import does to one user.
package struct ImportChange: Sendable {
    package let line: Int
    package let change: ImportSample.Change
    /// The key of the user.
    package let user: UserID
    package let username: String
    /// The user name before; nil unless the user is renamed.
    package let formerUsername: String?
    /// The fields that get other values, for an existing user: as in `--map`, sorted.
    package let fields: [String]

    /// - Parameter before: nil for a new user.
    init(line: Int, change: ImportSample.Change, user: UserID, profile: UserProfile, before: UserProfile?) {
        (self.line, self.change, self.user, username) = (line, change, user, profile.username)
        formerUsername = change == .renamed ? before?.username : nil
        fields = before.map { profile.fields(differingFrom: $0) } ?? []
    }
}

extension UserProfile {
    /// The names of the fields with other values, each attribute by its key.
    fileprivate func fields(differingFrom other: UserProfile) -> [String] {
        let (own, others) = (values, other.values)
        return Set(own.keys).union(others.keys).filter { own[$0] != others[$0] }.sorted()
    }

    private var values: [String: JSONValue] {
        var values = UserProfile.fields.values(of: self)
        values["attributes"] = nil
        for (key, value) in attributes { values["attributes.\(key)"] = value }
        return values
    }
}

/// The changes of an import: the first of each kind, or all.
struct ImportChangeList {
    /// Whether all are kept.
    let isWhole: Bool
    private(set) var changes: [ImportChange] = []
    private var counts: [ImportSample.Change: Int] = [:]

    /// Of each kind.
    static let first = 10

    init(isWhole: Bool) { self.isWhole = isWhole }

    /// Adds a change, unless there are enough of its kind. A user who stays the same is no change.
    mutating func add(_ line: Int, _ stored: ImportLine.StoredUser) {
        guard stored.change != .unchanged, isWhole || counts[stored.change, default: 0] < Self.first else { return }
        counts[stored.change, default: 0] += 1
        changes.append(
            ImportChange(
                line: line,
                change: stored.change,
                user: stored.id,
                profile: stored.profile,
                before: stored.before
            )
        )
    }
}

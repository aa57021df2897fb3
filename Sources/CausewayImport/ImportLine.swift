import CausewayModel
import CausewayStore

/// One line of an import, and its result.
struct ImportLine {
    private let transaction: Transaction
    private let number: Int
    /// Groups that earlier lines named.
    private let known: [String: GroupID]

    /// The user that it stored; nil for a line about a group.
    private(set) var stored: StoredUser?
    private(set) var groupsCreated = 0
    private(set) var membershipsAdded = 0
    private(set) var newGroups: [String: GroupID] = [:]
    /// Members that the line names; only the group if it names none.
    private(set) var members: [(group: GroupID, user: UserID?)] = []
    /// Members of a groups file that cannot be found, while the rest of their line can be used.
    private(set) var problems: [LineProblem] = []

    /// A user as stored now, and what changed.
    struct StoredUser {
        let id: UserID
        let change: ImportSample.Change
        let profile: UserProfile
        /// The profile before; nil for a new user.
        let before: UserProfile?
    }

    init(transaction: Transaction, number: Int, known: [String: GroupID]) {
        self.transaction = transaction
        self.number = number
        self.known = known
    }

    /// - Parameter present: the user that the line is about; nil for a new one.
    mutating func store(_ row: UserRow, over present: User?) throws {
        let profile = row.profile(over: present?.profile)
        let stored: StoredUser
        if let present {
            let isChanged = try transaction.updateUser(present.id, to: profile)
            let isRenamed = present.username != profile.username
            stored = StoredUser(
                id: present.id,
                change: isRenamed ? .renamed : isChanged ? .updated : .unchanged,
                profile: profile,
                before: present.profile
            )
        } else {
            let user = try transaction.createUser(profile)
            stored = StoredUser(id: user.id, change: .created, profile: user.profile, before: nil)
        }
        try add((row.groups ?? []).map { DirectMembership(stored.id, of: try group(named: $0)) })
        self.stored = stored
    }

    mutating func store(_ row: GroupRow) throws {
        let id = try group(named: row.name)
        if !row.attributes.isEmpty, var profile = try transaction.group(id)?.profile {
            profile.attributes.merge(row.attributes) { $1 }
            try transaction.updateGroup(id, to: profile)
        }
        members.append((id, nil))
        for parent in row.parents { try nest(id, in: try group(named: parent)) }
        try add(row.members.compactMap { try user($0, in: id) })
    }

    /// The group of that name, created if there is none.
    private mutating func group(named name: String) throws -> GroupID {
        if let id = known[name] ?? newGroups[name] { return id }
        let id: GroupID
        // Earlier versions kept the blanks around a name in quotes.
        if let present = try transaction.group(named: name) ?? transaction.group(named: name.trimmed) {
            id = present.id
        } else {
            id = try transaction.createGroup(GroupProfile(name: name)).id
            groupsCreated += 1
        }
        newGroups[name] = id
        return id
    }

    private mutating func nest(_ child: GroupID, in parent: GroupID) throws {
        if try transaction.addParent(parent, to: child) { membershipsAdded += 1 }
    }

    private mutating func add(_ memberships: [DirectMembership]) throws {
        members += memberships.map { (group: $0.group, user: $0.user as UserID?) }
        membershipsAdded += try transaction.addMembers(memberships).count
    }

    /// A member by user name or address, a user name that could be taken for something else as `user:NAME`, or a group as
    /// `group:NAME`.
    private mutating func user(_ member: String, in group: GroupID) throws -> DirectMembership? {
        if member.hasPrefix("group:") {
            let name = String(member.dropFirst("group:".count)).trimmed
            try nest(try self.group(named: name), in: group)
            return nil
        }
        let name = member.hasPrefix("user:") ? String(member.dropFirst("user:".count)) : member
        guard
            let user = try transaction.user(named: name) ?? transaction.user(named: member)
                ?? transaction.onlyUser(withEmail: name)
        else {
            let reason = "there is no user '\(member)', and not exactly one with that address"
            problems.append(LineProblem(line: number, reason: reason))
            return nil
        }
        return DirectMembership(user.id, of: group)
    }
}

import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation

/// Fills the directory at random and changes it as people and imports do.
struct DirectoryScript: Sendable {
    let filter: GroupID

    static let names = ["Kim Lee", "Sam Fox", "Ada Byron", "Noor Haddad", "Åsa Öberg", "Li Wei"]
    static let labels = ["Staff", "Sales", "Board"]
    /// The last one is not the tenant's.
    private static let domains = ["company.com", "company.com", "company.com", "example.com", "elsewhere.test"]
    private static let usernames = 0..<80

    // MARK: The beginning

    static func fill(_ random: inout SeededGenerator, in transaction: Transaction) throws -> DirectoryScript {
        let filter = try transaction.createGroup(GroupProfile(name: "Pilot"), id: groupID(&random))
        let script = DirectoryScript(filter: filter.id)
        let users = random.either(random.number(5...15), random.number(16...60))
        for _ in 0..<users { try script.createUser(&random, transaction) }
        for _ in 0..<random.number(0...9) { try script.createGroup(&random, transaction) }
        let groups = try transaction.groups(after: nil, limit: 1000)
        let people = try transaction.users(after: nil, limit: 1000)
        for group in groups {
            let share = random.either(0, 0.2, 0.5, 0.95)
            for user in people where random.happens(share) { try transaction.addMember(user.id, to: group.id) }
        }
        for _ in groups where groups.count > 1 { try script.nest(&random, transaction) }
        return script
    }

    private static func groupID(_ random: inout SeededGenerator) -> GroupID {
        let (one, two) = (random.next(), random.next())
        let text = String(format: "%016lx%016lx", one, two)
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(Array(text)[$0]) }
        return GroupID(text: parts.joined(separator: "-")) ?? .random()
    }

    // MARK: Changes

    /// Makes one change.
    ///
    /// - Returns: what it was.
    func change(_ random: inout SeededGenerator, in transaction: Transaction) throws -> String {
        switch random.number(0...22) {
        case 0, 1: return try createUser(&random, transaction)
        case 2...6: return try changeUser(&random, transaction)
        case 7: return try deleteUser(&random, transaction)
        case 8: return try createGroup(&random, transaction)
        case 9: return try changeGroup(&random, transaction)
        case 10: return try deleteGroup(&random, transaction)
        case 11, 12: return try join(&random, transaction)
        case 13, 14: return try leave(&random, transaction)
        case 15: return try clear(&random, transaction)
        case 16: return try nest(&random, transaction)
        case 17: return try unnest(&random, transaction)
        case 20: return try succeed(&random, transaction)
        case 21: return try handOver(&random, transaction)
        case 22: return try exchange(&random, transaction)
        default: return try turnFilter(&random, transaction)
        }
    }

    @discardableResult
    private func createUser(_ random: inout SeededGenerator, _ transaction: Transaction) throws -> String {
        // Names are reused, so a deleted user may be created again.
        let free = try Self.usernames.filter { try transaction.user(named: "u\($0)") == nil }
        guard let number = random.pick(free) else { return "no name is free" }
        var profile = UserProfile(
            username: "u\(number)",
            name: random.pick(Self.names) ?? "",
            email: "u\(number)@\(random.pick(Self.domains) ?? "")",
            isActive: random.happens(0.85),
            type: random.pick(UserType.allCases) ?? .internal,
            attributes: random.happens(0.05) ? ["hidden": true] : [:]
        )
        if random.happens(0.15) { profile.attributes["leaves"] = Self.leaving(&random) }
        let user = try transaction.createUser(profile)
        if random.happens(0.5) { try transaction.addMember(user.id, to: filter) }
        return "create \(profile.username) \(profile.email)"
    }

    /// A user leaves, and another gets the address.
    private func succeed(_ random: inout SeededGenerator, _ transaction: Transaction) throws -> String {
        let free = try Self.usernames.filter { try transaction.user(named: "u\($0)") == nil }
        guard let leaver = random.pick(try transaction.users(after: nil, limit: 1000)), let number = random.pick(free)
        else { return "nobody" }
        var profile = UserProfile(username: "u\(number)", name: random.pick(Self.names) ?? "", email: leaver.email)
        profile.isActive = random.happens(0.85)
        let comesFirst = random.happens(0.3)
        if !comesFirst { try transaction.deleteUser(leaver.id) }
        let user = try transaction.createUser(profile)
        if comesFirst { try transaction.deleteUser(leaver.id) }
        if random.happens(0.6) { try transaction.addMember(user.id, to: filter) }
        return "\(profile.username) succeeds \(leaver.username) as \(leaver.email)"
    }

    /// A user gets another address, and another user the former one.
    private func handOver(_ random: inout SeededGenerator, _ transaction: Transaction) throws -> String {
        let users = try transaction.users(after: nil, limit: 1000).shuffled(using: &random).prefix(2)
        guard let giver = users.first, let taker = users.last, giver.id != taker.id else { return "nobody" }
        var (given, taken) = (giver.profile, taker.profile)
        (given.email, taken.email) = ("h\(random.number(0...9999))@company.com", given.email)
        try transaction.updateUser(giver.id, to: given)
        try transaction.updateUser(taker.id, to: taken)
        return "\(taker.username) gets \(taken.email), \(giver.username) \(given.email)"
    }

    private func exchange(_ random: inout SeededGenerator, _ transaction: Transaction) throws -> String {
        let users = try transaction.users(after: nil, limit: 1000).shuffled(using: &random).prefix(random.number(2...3))
        guard let last = users.last, users.count > 1 else { return "nobody" }
        var address = last.email
        for user in users {
            var profile = user.profile
            (profile.email, address) = (address, profile.email)
            try transaction.updateUser(user.id, to: profile)
        }
        return "\(users.map(\.username)) exchange addresses"
    }

    private func changeUser(_ random: inout SeededGenerator, _ transaction: Transaction) throws -> String {
        guard let user = random.pick(try transaction.users(after: nil, limit: 1000)) else { return "nobody" }
        var profile = user.profile
        switch random.number(0...7) {
        case 0: profile.name = random.pick(Self.names) ?? ""
        case 1: profile.attributes["title"] = .string("Title \(random.number(0...9))")
        case 2, 3: profile.isActive.toggle()
        case 4: profile.email = "\(profile.username)@\(random.pick(Self.domains) ?? "")"
        case 5: profile.type = random.pick(UserType.allCases) ?? .internal
        case 6: profile.attributes["leaves"] = Self.leaving(&random)
        default: profile.attributes["hidden"] = random.happens(0.2) ? true : nil
        }
        try transaction.updateUser(user.id, to: profile)
        return "change \(profile.username) to \(profile)"
    }

    private static func leaving(_ random: inout SeededGenerator) -> JSONValue {
        .string("203\(random.number(0...9))-01-01T00:00:00Z")
    }

    private func deleteUser(_ random: inout SeededGenerator, _ transaction: Transaction) throws -> String {
        guard let user = random.pick(try transaction.users(after: nil, limit: 1000)) else { return "nobody" }
        try transaction.deleteUser(user.id)
        return "delete \(user.username) \(user.uid)"
    }

    @discardableResult
    private func createGroup(_ random: inout SeededGenerator, _ transaction: Transaction) throws -> String {
        let free = try (0..<20).filter { try transaction.group(named: "g\($0)") == nil }
        guard let number = random.pick(free) else { return "no name is free" }
        var profile = GroupProfile(name: "g\(number)")
        if random.happens(0.4) { profile.attributes["label"] = random.pick(Self.labels).map { .string($0) } }
        if random.happens(0.05) { profile.attributes["hidden"] = true }
        let group = try transaction.createGroup(profile, id: Self.groupID(&random))
        return "create \(profile.name) \(group.id)"
    }

    private func changeGroup(_ random: inout SeededGenerator, _ transaction: Transaction) throws -> String {
        guard let group = random.pick(try groups(transaction)) else { return "no group" }
        var profile = group.profile
        if random.happens(0.6) {
            profile.attributes["label"] = random.happens(0.3) ? nil : random.pick(Self.labels).map { .string($0) }
        } else {
            profile.attributes["hidden"] = profile.attributes["hidden"] == nil ? true : nil
        }
        try transaction.updateGroup(group.id, to: profile)
        return "change \(group.name) to \(profile.attributes)"
    }

    private func deleteGroup(_ random: inout SeededGenerator, _ transaction: Transaction) throws -> String {
        guard let group = random.pick(try groups(transaction)) else { return "no group" }
        try transaction.deleteGroup(group.id)
        return "delete \(group.name) \(group.id)"
    }

    private func join(_ random: inout SeededGenerator, _ transaction: Transaction) throws -> String {
        guard let group = random.pick(try transaction.groups(after: nil, limit: 1000)) else { return "no group" }
        let share = random.either(0.1, 0.8)
        let joining = try transaction.users(after: nil, limit: 1000).filter { _ in random.happens(share) }
        for user in joining { try transaction.addMember(user.id, to: group.id) }
        return "\(group.name) += \(joining.map(\.username))"
    }

    private func leave(_ random: inout SeededGenerator, _ transaction: Transaction) throws -> String {
        guard let group = random.pick(try transaction.groups(after: nil, limit: 1000)) else { return "no group" }
        let leaving = try transaction.members(of: group.id).filter { _ in random.happens(0.3) }
        for user in leaving { try transaction.removeMember(user, from: group.id) }
        return "\(group.name) -= \(leaving)"
    }

    private func clear(_ random: inout SeededGenerator, _ transaction: Transaction) throws -> String {
        guard let group = random.pick(try groups(transaction)) else { return "no group" }
        return "clear \(group.name) of \(try transaction.removeAllMembers(from: group.id))"
    }

    @discardableResult
    private func nest(_ random: inout SeededGenerator, _ transaction: Transaction) throws -> String {
        let groups = try transaction.groups(after: nil, limit: 1000).shuffled(using: &random).prefix(2)
        guard let child = groups.first, let parent = groups.last, child != parent,
            try !DirectorySnapshot(transaction).below(child.id).contains(parent.id)
        else { return "no nesting" }
        try transaction.addParent(parent.id, to: child.id)
        return "\(child.name) into \(parent.name)"
    }

    private func unnest(_ random: inout SeededGenerator, _ transaction: Transaction) throws -> String {
        let nesting = try transaction.groupNesting().sorted {
            ($0.child.text, $0.parent.text) < ($1.child.text, $1.parent.text)
        }
        guard let pair = random.pick(nesting) else { return "nothing nested" }
        try transaction.removeParent(pair.parent, from: pair.child)
        return "\(pair.child) out of \(pair.parent)"
    }

    /// A user joins or leaves the filter group.
    private func turnFilter(_ random: inout SeededGenerator, _ transaction: Transaction) throws -> String {
        guard let user = random.pick(try transaction.users(after: nil, limit: 1000)) else { return "nobody" }
        if try transaction.removeMember(user.id, from: filter) { return "\(user.username) leaves the filter group" }
        try transaction.addMember(user.id, to: filter)
        return "\(user.username) joins the filter group"
    }

    /// All except the filter group, whose deletion would stop the provider.
    private func groups(_ transaction: Transaction) throws -> [Group] {
        try transaction.groups(after: nil, limit: 1000).filter { $0.id != filter }
    }
}

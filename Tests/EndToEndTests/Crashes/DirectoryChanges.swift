import CausewayEmulator
import CausewayModel
import CausewayStore

/// Changes a directory at random: people join, move, leave and come back, are deleted and created again; groups come, go and change.
struct DirectoryChanges {
    /// The members of this group are in the provider's scope.
    static let scopeGroup = "Everyone"

    let transaction: Transaction
    var source: ChangeSource

    private typealias Change = @Sendable (inout DirectoryChanges) throws -> Void

    private static let changes: [(weight: Int, change: Change)] = [
        (3, { try $0.join() }), (2, { try $0.rename() }), (1, { try $0.readdress() }), (2, { try $0.switchOnOrOff() }),
        (1, { try $0.delete() }), (1, { try $0.makeAnew() }), (2, { try $0.leaveScope() }), (2, { try $0.comeBack() }),
        (3, { try $0.joinGroup() }), (3, { try $0.leaveGroup() }), (1, { try $0.addGroup() }),
        (1, { try $0.renameGroup() }), (1, { try $0.deleteGroup() }), (1, { try $0.nest() }),
    ]

    /// The initial directory.
    ///
    /// - Returns: the filter group.
    mutating func begin(people: Int, groups: Int) throws -> GroupID {
        let scope = try makeGroup(named: Self.scopeGroup)
        for _ in 0..<groups { try addGroup() }
        for _ in 0..<people { try join() }
        return scope.id
    }

    mutating func make(_ count: Int) throws {
        let drawn = Self.changes.flatMap { Array(repeating: $0.change, count: $0.weight) }
        for _ in 0..<count { try source.any(of: drawn)?(&self) }
    }

    // MARK: People

    private func scope() throws -> Group? { try transaction.group(named: Self.scopeGroup) }

    private mutating func anyone(inScope isInScope: Bool = true) throws -> User? {
        let inside = Set(try scope().map { try transaction.members(of: $0.id) } ?? [])
        let users = try transaction.users(after: nil, limit: 10_000)
        return source.any(of: users.filter { inside.contains($0.id) == isInScope })
    }

    private mutating func enrol(_ profile: UserProfile) throws {
        let user = try transaction.createUser(profile)
        if let scope = try scope() { _ = try transaction.addMember(user.id, to: scope.id) }
        for _ in 0..<source.number(in: 0...3) {
            if let group = try anyGroup() { _ = try transaction.addMember(user.id, to: group.id) }
        }
    }

    private mutating func join() throws {
        let number = source.serial()
        let domain = number % 5 == 0 ? "partner.test" : "company.com"
        try enrol(
            UserProfile(username: "u\(number)", name: "Person \(number)", email: "u\(number)@\(domain)")
        )
    }

    private func change(_ user: User?, _ change: (inout UserProfile) -> Void) throws {
        guard let user else { return }
        var profile = user.profile
        change(&profile)
        _ = try transaction.updateUser(user.id, to: profile)
    }

    private mutating func rename() throws {
        let number = source.serial()
        try change(try anyone()) { $0.name = "\($0.username) renamed \(number)" }
    }

    /// Only if the address is a principal name: that of a federated identity cannot change.
    private mutating func readdress() throws {
        let number = source.serial()
        guard let user = try anyone(), user.email.hasSuffix("@company.com") else { return }
        try change(user) { $0.email = "\($0.username).\(number)@company.com" }
    }

    private mutating func switchOnOrOff() throws { try change(try anyone()) { $0.isActive.toggle() } }

    private mutating func delete() throws {
        guard let user = try anyone() else { return }
        try transaction.deleteUser(user.id)
    }

    /// Another person with the same address.
    private mutating func makeAnew() throws {
        guard let user = try anyone() else { return }
        try transaction.deleteUser(user.id)
        var profile = user.profile
        profile.name = "\(profile.username) again \(source.serial())"
        try enrol(profile)
    }

    private mutating func leaveScope() throws {
        guard let user = try anyone() else { return }
        for group in try transaction.groups(of: user.id) { _ = try transaction.removeMember(user.id, from: group) }
    }

    private mutating func comeBack() throws {
        guard let user = try anyone(inScope: false), let scope = try scope() else { return }
        _ = try transaction.addMember(user.id, to: scope.id)
    }

    // MARK: Groups

    /// Its key shows when it was created, and is the same in every repetition of a history.
    private mutating func makeGroup(named name: String? = nil) throws -> Group {
        let number = source.serial()
        let digits = String(String(1_000_000_000_000 + number).dropFirst())
        let id = GroupID(text: "00000000-0000-4000-8000-\(digits)") ?? .random()
        return try transaction.createGroup(GroupProfile(name: name ?? "Group \(number)"), id: id)
    }

    private mutating func anyGroup() throws -> Group? {
        source.any(of: try transaction.groups(after: nil, limit: 1000).filter { $0.name != Self.scopeGroup })
    }

    private mutating func joinGroup() throws {
        guard let user = try anyone(), let group = try anyGroup() else { return }
        _ = try transaction.addMember(user.id, to: group.id)
    }

    private mutating func leaveGroup() throws {
        guard let group = try anyGroup(), let user = source.any(of: try transaction.members(of: group.id)) else {
            return
        }
        _ = try transaction.removeMember(user, from: group.id)
    }

    private mutating func addGroup() throws {
        let group = try makeGroup()
        for _ in 0..<source.number(in: 0...3) {
            if let user = try anyone() { _ = try transaction.addMember(user.id, to: group.id) }
        }
    }

    private mutating func renameGroup() throws {
        guard let group = try anyGroup() else { return }
        var profile = group.profile
        profile.name = "Group \(source.serial())"
        _ = try transaction.updateGroup(group.id, to: profile)
    }

    private mutating func deleteGroup() throws {
        let groups = try transaction.groups(after: nil, limit: 1000)
        guard groups.count > 4, let group = try anyGroup() else { return }
        try transaction.deleteGroup(group.id)
    }

    /// Adds a group to another, or removes it; the later group contains the earlier one, so that there are no cycles.
    private mutating func nest() throws {
        guard let one = try anyGroup(), let other = try anyGroup(), one.id != other.id else { return }
        let (child, parent) = one.id.text < other.id.text ? (one.id, other.id) : (other.id, one.id)
        if try transaction.parents(of: child).contains(parent) {
            _ = try transaction.removeParent(parent, from: child)
        } else {
            _ = try transaction.addParent(parent, to: child)
        }
    }
}

/// The random numbers, and the counter that makes every name unique.
struct ChangeSource: Sendable {
    private var random: SeededRandom
    private var last = 0

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func serial() -> Int {
        last += 1
        return last
    }

    mutating func number(in range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    mutating func any<Element>(of elements: [Element]) -> Element? { elements.randomElement(using: &random) }
}

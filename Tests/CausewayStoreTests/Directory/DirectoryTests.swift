import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("The directory in the store")
struct DirectoryTests {
    @Test("a user keeps every field, and its uid never changes")
    func roundTrip() async throws {
        try await StoreFixture.with { temporary in
            let profile = UserProfile(
                username: "zoë",
                name: "Zoë Ångström",
                email: "Zoe@Example.com",
                isActive: false,
                type: .external,
                path: "users/emea",
                attributes: ["employee_id": "0042", "phones": ["+46 8 1"]]
            )
            let created = try await temporary.store.write { try $0.createUser(profile) }
            let read = try await temporary.store.read { try $0.user(named: "zoë") }
            #expect(read == created)
            #expect(created.uid.count == 64)
            var renamed = profile
            renamed.name = "Zoë Berg"
            let changed = try await temporary.store.write { [renamed] in try $0.updateUser(created.id, to: renamed) }
            #expect(changed)
            let after = try await temporary.store.read { try $0.user(created.id) }
            #expect(after?.uid == created.uid)
            #expect(after?.name == "Zoë Berg")
        }
    }

    @Test("a second user with the same name is a conflict that names the column")
    func uniqueNames() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { try $0.createUser(UserProfile(username: "ada")) }
            await #expect(throws: StoreError(.conflict, "There is already one with this username.")) {
                try await temporary.store.write { try $0.createUser(UserProfile(username: "ada")) }
            }
        }
    }

    @Test("a transaction that throws leaves nothing behind")
    func rollback() async throws {
        try await StoreFixture.with { temporary in
            await #expect(throws: ValidationError.self) {
                try await temporary.store.write { transaction in
                    try transaction.createUser(UserProfile(username: "ada"))
                    try transaction.createUser(UserProfile(username: ""))
                }
            }
            let counts = try await temporary.store.read { try $0.userCounts() }
            #expect(counts == (0, 0))
            #expect(try await temporary.store.read { try $0.journal(after: 0, limit: 10) }.isEmpty)
        }
    }

    @Test("every change adds a line to the journal, and an update without a change adds none")
    func journal() async throws {
        try await StoreFixture.with { temporary in
            let (user, group) = try await temporary.store.write { transaction in
                let user = try transaction.createUser(UserProfile(username: "ada"))
                let group = try transaction.createGroup(GroupProfile(name: "Staff"))
                try transaction.addMember(user.id, to: group.id)
                try transaction.addMember(user.id, to: group.id)
                try transaction.updateUser(user.id, to: user.profile)
                try transaction.deleteUser(user.id)
                return (user, group)
            }
            let entries = try await temporary.store.read { try $0.journal(after: 0, limit: 10) }
            #expect(
                entries.map { [$0.object.id, $0.change.rawValue] } == [
                    [user.id.description, "created"], [group.id.text, "created"], [group.id.text, "members"],
                    [user.id.description, "deleted"], [group.id.text, "members"],
                ]
            )
            #expect(entries.map(\.member) == [nil, nil, ObjectReference(user.id), nil, ObjectReference(user.id)])
        }
    }

    @Test("a group can have several parents, and cycles are refused")
    func nesting() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                let groups = try ["a", "b", "c"].map { try transaction.createGroup(GroupProfile(name: $0)) }
                try transaction.addParent(groups[0].id, to: groups[1].id)
                try transaction.addParent(groups[0].id, to: groups[2].id)
                try transaction.addParent(groups[1].id, to: groups[2].id)
                #expect(try Set(transaction.parents(of: groups[2].id)) == [groups[0].id, groups[1].id])
                #expect(throws: ValidationError.self) {
                    try transaction.addParent(groups[2].id, to: groups[0].id)
                }
                #expect(throws: ValidationError.self) {
                    try transaction.addParent(groups[0].id, to: groups[0].id)
                }
            }
        }
    }

    @Test("the filter group covers its direct members, or all below it; service accounts can be excluded")
    func scope() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                let outer = try transaction.createGroup(GroupProfile(name: "outer"))
                let inner = try transaction.createGroup(GroupProfile(name: "inner"))
                try transaction.addParent(outer.id, to: inner.id)
                let direct = try transaction.createUser(UserProfile(username: "direct"))
                let below = try transaction.createUser(UserProfile(username: "below"))
                let robot = try transaction.createUser(UserProfile(username: "robot", type: .serviceAccount))
                try transaction.createUser(UserProfile(username: "outsider"))
                try transaction.addMember(direct.id, to: outer.id)
                try transaction.addMember(below.id, to: inner.id)
                try transaction.addMember(robot.id, to: outer.id)
                var provider = try transaction.makeProvider { $0.filterGroup = outer.id }
                func names() throws -> [String] {
                    try transaction.usersInScope(of: provider, after: nil, limit: 10).map(\.username)
                }
                #expect(try names() == ["direct", "robot"])
                provider.settings.filterGroupRecursive = true
                #expect(try names() == ["direct", "below", "robot"])
                provider.settings.excludeServiceAccounts = true
                #expect(try names() == ["direct", "below"])
                provider.settings.filterGroup = nil
                #expect(try names() == ["direct", "below", "outsider"])
            }
        }
    }

    @Test("pages have every user once, in order")
    func paging() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                for number in 0..<95 { try transaction.createUser(UserProfile(username: "user-\(number)")) }
            }
            var names: [String] = []
            var last: UserID?
            while true {
                let page = try await temporary.store.read { [last] in try $0.users(after: last, limit: 20) }
                guard let end = page.last else { break }
                names += page.map(\.username)
                last = end.id
            }
            #expect(names == (0..<95).map { "user-\($0)" })
            let found = try await temporary.store.read { try $0.users(after: nil, limit: 5, search: "USER-94") }
            #expect(found.map(\.username) == ["user-94"])
            #expect(try await temporary.store.read { try $0.users(after: nil, limit: 5, search: "_%") }.isEmpty)
        }
    }
}

import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Memberships")
struct MembershipTests {
    @Test("of many memberships at once, exactly the new ones are stored and journaled, each once")
    func many() async throws {
        try await StoreFixture.with { temporary in
            let (users, group) = try await temporary.store.write { transaction in
                let users = try (0..<1100).map { try transaction.createUser(UserProfile(username: "user\($0)")).id }
                return (users, try transaction.createGroup(GroupProfile(name: "Staff")).id)
            }
            let all = users.map { DirectMembership($0, of: group) }
            let old = [all[3], all[700]]
            let end = try await temporary.store.write { transaction in
                try transaction.addMembers(old)
                return try transaction.journalEnd()
            }
            let added = try await temporary.store.write { try $0.addMembers(all + [all[0], all[3]]) }
            #expect(added == all.filter { !old.contains($0) })
            try await temporary.store.read { transaction in
                #expect(try Set(transaction.members(of: group)) == Set(users))
                let journaled = try transaction.journal(after: end, limit: 2000).compactMap(\.member?.user)
                #expect(journaled == added.map(\.user))
            }
        }
    }

    @Test("a membership of a user or group that does not exist is refused, and nothing is stored")
    func unknown() async throws {
        try await StoreFixture.with { temporary in
            let (ada, group) = try await temporary.store.write { transaction in
                (
                    try transaction.createUser(UserProfile(username: "ada")).id,
                    try transaction.createGroup(GroupProfile(name: "Staff")).id
                )
            }
            let nobody = UserID(ada.rawValue + 100)
            let error = await #expect(throws: StoreError.self) {
                try await temporary.store.write {
                    try $0.addMembers([DirectMembership(ada, of: group), DirectMembership(nobody, of: group)])
                }
            }
            #expect(error?.code == .conflict)
            #expect(try await temporary.store.read { try $0.members(of: group).isEmpty })
        }
    }
}

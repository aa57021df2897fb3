import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Comparison of members by counting")
struct MemberCountTests {
    @Test("a group with exactly its members is recognized by counting, and no other is")
    func users() async throws {
        try await CountedGroup.with { group in
            #expect(try await group.isAlike == false)
            try await group.recordWrite(["anna", "bert"])
            #expect(try await group.isAlike)
            try await group.recordWrite(["stranger"])
            #expect(try await group.isAlike == false, "one too many")
            try await group.recordWrite(["anna"], areMembers: false)
            #expect(try await group.isAlike == false, "as many, and not the same")
            try await group.recordWrite(["stranger"], areMembers: false)
            #expect(try await group.isAlike == false, "one missing")
            try await group.recordWrite(["anna"])
            #expect(try await group.isAlike)
        }
    }

    @Test("a member without a link needs a full comparison")
    func unlinked() async throws {
        try await CountedGroup.with { group in
            try await group.recordWrite(["anna", "bert"])
            try await group.store.write { transaction in
                let carl = try transaction.createUser(UserProfile(username: "carl"))
                try transaction.addMember(carl.id, to: group.group)
            }
            #expect(try await group.isAlike == false)
        }
    }

    @Test("a nested group counts if nesting is kept, and needs a full comparison if groups are flattened")
    func nested() async throws {
        for nesting in [NestedGroups.keep, .flatten] {
            try await CountedGroup.with(nesting) { group in
                try await group.store.write { transaction in
                    let inner = try transaction.createGroup(GroupProfile(name: "Inner"))
                    try transaction.addParent(group.group, to: inner.id)
                    try transaction.link(ObjectReference(inner.id), to: EntraObjectID("inner"), group.provider.id)
                }
                try await group.recordWrite(["anna", "bert"])
                #expect(try await group.isAlike == false)
                try await group.recordWrite(["inner"])
                #expect(try await group.isAlike == (nesting == .keep))
            }
        }
    }
}

/// A group of two linked people, anna and bert.
private struct CountedGroup {
    let store: Store
    let provider: EntraProvider
    let group: GroupID

    private static let entraID = EntraObjectID("team")

    static func with(_ nesting: NestedGroups = .keep, _ body: (CountedGroup) async throws -> Void) async throws {
        try await StoreFixture.with { temporary in
            let (provider, group) = try await temporary.store.write { transaction in
                let provider = try transaction.makeProvider { $0.nestedGroups = nesting }
                let group = try transaction.createGroup(GroupProfile(name: "Team"))
                try transaction.link(ObjectReference(group.id), to: entraID, provider.id)
                for name in ["anna", "bert"] {
                    let user = try transaction.createUser(UserProfile(username: name))
                    try transaction.addMember(user.id, to: group.id)
                    try transaction.link(ObjectReference(user.id), to: EntraObjectID(name), provider.id)
                }
                return (provider, group.id)
            }
            try await body(CountedGroup(store: temporary.store, provider: provider, group: group))
        }
    }

    var isAlike: Bool {
        get async throws {
            try await store.read { transaction in
                try transaction.groupsKnownToHaveTheirMembers([group: Self.entraID], provider: provider) == [group]
            }
        }
    }

    func recordWrite(_ members: [String], areMembers: Bool = true) async throws {
        let ids = members.map { EntraObjectID($0) }
        try await store.write {
            try $0.recordWrite(members: ids, of: Self.entraID, areMembers: areMembers, provider: provider.id)
        }
    }
}

extension Transaction {
    func link(_ object: ObjectReference, to entraID: EntraObjectID, _ provider: ProviderID) throws {
        let link = ObjectLink(provider: provider, kind: object.kind, object: object, entraID: entraID, known: [:])
        try saveLink(link, name: object.id)
    }
}

import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Lists of links in the store")
struct LinkPageTests {
    @Test("links are in the order of current names, whatever name a link was saved with")
    func names() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                let provider = try transaction.makeProvider()
                let users = try ["b", "a", "c"].map { try transaction.createUser(UserProfile(username: $0)) }
                let group = try transaction.createGroup(GroupProfile(name: "staff"))
                func link(_ object: ObjectReference, _ entraID: String) throws {
                    let connection = ObjectLink(
                        provider: provider.id,
                        kind: object.kind,
                        object: object,
                        entraID: EntraObjectID(entraID),
                        known: [:]
                    )
                    try transaction.saveLink(connection, name: "an earlier name")
                }
                for user in users { try link(ObjectReference(user.id), "of \(user.username)") }
                try link(ObjectReference(group.id), "of staff")
                func listed(
                    _ kind: ObjectKind = .user,
                    descending: Bool = false,
                    _ change: (inout LinkFilter) -> Void = { _ in }
                ) throws -> [String] {
                    var filter = LinkFilter(kind: kind)
                    change(&filter)
                    let order = [ListOrder(field: "user__username", isDescending: descending)]
                    let page = try transaction.linkPage(filter, ListSlice(offset: 0, limit: 10, order: order))
                    #expect(page.count == page.rows.count)
                    return page.rows.map(\.entraID.rawValue)
                }
                #expect(try listed() == ["of a", "of b", "of c"])
                #expect(try listed(descending: true) == ["of c", "of b", "of a"])
                #expect(try listed(.group) == ["of staff"])
                _ = try transaction.updateUser(users[1].id, to: UserProfile(username: "z"))
                #expect(try listed { $0.provider = provider.id } == ["of b", "of c", "of a"])
                #expect(try listed { $0.terms = ["Z"] } == ["of a"])
                #expect(try listed { $0.terms = [String(provider.name.prefix(3))] }.count == 3)
                #expect(try listed { $0.username = "c" } == ["of c"])
                #expect(try listed { $0.user = users[0].id } == ["of b"])
                try transaction.deleteUser(users[0].id)
                #expect(try listed() == ["of c", "of a"])
                #expect(try listed { $0.provider = ProviderID(99) }.isEmpty)
            }
        }
    }

    @Test(
        "count and pages are right whether a search is counted while reading or by itself",
        arguments: [0, 1, 3, 7, 8, 30]
    )
    func countedInPassing(ahead: Int) async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                let provider = try transaction.makeProvider()
                for number in 0..<14 {
                    let user = try transaction.createUser(
                        UserProfile(username: "\(number % 2 == 0 ? "ada" : "bob")\(number)")
                    )
                    let connection = ObjectLink(
                        provider: provider.id,
                        kind: .user,
                        object: ObjectReference(user.id),
                        entraID: EntraObjectID(user.username),
                        known: [:]
                    )
                    try transaction.saveLink(connection, name: user.username)
                }
                var filter = LinkFilter(kind: .user)
                filter.terms = ["ADA"]
                let all = ["ada0", "ada10", "ada12", "ada2", "ada4", "ada6", "ada8"]
                for (offset, limit) in [(0, 3), (3, 3), (6, 3), (7, 3), (20, 3), (0, 7), (0, 20)] {
                    let slice = ListSlice(offset: offset, limit: limit)
                    let page = try transaction.linkPage(filter, slice, passing: ahead)
                    #expect(page.count == 7, "from \(offset), \(limit)")
                    #expect(page.rows.map(\.entraID.rawValue) == Array(all.dropFirst(offset).prefix(limit)))
                }
                filter.terms = ["nobody"]
                let none = try transaction.linkPage(filter, ListSlice(offset: 0, limit: 3), passing: ahead)
                #expect(none.count == 0 && none.rows.isEmpty)
            }
        }
    }

    @Test("activity has the time when its run began; a plan alone is no activity")
    func activity() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                let provider = try transaction.makeProvider()
                for trigger in [RunTrigger.manual, .preview] {
                    let run = Run(provider: provider.id, trigger: trigger, startedAt: transaction.now)
                    let lease = RunLease(owner: "\(trigger)", duration: .seconds(60))
                    #expect(try transaction.beginRun(run, lease: lease, isGone: { _ in true }) != nil)
                    let action = Action(
                        sequence: 1,
                        phase: .users,
                        verb: .addMembers,
                        kind: .group,
                        object: nil,
                        name: "staff",
                        reason: .missingInEntra,
                        members: [.remote(EntraObjectID("x")), .remote(EntraObjectID("y"))]
                    )
                    try transaction.insertActions(
                        [StoredAction(action: action, outcome: Outcome(.applied))],
                        run: run.id
                    )
                }
                let found = try transaction.activity(since: transaction.now)
                #expect(found.map(\.began) == [transaction.now])
                #expect(found.map(\.count.links) == [2])
                #expect(try transaction.activity(since: transaction.now + .seconds(1)).isEmpty)
            }
        }
    }
}

import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("The numbers of a provider")
struct OverviewTests {
    @Test("the users in scope are counted as a sync chooses them, whatever limits the scope")
    func scope() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                let outer = try transaction.createGroup(GroupProfile(name: "outer"))
                let inner = try transaction.createGroup(GroupProfile(name: "inner"))
                let supers = try transaction.createGroup(GroupProfile(name: "supers", isSuperuser: true))
                try transaction.addParent(outer.id, to: inner.id)
                for number in 0..<30 {
                    var profile = UserProfile(username: "u\(number)")
                    if number % 3 == 0 { profile.type = .serviceAccount }
                    if number % 4 != 0 { profile.email = "u\(number)@company.com" }
                    let user = try transaction.createUser(profile)
                    if number % 2 == 0 { try transaction.addMember(user.id, to: outer.id) }
                    if number % 5 == 0 { try transaction.addMember(user.id, to: inner.id) }
                    if number % 8 == 0 || number == 4 { try transaction.addMember(user.id, to: supers.id) }
                }
                var seen: Set<Int> = []
                for (place, group) in [nil, outer.id, inner.id, supers.id].enumerated() {
                    for (recursive, excluding) in [(false, false), (false, true), (true, false), (true, true)] {
                        let provider = try transaction.makeProvider {
                            $0.name = "\(place) \(recursive) \(excluding)"
                            ($0.filterGroup, $0.filterGroupRecursive) = (group, recursive)
                            $0.excludeServiceAccounts = excluding
                        }
                        let count = try transaction.overview(of: provider).users.inScope
                        #expect(count == (try transaction.scopeCount(of: provider, kind: .user)), "\(provider.name)")
                        seen.insert(count)
                    }
                }
                #expect(seen.count > 5)
                try transaction.deleteGroup(inner.id)
                let vanished = try #require(try transaction.provider(named: "2 false false"))
                #expect(try transaction.overview(of: vanished).users.inScope == 0)
            }
        }
    }

    @Test("each number is that of the list that it leads to")
    func lists() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                let provider = try transaction.makeProvider()
                let other = try transaction.makeProvider { $0.name = "Other" }
                var users: [User] = []
                for number in 0..<8 {
                    let user = try transaction.createUser(UserProfile(username: "u\(number)"))
                    users.append(user)
                    for provider in [provider, other] where number < 6 || provider.id == other.id {
                        try Self.link(user, provider, isEnabled: number >= 3, in: transaction)
                    }
                }
                // The third suspended account is in the recycle bin, and the first user is gone.
                try transaction.setPresence(EntraObjectID("entra-2"), to: .deleted, provider: provider.id)
                try Self.fail(users[3...7].map { $0 }, refusing: users[3], provider, in: transaction)
                try transaction.deleteUser(users[0].id)
                let counts = try transaction.overview(of: provider).users
                #expect(counts.linked == 5 && counts.suspended == 1)
                #expect(counts.failing == 4 && counts.retried == 4 && counts.refused == 1 && counts.waiting == 0)
                func listed(_ state: LinkState?) throws -> [String] {
                    var filter = LinkFilter(kind: .user)
                    (filter.provider, filter.state) = (provider.id, state)
                    let page = try transaction.linkPage(filter, ListSlice(offset: 0, limit: 20))
                    #expect(page.count == page.rows.count)
                    return page.rows.map(\.entraID.rawValue)
                }
                #expect(try listed(nil).count == counts.linked)
                #expect(try listed(.suspended) == ["entra-1"])
                #expect(try listed(.deleted) == ["entra-2"])
                #expect(try listed(.refused) == ["entra-3"])
                #expect(try listed(.failing) == ["entra-4", "entra-5"])
            }
        }
    }

    private static func link(_ user: User, _ provider: EntraProvider, isEnabled: Bool, in transaction: Transaction)
        throws
    {
        let id = EntraObjectID("entra-\(user.username.dropFirst())")
        let link = ObjectLink(
            provider: provider.id,
            kind: .user,
            object: ObjectReference(user.id),
            entraID: id,
            known: [:]
        )
        try transaction.saveLink(link, name: user.username)
        let known: [String: JSONValue] = ["accountEnabled": .bool(isEnabled)]
        try transaction.recordWrite(known, to: id, over: nil, kind: .user, provider: provider.id)
    }

    /// Makes users fail for a passing reason, one of them because Entra refuses a part of it.
    private static func fail(
        _ users: [User],
        refusing refused: User,
        _ provider: EntraProvider,
        in transaction: Transaction
    ) throws {
        let run = Run(provider: provider.id, trigger: .manual, startedAt: transaction.now)
        _ = try transaction.beginRun(run, lease: RunLease(owner: "p", duration: .seconds(60)), isGone: { _ in false })
        let actions = users.enumerated().map { place, user in
            StoredAction(
                action: Action(
                    sequence: Int64(place + 1),
                    phase: .users,
                    verb: .update,
                    kind: .user,
                    object: ObjectReference(user.id),
                    name: user.username,
                    entraID: EntraObjectID("entra-\(user.username.dropFirst())"),
                    reason: .attributesDiffer
                ),
                outcome: Outcome(
                    user == refused ? .failed : .retry,
                    message: "mail is refused.",
                    attribute: "mail",
                    rule: FailureRule("refused", title: "mail is refused.")
                )
            )
        }
        try transaction.insertActions(actions, run: run.id)
        let refusal = Refusal(
            part: .attribute("mail"),
            fingerprint: "f",
            outcome: Outcome(.failed, message: "mail is refused."),
            since: transaction.now
        )
        let id = EntraObjectID("entra-\(refused.username.dropFirst())")
        try transaction.remember(refusal, of: id, provider: provider.id)
        try transaction.setStatus(.warning, of: run.id)
        try transaction.noteFailing(after: run.id, of: provider.id, covered: nil)
    }
}

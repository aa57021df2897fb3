import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@testable import CausewayProvisioning

@Suite("Unique values")
struct UniqueValueTests {
    // MARK: The rule

    private static func value(_ text: String) -> UniqueValue { UniqueValue(.userPrincipalName, text) }

    private static func contender(
        _ number: Int,
        _ wanted: String,
        _ source: ValueContest.Source? = nil,
        needsAll: Bool = false
    ) -> ValueContest.Contender {
        ValueContest.Contender(
            object: ObjectReference(UserID(Int64(number))),
            name: "u\(number)",
            wants: [value(wanted)],
            needsAll: needsAll,
            sources: source.map { [value(wanted): [$0]] } ?? [:]
        )
    }

    private static func given(_ contest: ValueContest) -> [Int] {
        contest.contenders.indices.filter { !contest.granted($0).isEmpty }
    }

    @Test("only the first object gets a free value")
    func free() {
        let contest = ValueContest([Self.contender(1, "a"), Self.contender(2, "a"), Self.contender(3, "b")])
        #expect(Self.given(contest) == [0, 2])
        #expect(contest.denials[1].values.first?.message.contains("u1 (user 1)") == true)
        #expect((0..<3).map(contest.level) == [0, 0, 0])
    }

    @Test("an object that has a value keeps it, and so does one that cannot get another")
    func kept() {
        let stays = ValueContest.Source.stays(.kept(Self.value("a"), by: "ada"))
        let contest = ValueContest([
            Self.contender(1, "a", stays), Self.contender(2, "b", .contender(0, name: "u1")),
            Self.contender(3, "c", .contender(1, name: "u2")), Self.contender(4, "d"),
        ])
        #expect(Self.given(contest) == [3])
    }

    @Test("a chain of any length is resolved from its end, in any order of keys", arguments: [false, true])
    func chain(isReversed: Bool) {
        let count = 500
        let contenders = (0..<count).map { number in
            let giver = isReversed ? number - 1 : number + 1
            let source: ValueContest.Source? =
                (0..<count).contains(giver) ? .contender(giver, name: "u\(giver)") : .freed(by: "john")
            return Self.contender(number, "v\(giver)", source)
        }
        let contest = ValueContest(contenders)
        #expect(Self.given(contest).count == count)
        let levels = (0..<count).map(contest.level)
        #expect(levels == (isReversed ? Array(1...count) : Array((1...count).reversed())))
    }

    @Test("in a cycle no value changes; an object outside it gets its free value", arguments: 2...5)
    func cycles(size: Int) {
        var contenders = (0..<size).map { number in
            let next = (number + 1) % size
            return Self.contender(number, "v\(next)", .contender(next, name: "u\(next)"))
        }
        contenders.append(Self.contender(90, "v0", .contender(0, name: "u0")))
        contenders.append(Self.contender(91, "free"))
        let contest = ValueContest(contenders)
        #expect(Self.given(contest) == [size + 1])
        #expect(contest.denials[0].values.first?.message.contains("cyclic swap") == true)
    }

    @Test("an object that is not created for lack of one value does not take another value")
    func nothingAtAll() {
        let other = UniqueValue(.onPremisesImmutableId, "x")
        let first = ValueContest.Contender(
            object: ObjectReference(UserID(1)),
            name: "u1",
            wants: [Self.value("a"), other],
            needsAll: true,
            sources: [other: [.stays(.kept(other, by: "ada"))]]
        )
        let contest = ValueContest([first, Self.contender(2, "a")])
        #expect(contest.isVoid(0) && Self.given(contest) == [1])
    }

    // MARK: The tenant

    private static let mapping = """
        properties = {
            "display_name": user.name, "mail_nickname": user.username, "account_enabled": user.is_active,
            "user_principal_name": user.email, "on_premises_immutable_id": user.attributes.get("key", user.uid),
        }
        if not connection:
            properties["password_profile"] = {"password": request.user.password}
        return properties
        """

    private static func names(_ fixture: EngineFixture) async throws -> [String: String] {
        let users = try await fixture.client.all("/users?$select=mailNickname,userPrincipalName")
        return Dictionary(
            users.map { ($0["mailNickname"]?.string ?? "", $0["userPrincipalName"]?.string ?? "") }
        ) { $1 }
    }

    private static func rename(_ fixture: EngineFixture, _ addresses: [(User, String)]) async throws {
        try await fixture.store.write { transaction in
            for (user, address) in addresses {
                var profile = try #require(try transaction.user(user.id)?.profile)
                (profile.email, profile.name) = ("\(address)@company.com", "Changed \(user.username)")
                try transaction.updateUser(user.id, to: profile)
            }
        }
    }

    @Test(
        "names that move along a chain arrive in one sync, with a newcomer at one end and a leaver at the other",
        arguments: [false, true],
        [false, true]
    )
    func chainOfNames(isReversed: Bool, isDirect: Bool) async throws {
        try await EngineFixture.with(userMapping: Self.mapping) { fixture in
            var users: [User] = []
            for number in 0..<6 { users.append(try await fixture.addUser("u\(number)")) }
            _ = try await fixture.sync()
            let order = isReversed ? Array(users.reversed()) : users
            // The first user leaves, each other takes the name of the one before, and a new user takes the last name.
            try await Self.rename(fixture, (1..<6).map { (order[$0], order[$0 - 1].username) })
            try await fixture.store.write { transaction in
                try transaction.deleteUser(order[0].id)
                let profile = UserProfile(username: "new", name: "New", email: order[5].email)
                try transaction.createUser(profile)
            }
            try await fixture.client.resetCounters()
            if isDirect {
                let runs = try await fixture.direct.catchUp(fixture.provider)
                #expect(runs.map(\.status) == [.succeeded])
            } else {
                let result = try await fixture.sync()
                #expect(result.run.status == .succeeded, "\(result.actions.map(\.outcome.message))")
            }
            // One that was deleted, one that is new, and five whose names must wait for the other changes.
            #expect(try await fixture.client.counters()["writes"] == 12)
            var expected = ["new": order[5].email]
            for number in 1..<6 { expected[order[number].username] = order[number - 1].email }
            #expect(try await Self.names(fixture) == expected)
            fixture.later()
            #expect(try await fixture.sync().actions.isEmpty)
        }
    }

    @Test("keys and identities move along a chain as names do")
    func chainOfKeys() async throws {
        try await EngineFixture.with(userMapping: Self.mapping) { fixture in
            var users: [User] = []
            for number in 0..<4 {
                let user = try await fixture.addUser("u\(number)")
                try await fixture.change(user) { $0.attributes["key"] = .string("key-\(number)") }
                users.append(user)
            }
            _ = try await fixture.sync()
            for (number, user) in users.enumerated() {
                try await fixture.change(user) { $0.attributes["key"] = .string("key-\(number + 1)") }
            }
            #expect(try await fixture.sync().run.status == .succeeded)
            let ids = try await fixture.client.all("/users?$select=onPremisesImmutableId")
            #expect(
                Set(ids.compactMap { $0["onPremisesImmutableId"]?.string }) == ["key-1", "key-2", "key-3", "key-4"]
            )
        }
        let mapping = """
            return {
                "display_name": user.name,
                "identities": [{"sign_in_type": "federated", "issuer": "mail", "issuer_assigned_id": user.email}],
            }
            """
        try await EngineFixture.with(userMapping: mapping) { fixture in
            let ada = try await fixture.addUser("ada", domain: "partner.test")
            let bob = try await fixture.addUser("bob", domain: "partner.test")
            #expect(try await fixture.sync().count(.create) == 2)
            // A list of identities is replaced whole, so what Entra itself put into it must be known.
            fixture.later()
            #expect(try await fixture.sync().actions.isEmpty)
            try await fixture.change(ada) { $0.email = "bob@partner.test" }
            try await fixture.change(bob) { $0.email = "new@partner.test" }
            let result = try await fixture.sync()
            #expect(result.run.status == .succeeded && result.count(.update) == 2)
            fixture.later()
            #expect(try await fixture.sync().actions.isEmpty)
        }
    }

    @Test("nicknames of Microsoft 365 groups move along a chain; those of security groups do not matter")
    func nicknames() async throws {
        let mapping = """
            is_team = group.attributes.get("team", True)
            return {
                "display_name": group.name, "mail_enabled": is_team, "security_enabled": not is_team,
                "group_types": ["Unified"] if is_team else [], "mail_nickname": group.attributes["nick"],
            }
            """
        try await EngineFixture.with(groupMapping: mapping) { fixture in
            let groups = try await fixture.store.write { transaction in
                try (0..<4).map { number in
                    var profile = GroupProfile(name: "G\(number)")
                    profile.attributes = ["nick": .string("nick\(number)"), "team": .bool(number < 3)]
                    return try transaction.createGroup(profile)
                }
            }
            #expect(try await fixture.sync().count(.create) == 4)
            try await fixture.store.write { transaction in
                for (number, group) in groups.enumerated() {
                    var profile = group.profile
                    profile.attributes["nick"] = .string(number == 3 ? "nick3" : "nick\(number + 1)")
                    try transaction.updateGroup(group.id, to: profile)
                }
            }
            let result = try await fixture.sync()
            #expect(result.run.status == .succeeded, "\(result.actions.map(\.outcome.message))")
            #expect(result.count(.update) == 3)
            let twice = try await fixture.store.write { transaction in
                var profile = GroupProfile(name: "Another")
                profile.attributes = ["nick": "nick1"]
                return try transaction.createGroup(profile)
            }
            let refused = try await fixture.sync().outcome(of: twice.name)
            #expect(refused?.attribute == "mailNickname" && refused?.message.contains("G0") == true)
        }
    }

    @Test("users who exchange names are reported, and all other changes are applied")
    func exchange() async throws {
        try await EngineFixture.with(userMapping: Self.mapping) { fixture in
            var users: [User] = []
            for name in ["ada", "bob", "eve"] { users.append(try await fixture.addUser(name)) }
            _ = try await fixture.sync()
            try await Self.rename(fixture, [(users[0], "bob"), (users[1], "ada"), (users[2], "eva")])
            let result = try await fixture.sync()
            #expect(result.run.status == .warning)
            let refused = result.actions.filter { $0.action.reason == .valueTaken }
            #expect(refused.map(\.action.name) == ["ada", "bob"])
            for stored in refused {
                #expect(stored.outcome.message.contains("ada (user \(users[0].id)), bob (user \(users[1].id))"))
            }
            #expect(
                try await Self.names(fixture)
                    == ["ada": "ada@company.com", "bob": "bob@company.com", "eve": "eva@company.com"]
            )
            let texts = try await fixture.client.all("/users?$select=displayName").compactMap {
                $0["displayName"]?.string
            }
            #expect(Set(texts) == ["Changed ada", "Changed bob", "Changed eve"])
            // The remedy in the message.
            try await Self.rename(fixture, [(users[0], "other")])
            #expect(try await fixture.sync().run.status == .succeeded)
            try await Self.rename(fixture, [(users[0], "bob")])
            #expect(try await fixture.sync().run.status == .succeeded)
            #expect(try await Self.names(fixture)["ada"] == "bob@company.com")
        }
    }

    @Test("of two users with one desired name the lower key gets it, before anything is sent, also across pages")
    func twice() async throws {
        try await EngineFixture.with(userMapping: Self.mapping) { fixture in
            try await fixture.store.write { transaction in
                for number in 0..<520 {
                    let address = [3, 510, 515].contains(number) ? "same" : "u\(number)"
                    let name = "u\(number)"
                    try transaction.createUser(
                        UserProfile(username: name, name: name, email: "\(address)@company.com")
                    )
                }
            }
            try await fixture.client.resetCounters()
            let result = try await fixture.sync()
            #expect(result.count(.create) == 518)
            #expect(try await fixture.client.counters()["writes"] == 518)
            let refused = result.actions.filter { $0.outcome.status == .failed }
            #expect(refused.map(\.action.name) == ["u510", "u515"])
            #expect(refused.allSatisfy { $0.action.reason == .valueTaken && $0.outcome.message.contains("u3 (user ") })
            // Each alone gets the same message: now another user has the value.
            let user = try #require(try await fixture.store.read { try $0.user(named: "u510") })
            try await fixture.change(user) { $0.name = "Another name" }
            let runs = try await fixture.direct.catchUp(fixture.provider)
            let alone = try await fixture.result(of: try #require(runs.first)).outcome(of: "u510")
            #expect(alone?.status == .failed && alone?.message.contains("u3 (user ") == true)
            // The same for an update.
            let other = try #require(try await fixture.store.read { try $0.user(named: "u7") })
            try await Self.rename(fixture, [(other, "same")])
            let update = try await fixture.sync()
            #expect(update.count(.update) == 1)
            #expect(update.actions.filter { $0.outcome.status == .failed }.map(\.action.name).contains("u7"))
        }
    }

    @Test("an address that is another account's alias counts as taken, and the account is created without it")
    func aliases() async throws {
        try await EngineFixture.with(userMapping: Succession.mapping) { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            try await fixture.change(ada) { $0.email = "ada.l@company.com" }
            _ = try await fixture.sync()
            fixture.later()
            // She keeps her former address in Entra.
            let bob = try await fixture.addUser("bob")
            try await fixture.change(bob) { $0.email = "ada@company.com" }
            try await fixture.client.resetCounters()
            let result = try await fixture.sync()
            #expect(result.count(.create) == 1)
            let refused = try #require(result.actions.first { $0.outcome.status == .failed })
            #expect(refused.action.name == "bob" && refused.outcome.attribute == "mail")
            #expect(refused.outcome.message.contains("ada (user \(ada.id))"))
            #expect(try await fixture.client.counters()["writes"] == 1)
        }
    }

    @Test("a value that a held deletion would free waits with it, and is not sent")
    func heldBack() async throws {
        try await EngineFixture.with(userMapping: Self.mapping, settings: { $0.guardMaxCount = 0 }) { fixture in
            let john = try await fixture.addUser("john")
            _ = try await fixture.sync()
            try await fixture.store.write { try $0.deleteUser(john.id) }
            let jane = try await fixture.addUser("jane")
            try await fixture.change(jane) { $0.email = "john@company.com" }
            try await fixture.client.resetCounters()
            let held = try await fixture.sync()
            #expect(held.run.status == .awaitingApproval)
            #expect(held.count(.delete, .held) == 1 && held.count(.create, .held) == 1)
            #expect(held.outcome(of: "jane")?.message.contains("john") == true)
            #expect(try await fixture.client.counters()["writes"] == 0)
            try await Approvals(store: fixture.store).approve(held.run.id, by: .person("grace"))
            let done = try await fixture.sync(trigger: .approval)
            #expect(done.count(.delete) == 1 && done.count(.create) == 1)
            #expect(try await Self.names(fixture) == ["jane": "john@company.com"])
        }
    }

    @Test("a value that a failed deletion would free is tried again with it")
    func failedRelease() async throws {
        try await EngineFixture.with(userMapping: Self.mapping) { fixture in
            let john = try await fixture.addUser("john")
            _ = try await fixture.sync()
            try await fixture.store.write { try $0.deleteUser(john.id) }
            let jane = try await fixture.addUser("jane")
            try await fixture.change(jane) { $0.email = "john@company.com" }
            let fault: JSONValue = [["kind": "quota_exceeded", "operation": "DELETE /users/{id}"]]
            #expect(try await fixture.client.control("PUT", "faults", fault).status == 200)
            let failed = try await fixture.sync()
            #expect(failed.outcome(of: "jane")?.status == .retry)
            #expect(try await fixture.client.state()["users"] == 1)
            #expect(try await fixture.client.control("PUT", "faults", []).status == 200)
            #expect(try await fixture.sync().run.status == .succeeded)
            #expect(try await Self.names(fixture) == ["jane": "john@company.com"])
        }
    }

    @Test("an object that waits for a name gets it in the same direct sync that frees it")
    func woken() async throws {
        try await EngineFixture.with(userMapping: Self.mapping) { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            let bob = try await fixture.addUser("bob")
            try await fixture.change(bob) { $0.email = "ada@company.com" }
            let refused = try await fixture.direct.catchUp(fixture.provider)
            #expect(refused.map(\.status) == [.warning])
            try await Self.rename(fixture, [(ada, "ada.l")])
            let runs = try await fixture.direct.catchUp(fixture.provider)
            #expect(runs.map(\.status) == [.succeeded])
            #expect(try await Self.names(fixture) == ["ada": "ada.l@company.com", "bob": "ada@company.com"])
        }
    }
}

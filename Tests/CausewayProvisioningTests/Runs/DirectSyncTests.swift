import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Logging
import Testing

@Suite("Direct sync: changes as they happen")
struct DirectSyncTests {
    @Test("a new user is created with its memberships, and no other object is read")
    func newUser() async throws {
        try await EngineFixture.with(lags: true) { fixture in
            try await fixture.fill(users: 20, groups: 2)
            #expect(try await fixture.direct.catchUp(fixture.provider).isEmpty)
            _ = try await fixture.sync()
            let (ada, group) = try await fixture.store.write { transaction in
                let profile = UserProfile(username: "ada", name: "Ada", email: "ada@company.com")
                let ada = try transaction.createUser(profile)
                let group = try transaction.createGroup(GroupProfile(name: "New"))
                try transaction.addMember(ada.id, to: group.id)
                return (ada, group)
            }
            let runs = try await fixture.direct.catchUp(fixture.provider)
            #expect(runs.map(\.trigger) == [.change] && runs.map(\.examinedUsers) == [1])
            let result = try await fixture.result(of: runs[0])
            #expect(result.actions.map(\.action.verb) == [.create, .create])
            #expect(result.actions.last?.action.members == [.local(ObjectReference(ada.id))])
            #expect(try await fixture.direct.catchUp(fixture.provider).isEmpty)
            fixture.later(60)
            #expect(try await fixture.client.memberNames()["New"] == ["ada@company.com"])
            try await fixture.store.write { try $0.deleteGroup(group.id) }
            let gone = try await fixture.direct.catchUp(fixture.provider)
            #expect(try await fixture.result(of: gone[0]).actions.map(\.action.verb) == [.delete])
            #expect(try await fixture.sync().actions.isEmpty)
        }
    }

    @Test("several changes to one object are one write")
    func merged() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            for number in 0..<10 { try await fixture.change(ada) { $0.name = "Ada \(number)" } }
            let runs = try await fixture.direct.catchUp(fixture.provider)
            #expect(runs.count == 1)
            #expect(try await fixture.result(of: runs[0]).actions.map(\.action.verb) == [.update])
            let account = try await fixture.client.send("GET", "/users/ada@company.com")
            #expect(account.body["displayName"] == "Ada 9")
        }
    }

    @Test("a user who joins or leaves the filter group is provisioned or deprovisioned, through nested groups too")
    func filterGroup() async throws {
        try await EngineFixture.with { fixture in
            let (pilot, inner, ada) = try await fixture.store.write { transaction in
                let pilot = try transaction.createGroup(GroupProfile(name: "Pilot"))
                let inner = try transaction.createGroup(GroupProfile(name: "Inner"))
                try transaction.addParent(pilot.id, to: inner.id)
                let profile = UserProfile(username: "ada", name: "Ada", email: "ada@company.com")
                return (pilot, inner, try transaction.createUser(profile))
            }
            try await fixture.set { ($0.filterGroup, $0.filterGroupRecursive) = (pilot.id, true) }
            _ = try await fixture.sync()
            #expect(try await fixture.link(of: ada) == nil)
            try await fixture.store.write { _ = try $0.addMember(ada.id, to: inner.id) }
            let joined = try await fixture.direct.catchUp(fixture.provider)
            #expect(try await fixture.result(of: joined[0]).actions.map(\.action.verb) == [.create, .addMembers])
            #expect(try await fixture.client.memberNames()["Inner"] == ["ada@company.com"])
            try await fixture.store.write { _ = try $0.removeMember(ada.id, from: inner.id) }
            let left = try await fixture.direct.catchUp(fixture.provider)
            let verbs = try await fixture.result(of: left[0]).actions.map(\.action.verb)
            #expect(Set(verbs) == [.removeMember, .delete])
            #expect(try await fixture.client.state()["users"] == 0)
            // The whole branch together.
            try await fixture.store.write { transaction in
                _ = try transaction.addMember(ada.id, to: inner.id)
                _ = try transaction.removeParent(pilot.id, from: inner.id)
            }
            let branch = try await fixture.direct.catchUp(fixture.provider)
            #expect(try await fixture.result(of: branch[0]).actions.map(\.action.verb) == [.removeMember])
            try await fixture.store.write { _ = try $0.addParent(pilot.id, to: inner.id) }
            _ = try await fixture.direct.catchUp(fixture.provider)
            #expect(try await fixture.client.state()["users"] == 1)
        }
    }

    @Test("members that are added, removed or cleared together are synced")
    func members() async throws {
        try await EngineFixture.with(settings: { ($0.guardMaxCount, $0.guardMaxPercent) = (100, 100) }) { fixture in
            try await fixture.fill(users: 30, groups: 1)
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            let group = try #require(try await fixture.store.read { try $0.group(named: "Group 0") })
            let first = try #require(try await fixture.store.read { try $0.members(of: group.id) }.first)
            try await fixture.store.write { transaction in
                _ = try transaction.addMember(ada.id, to: group.id)
                _ = try transaction.removeMember(first, from: group.id)
            }
            let runs = try await fixture.direct.catchUp(fixture.provider)
            #expect(try await fixture.result(of: runs[0]).actions.map(\.action.verb) == [.addMembers, .removeMember])
            try await fixture.store.write { _ = try $0.removeAllMembers(from: group.id) }
            let cleared = try await fixture.direct.catchUp(fixture.provider)
            #expect(try await fixture.result(of: cleared[0]).count(.removeMember) == 30)
            #expect(try await fixture.client.memberNames()["Group 0"] == [])
        }
    }

    @Test("a user who returns from the recycle bin does not return to a group that they left in between")
    func comingBack() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            let (pilot, team) = try await fixture.store.write { transaction in
                let groups = try ["Pilot", "Team"].map { try transaction.createGroup(GroupProfile(name: $0)) }
                for group in groups { try transaction.addMember(ada.id, to: group.id) }
                return (groups[0], groups[1])
            }
            try await fixture.set { $0.filterGroup = pilot.id }
            _ = try await fixture.sync()
            try await fixture.store.write { _ = try $0.removeMember(ada.id, from: pilot.id) }
            let left = try await fixture.direct.catchUp(fixture.provider)
            #expect(try await fixture.result(of: left[0]).count(.delete) == 1)
            // Nothing can be removed from an account in the recycle bin.
            try await fixture.store.write { _ = try $0.removeMember(ada.id, from: team.id) }
            let waiting = try await fixture.direct.catchUp(fixture.provider)
            #expect(try await fixture.result(of: waiting[0]).actions.isEmpty)
            try await fixture.store.write { _ = try $0.addMember(ada.id, to: pilot.id) }
            let back = try await fixture.result(of: fixture.direct.catchUp(fixture.provider)[0])
            #expect(back.count(.restore) == 1 && back.count(.removeMember) == 1)
            let names = try await fixture.client.memberNames()
            #expect(names["Team"] == [] && names["Pilot"] == ["ada@company.com"])
            #expect(try await fixture.sync().actions.isEmpty)
        }
    }

    @Test("flattened groups follow changes in the groups below them")
    func flattened() async throws {
        try await EngineFixture.with(settings: { $0.nestedGroups = .flatten }) { fixture in
            let ada = try await fixture.addUser("ada")
            let (outer, inner) = try await fixture.store.write { transaction in
                let outer = try transaction.createGroup(GroupProfile(name: "Outer"))
                let inner = try transaction.createGroup(GroupProfile(name: "Inner"))
                try transaction.addParent(outer.id, to: inner.id)
                return (outer, inner)
            }
            _ = try await fixture.sync()
            try await fixture.store.write { _ = try $0.addMember(ada.id, to: inner.id) }
            _ = try await fixture.direct.catchUp(fixture.provider)
            #expect(try await fixture.client.memberNames()["Outer"] == ["ada@company.com"])
            try await fixture.store.write { _ = try $0.removeParent(outer.id, from: inner.id) }
            _ = try await fixture.direct.catchUp(fixture.provider)
            let names = try await fixture.client.memberNames()
            #expect(names["Outer"] == [] && names["Inner"] == ["ada@company.com"])
        }
    }

    @Test("a membership that precedes its user's creation waits for it")
    func membershipFirst() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.fill(users: 1, groups: 1)
            _ = try await fixture.sync()
            let ada = try await fixture.addUser("ada", domain: "elsewhere.test")
            let group = try #require(try await fixture.store.read { try $0.group(named: "Group 0") })
            try await fixture.store.write { _ = try $0.addMember(ada.id, to: group.id) }
            let refused = try await fixture.direct.catchUp(fixture.provider)
            #expect(try await fixture.result(of: refused[0]).actions.map(\.outcome.status) == [.failed])
            try await fixture.change(ada) { $0.email = "ada@company.com" }
            _ = try await fixture.direct.catchUp(fixture.provider)
            #expect(try await fixture.client.memberNames()["Group 0"] == ["u0@company.com", "ada@company.com"])
        }
    }

    @Test("many changes together are one full sync; a provider without an application gets no request")
    func bulk() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.addUser("ada")
            _ = try await fixture.sync()
            try await fixture.fill(users: 210, groups: 0)
            let runs = try await fixture.direct.catchUp(fixture.provider)
            #expect(runs.map(\.examinedUsers) == [211])
            let left = try await fixture.store.read { try $0.journal(after: 0, limit: 10) }
            // The last one stays, because its number identifies the state of the directory.
            #expect(left.count == 1)
            let application = try #require(try await fixture.store.read { try $0.applications() }.first)
            try await fixture.store.write { try $0.deleteApplication(application.id) }
            try await fixture.addUser("later")
            #expect(try await fixture.direct.catchUp(fixture.provider).isEmpty)
        }
    }

    @Test("an object that failed for a passing reason is retried when it is due")
    func retried() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            // The second time the delta query reports her creation; otherwise it would report her deletion with it.
            for _ in 1...2 { _ = try await fixture.sync() }
            try await fixture.change(ada) { $0.name = "Ada L." }
            let id = try #require(try await fixture.link(of: ada))
            // The account is deleted just before the change goes out, and no delta query reports it yet: it cannot be found.
            _ = try await fixture.client.control("PATCH", "settings", ["delta_lag": 600])
            _ = try await fixture.client.send("DELETE", "/users/\(id)")
            let run = try #require(try await fixture.direct.catchUp(fixture.provider).first)
            #expect(try await fixture.result(of: run).actions.map(\.outcome.status) == [.retry])
            #expect(try await fixture.direct.catchUp(fixture.provider).isEmpty)
            fixture.later()
            let again = try #require(try await fixture.direct.catchUp(fixture.provider).first)
            #expect(try await fixture.result(of: again).actions.first?.action.verb == .restore)
            let left = try await fixture.store.read { [provider = fixture.provider] in
                try $0.retry(of: ObjectReference(ada.id), provider: provider)
            }
            #expect(left == nil)
        }
    }

    @Test("a change in the journal is sent without a run request")
    func followed() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await fixture.direct.follow(fixture.provider) }
                try await fixture.change(ada) { $0.name = "Ada L." }
                while try await fixture.client.send("GET", "/users/ada@company.com").body["displayName"] != "Ada L." {
                    try await Task.sleep(for: .milliseconds(20))
                }
                group.cancelAll()
            }
        }
    }

    @Test("many changes that never end are sent too")
    func endless() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            let bob = try await fixture.addUser("bob")
            _ = try await fixture.sync()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for number in 0... {
                        guard !Task.isCancelled else { return }
                        try await fixture.change(bob) { $0.name = "Bob \(number)" }
                    }
                }
                try await fixture.fill(users: 210, groups: 0)
                try await fixture.change(ada) { $0.name = "Ada L." }
                group.addTask {
                    await fixture.direct(quiet: .seconds(1), patience: .seconds(2)).follow(fixture.provider)
                }
                while try await fixture.client.send("GET", "/users/ada@company.com").body["displayName"] != "Ada L." {
                    try await Task.sleep(for: .milliseconds(20))
                }
                group.cancelAll()
            }
        }
    }

    @Test("each deletion is processed separately: those that wait are left to the person who decides about them")
    func ownDeletions() async throws {
        try await EngineFixture.withHeldRun { fixture, held, _ in
            try await fixture.deleteUsers(["a4"])
            let runs = try await fixture.direct.catchUp(fixture.provider)
            #expect(runs.map(\.status) == [.succeeded])
            let users = try await fixture.client.state()["users"]
            #expect(users == 5)
            let status = try await fixture.run(held.id)?.status
            #expect(status == .awaitingApproval)
        }
    }

    @Test(
        "a sync of another object leaves a pending retry of a deletion to direct sync",
        arguments: [false, true]
    )
    func retriedDeletion(_ isNamed: Bool) async throws {
        try await EngineFixture.with { fixture in
            let users = [try await fixture.addUser("ada"), try await fixture.addUser("bob")]
            _ = try await fixture.sync()
            let fault: JSONValue = [["kind": "quota_exceeded", "operation": "DELETE /users/{id}"]]
            _ = try await fixture.client.control("PUT", "faults", fault)
            try await fixture.deleteUsers(["ada"])
            _ = try await fixture.direct.catchUp(fixture.provider)
            _ = try await fixture.client.control("PUT", "faults", [])
            try await fixture.store.write { [provider = fixture.provider] in
                try $0.retryDeletions(of: .user, provider: provider)
            }
            if isNamed {
                // A run for one object takes no pending retries.
                try await fixture.syncObjects([ObjectReference(users[1].id)])
                let present = try await fixture.client.state()["users"]
                #expect(present == 2)
            }
            _ = try await fixture.direct.catchUp(fixture.provider)
            let left = try await fixture.client.state()["users"]
            #expect(left == 1)
        }
    }

}

extension EngineFixture {
    var direct: DirectSync { direct() }

    func direct(quiet: Duration = .seconds(2), patience: Duration = .seconds(30)) -> DirectSync {
        var pace = DirectSync.Pace()
        pace.look = .milliseconds(20)
        pace.bulk = 200
        (pace.quiet, pace.patience) = (quiet, patience)
        return DirectSync(store: store, runs: runs, pace: pace, logger: Logger(label: "test"))
    }
}

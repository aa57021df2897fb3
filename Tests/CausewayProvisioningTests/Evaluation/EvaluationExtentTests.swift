import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Synchronization
import Testing

/// A full sync evaluates what can have changed since the last one, and proves from time to time that nothing else has.
@Suite("What a full sync evaluates")
struct EvaluationExtentTests {
    @Test("where nothing has changed, nothing is evaluated, and the run still answers for all")
    func nothing() async throws {
        try await Self.settled { fixture in
            let (result, evaluated) = try await fixture.evaluated()
            #expect(evaluated == [])
            #expect(result.run.status == .succeeded && result.actions.isEmpty)
            #expect(result.run.examinedUsers == 6 && result.run.examinedGroups == 2)
        }
    }

    @Test("what changes in the directory is evaluated: users, groups, members, and who leaves")
    func directory() async throws {
        try await Self.settled { fixture in
            let users = try await fixture.store.read { try $0.users(after: nil, limit: 10) }
            try await fixture.change(users[1]) { $0.name = "Renamed" }
            try await fixture.store.write { try $0.deleteUser(users[2].id) }
            let (result, evaluated) = try await fixture.evaluated()
            #expect(evaluated == ["users 1"])
            #expect(result.actions.map(\.action.verb.rawValue).sorted() == ["delete", "remove_member", "update"])
            try await fixture.leavesNothing()
        }
    }

    @Test("what others change in the tenant is evaluated: attributes, members, and what they delete")
    func tenant() async throws {
        try await Self.settled { fixture in
            let client = fixture.client
            let members = try await client.memberNames()
            _ = try await client.send("PATCH", "/users/u0@company.com", ["displayName": "Not theirs"])
            _ = try await client.send("DELETE", "/users/u1@company.com")
            let group = try #require(members.first { $0.value.contains("u2@company.com") }?.key)
            let groups = try await client.all("/groups?$select=id,displayName")
            let id = try #require(groups.first { $0["displayName"]?.string == group }?["id"]?.string)
            let member = try await client.send("GET", "/users/u2@company.com?$select=id").body["id"]?.string ?? ""
            _ = try await client.send("DELETE", "/groups/\(id)/members/\(member)/$ref")
            fixture.later()
            let (result, evaluated) = try await fixture.evaluated()
            #expect(evaluated.contains("users 2"))
            #expect(result.count(.update) == 1 && result.count(.restore) == 1 && result.count(.addMembers) >= 1)
            fixture.later()
            try await fixture.leavesNothing()
            let restored = try await TenantClient(fixture.tenant.endpoints).memberNames()
            #expect(restored == members)
        }
    }

    @Test("what failed is evaluated in every sync, until it succeeds")
    func failures() async throws {
        try await Self.settled { fixture in
            let wrong = try await fixture.addUser("wrong", domain: "elsewhere.test")
            _ = try await fixture.sync(everything: false)
            let (result, evaluated) = try await fixture.evaluated()
            #expect(evaluated == ["users 1"] && result.outcome(of: "wrong")?.status == .failed)
            try await fixture.change(wrong) { $0.email = "wrong@company.com" }
            #expect(try await fixture.sync(everything: false).count(.create) == 1)
            // These mappings look at the account, which is there now.
            #expect(try await fixture.evaluated().1 == ["users 1"])
            #expect(try await fixture.evaluated().1 == [])
        }
    }

    @Test(
        "objects whose mappings depend on the time are always evaluated, those that look users up when a user has changed"
    )
    func dependences() async throws {
        let mapping = """
            from authentik.core.models import User
            boss = User.objects.filter(username="u0").first() if user.username == "u1" else None
            return {
                "display_name": user.name, "mail_nickname": user.username, "user_principal_name": user.email,
                "account_enabled": True, "job_title": boss.name if boss else "none",
                "password_profile": {"password": request.user.password},
            }
            """
        try await Self.settled(userMapping: mapping) { fixture in
            #expect(try await fixture.evaluated().1 == [])
            let users = try await fixture.store.read { try $0.users(after: nil, limit: 10) }
            try await fixture.change(users[0]) { $0.name = "The new boss" }
            let (result, evaluated) = try await fixture.evaluated()
            #expect(evaluated == ["users 2"] && result.count(.update) == 2)
            // Direct sync sends the boss alone; the next full sync knows that something has changed.
            try await fixture.change(users[0]) { $0.name = "The newest boss" }
            for run in try await fixture.direct.catchUp(fixture.provider) {
                #expect(try await fixture.result(of: run).count(.update) == 1)
            }
            #expect(try await fixture.evaluated().0.count(.update) == 1)
            try await fixture.setUserMapping("import datetime\nday = datetime.date.today()\n" + mapping)
            for _ in 0..<3 { _ = try await fixture.sync(everything: false) }
            #expect(try await fixture.evaluated().1 == ["users 6"])
        }
    }

    @Test("users who have a manager are evaluated when the manager's account becomes another one")
    func managers() async throws {
        let mapping = """
            return {
                "display_name": user.name, "mail_nickname": user.username, "user_principal_name": user.email,
                "account_enabled": True, "manager": user.attributes.get("boss"),
                "password_profile": {"password": request.user.password},
            }
            """
        try await Self.settled(userMapping: mapping) { fixture in
            let users = try await fixture.store.read { try $0.users(after: nil, limit: 10) }
            try await fixture.change(users[3]) { $0.attributes = ["boss": "u0"] }
            #expect(try await fixture.sync(everything: false).count(.setManager) == 1)
            fixture.later()
            _ = try await fixture.sync(everything: false)
            try await fixture.purge("users", "u0@company.com")
            fixture.later()
            let result = try await fixture.sync(everything: false)
            #expect(result.count(.create) == 1 && result.count(.setManager) == 1)
            try await fixture.leavesNothing()
        }
    }

    @Test("a changed setting, a changed mapping, and a tenant that is read again need everything")
    func basis() async throws {
        try await Self.settled { fixture in
            let everything = ["users 6", "groups 2"]
            try await fixture.set { $0.scopeExitAction = .keep }
            #expect(try await fixture.evaluated().1 == everything)
            #expect(try await fixture.evaluated().1 == [])
            _ = try await fixture.client.control("POST", "reset-delta")
            #expect(try await fixture.evaluated().1 == everything)
            #expect(try await fixture.evaluated().1 == [])
            try await fixture.set { $0.comparisonInterval = "seconds=0" }
            for _ in 0..<2 { #expect(try await fixture.evaluated().1 == everything) }
        }
    }

    @Test("after the interval everything is compared; what was missed is done, and reported as a defect")
    func proof() async throws {
        try await Self.settled { fixture in
            fixture.later(25 * 3600)
            #expect(try await fixture.evaluated().1 == ["users 6", "groups 2"])
            #expect(try await fixture.missedChanges() == [])
            #expect(try await fixture.evaluated().1 == [])
            // A change that is lost, as a defect would lose it.
            try await fixture.store.write { transaction in
                guard
                    let link = try transaction.links(
                        provider: fixture.provider,
                        kind: .user,
                        after: nil,
                        limit: 1
                    ).first?.link
                else { return }
                guard var object = try transaction.mirrorObject(link.entraID, provider: fixture.provider) else {
                    return
                }
                object.known["displayName"] = "Lost"
                try transaction.saveMirrorObject(object, provider: fixture.provider)
            }
            #expect(try await fixture.evaluated().0.actions.isEmpty)
            #expect(try await fixture.sync(.planOnly).count(.update, .planned) == 1)
            #expect(try await fixture.missedChanges().count == 1)
            fixture.later(25 * 3600)
            #expect(try await fixture.evaluated().0.count(.update) == 1)
            let missed = try await fixture.missedChanges()
            #expect(missed.count == 2 && missed[0].contains("update u"))
        }
    }

    /// Six users in two groups that need nothing any more.
    private static func settled(
        userMapping: String = CaseMappings.user,
        _ body: @escaping @Sendable (EngineFixture) async throws -> Void
    ) async throws {
        try await EngineFixture.with(userMapping: userMapping, groupMapping: CaseMappings.group) { fixture in
            try await fixture.fill(users: 6, groups: 2)
            for _ in 0..<3 {
                _ = try await fixture.sync(everything: false)
                fixture.later()
            }
            try await body(fixture)
        }
    }
}

extension EngineFixture {
    /// A full sync, and how many users and groups it evaluated.
    fileprivate func evaluated() async throws -> (Result, [String]) {
        let seen = Mutex<[SyncProgress.Step: Int]>([:])
        let result = try await sync(everything: false) { progress in
            seen.withLock { $0[progress.step] = max($0[progress.step] ?? 0, progress.done) }
        }
        let counts = seen.withLock { $0 }
        let texts = [("users", counts[.planningUsers]), ("groups", counts[.planningGroups])].compactMap { name, count in
            count.map { "\(name) \($0)" }
        }
        return (result, texts)
    }

    /// A plan of everything has nothing to do.
    fileprivate func leavesNothing() async throws {
        let plan = try await sync(.planOnly)
        #expect(plan.actions.map(\.action.name) == [])
        #expect(try await missedChanges() == [])
    }
}

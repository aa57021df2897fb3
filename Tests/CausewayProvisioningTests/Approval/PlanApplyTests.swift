import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Applying a stored plan")
struct PlanApplyTests {
    @Test("a plan is applied if nothing has changed, including its passwords")
    func applied() async throws {
        try await EngineFixture.with { fixture in
            for number in 1...3 { try await fixture.addUser("a\(number)") }
            let plan = try await fixture.sync(.planOnly, trigger: .preview)
            let done = try await fixture.sync(.applyPlan(plan.run.id))
            #expect(done.run.status == .succeeded && done.count(.create) == 3)
            let users = try await fixture.client.state()["users"]
            #expect(users == 3)
        }
    }

    @Test("a plan is refused if the directory has changed; the refusal shows the differences and the new plan")
    func changedDirectory() async throws {
        try await EngineFixture.with { fixture in
            for name in ["ada", "bob"] { try await fixture.addUser(name) }
            let plan = try await fixture.sync(.planOnly, trigger: .preview)
            try await fixture.deleteUsers(["bob"])
            for number in 1...5 { try await fixture.addUser("new\(number)") }
            let error = await #expect(throws: StalePlanError.self) {
                try await fixture.sync(.applyPlan(plan.run.id))
            }
            let sentence = error?.description ?? ""
            #expect(sentence.contains("New: create user new1, create user new2, create user new3 and 2 more."))
            #expect(sentence.contains("No longer planned: create user bob."))
            let writes = try await fixture.client.counters()["writes"]
            #expect(writes == 0)
            let latest = try await fixture.store.read { [provider = fixture.provider] in
                try $0.runs(of: provider, limit: 1).first
            }
            let fresh = try #require(latest)
            #expect(fresh.status == .planned && sentence.contains(fresh.id.text))
            let comparison = try await fixture.store.read { try $0.comparePlans(plan.run.id, fresh.id, limit: 2) }
            #expect(comparison.addedCount == 5 && comparison.added.map(\.name) == ["new1", "new2"])
            #expect(comparison.removed.map(\.name) == ["bob"] && comparison.commonCount == 1)
            let count = try await fixture.sync(.applyPlan(fresh.id)).count(.create)
            #expect(count == 6)
        }
    }

    @Test("a plan is refused if the tenant has changed")
    func drifted() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.addUser("ada")
            let id = try await fixture.seed("ada", ["displayName": "Old name"])
            let plan = try await fixture.sync(.planOnly, trigger: .preview)
            _ = try await fixture.client.send("PATCH", "/users/\(id)", ["displayName": "Another name"])
            await #expect(throws: StalePlanError.self) { try await fixture.sync(.applyPlan(plan.run.id)) }
            let user = try await fixture.client.send("GET", "/users/\(id)")
            #expect(user.body["displayName"]?.string == "Another name")
        }
    }

    @Test("the guard applies to a stored plan")
    func guarded() async throws {
        try await EngineFixture.with(settings: { $0.guardMaxCount = 1 }) { fixture in
            for number in 1...3 { try await fixture.addUser("a\(number)") }
            _ = try await fixture.sync()
            try await fixture.deleteUsers(["a1", "a2"])
            let plan = try await fixture.sync(.planOnly, trigger: .preview)
            #expect(plan.run.message.contains("the guard allows at most 1, and at most 10%."))
            let ending = try await fixture.sync(.applyPlan(plan.run.id)).run.status
            #expect(ending == .awaitingApproval)
            let users = try await fixture.client.state()["users"]
            #expect(users == 3)
        }
    }

    @Test("a run that was applied, is unknown, or belongs to a provider in dry run cannot be applied")
    func refusals() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.addUser("ada")
            let plan = try await fixture.sync(.planOnly, trigger: .preview)
            let done = try await fixture.sync()
            for id in [done.run.id, .random()] {
                await #expect(throws: StalePlanError.self) { try await fixture.sync(.applyPlan(id)) }
            }
            try await fixture.set { $0.dryRun = true }
            let error = await #expect(throws: StalePlanError.self) {
                try await fixture.sync(.applyPlan(plan.run.id))
            }
            #expect(error?.description.contains("dry run") == true)
        }
    }

    /// Everything that a run could change without sending anything.
    private struct Kept: Equatable {
        let links: [String]
        let approvals: [Approval]

        static func load(_ fixture: EngineFixture) async throws -> Kept {
            try await fixture.store.read { [provider = fixture.provider] transaction in
                let links = try transaction.users(after: nil, limit: 100).compactMap { user in
                    try transaction.link(of: ObjectReference(user.id), provider: provider)
                        .map { "\(user.profile.username) \($0.id) \($0.entraID)" }
                }
                return Kept(links: links, approvals: try transaction.approvals(of: provider))
            }
        }
    }

    @Test(
        "a dry run changes nothing in the store or the tenant, by option or by setting",
        arguments: [true, false]
    )
    func dryRun(_ isSetting: Bool) async throws {
        try await EngineFixture.with(settings: { $0.guardMaxCount = 0 }) { fixture in
            for name in ["ada", "bob", "eve"] { try await fixture.addUser(name) }
            _ = try await fixture.sync()
            fixture.later()
            // Every kind of change: a new link, the end of a link, a create, an update, and a delete that the guard counts.
            _ = try await fixture.seed("found")
            try await fixture.addUser("found")
            try await fixture.addUser("new")
            try await fixture.deleteUsers(["bob"])
            _ = try await fixture.client.send("DELETE", "/users/eve@company.com")
            _ = try await fixture.client.send("PATCH", "/users/ada@company.com", ["displayName": "Other"])
            try await fixture.set { $0.dryRun = isSetting }
            let (before, tenant) = (try await Kept.load(fixture), try await fixture.client.state())
            try await fixture.client.resetCounters()
            let plan = try await fixture.sync(isSetting ? .apply : .planOnly, trigger: isSetting ? .manual : .preview)
            #expect(plan.run.status == .planned)
            #expect(Set(plan.actions.map(\.action.verb)) == [.create, .link, .update, .delete, .restore])
            #expect(plan.actions.allSatisfy { $0.outcome.status == .planned })
            let writes = try await fixture.client.counters()["writes"]
            #expect(writes == 0)
            let state = try await fixture.client.state()
            #expect(state == tenant)
            let kept = try await Kept.load(fixture)
            #expect(kept == before)
        }
    }

    @Test("a plan is exported as JSON and CSV with every attribute and member, without passwords")
    func exported() async throws {
        try await EngineFixture.with { fixture in
            _ = try await fixture.addMembers(2, of: "=Team")
            let plan = try await fixture.sync(.planOnly, trigger: .preview)
            let csv = try await text(.csv, plan.run, fixture)
            let lines = csv.split(separator: "\r\n").map(String.init)
            #expect(lines[0].hasPrefix("sequence,action,kind,name,"))
            #expect(lines.contains { $0.contains(",create,user,m0,") && $0.hasSuffix(",displayName,,M 0") })
            #expect(lines.contains { $0.contains(",create,group,'=Team,") && $0.contains(",members,,\"user ") })
            let json = try JSONValue(parsing: try await text(.json, plan.run, fixture))
            #expect(json["run"]?["status"] == "planned")
            #expect(json["actions"]?.array?.count == 3)
            #expect(json["actions"]?.array?.last?["members"]?.array?.count == 2)
            let secrets = plan.actions.flatMap(\.action.secrets.values)
            #expect(secrets.count == 2)
            for secret in secrets { #expect(!csv.contains(secret.revealed) && !json.text.contains(secret.revealed)) }
        }
    }

    private func text(_ format: PlanExport.Format, _ run: Run, _ fixture: EngineFixture) async throws -> String {
        var bytes: [UInt8] = []
        try await PlanExport(store: fixture.store, run: run.id).write(format) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }
}

import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("A run that waits for approval")
struct ApprovalTests {
    @Test("an approved plan is applied, and observers see every step")
    func approved() async throws {
        try await EngineFixture.withHeldRun { fixture, held, approvals in
            let users = try await fixture.client.state()["users"]
            #expect(users == 6)
            let approval = try await approvals.approve(held.id, by: .person("grace"))
            #expect(approval.expiresAt - approval.approvedAt == .seconds(24 * 3600))
            let status = try await fixture.run(held.id)?.status
            #expect(status == .approved)
            let done = try await fixture.sync(trigger: .approval)
            #expect(done.run.status == .succeeded)
            #expect(done.count(.delete) == 3)
            let usersAfter = try await fixture.client.state()["users"]
            #expect(usersAfter == 3)
            let events = try await fixture.store.read { try $0.events(limit: 10) }
            #expect(
                Set(events.map(\.action)) == ["approval_required", "approval_granted", "custom_full_sync_ended"]
            )
            let ended = events.filter { $0.context["run"] == .string(done.run.id.text) }
            #expect(ended.map(\.action) == ["custom_full_sync_ended"])
            #expect(ended.first?.context["message"] == "Actions: 3 applied.")
            let starter = try await fixture.store.read { try $0.starter(of: done.run) }
            #expect(starter == "grace")
            let granted = events.first { $0.action == "approval_granted" }
            #expect(granted?.actor == "grace" && granted?.context["run"] == .string(held.id.text))
            #expect(granted?.clientIP == "192.0.2.7")
            #expect(granted?.context["causeway"] == ["channel": "api", "token": "terraform"])
            let required = events.first { $0.action == "approval_required" }
            #expect(required?.actor == "causeway" && required?.context["causeway"] == ["channel": "engine"])
            let error = await #expect(throws: ProvisioningError.self) {
                try await approvals.approve(held.id, by: .person("grace"))
            }
            #expect(error?.description.contains("approved already") == true)
        }
    }

    @Test("an approval covers what was shown: a run that would do more waits again, and says what is new")
    func changedPlan() async throws {
        try await EngineFixture.withHeldRun { fixture, held, approvals in
            try await approvals.approve(held.id, by: .person("grace"))
            try await fixture.deleteUsers(["a4"])
            let again = try await fixture.sync(trigger: .approval)
            #expect(again.run.status == .awaitingApproval)
            #expect(again.run.message.contains("Not approved: delete user a4. The directory or the tenant has changed"))
            #expect(again.count(.delete, .held) == 4)
            let users = try await fixture.client.state()["users"]
            #expect(users == 6)
            try await approvals.approve(again.run.id, by: .person("grace"))
            let count = try await fixture.sync(trigger: .approval).count(.delete)
            #expect(count == 4)
        }
    }

    @Test("a newer run that waits supersedes an older one")
    func superseded() async throws {
        try await EngineFixture.withHeldRun { fixture, held, approvals in
            let newer = try await fixture.sync()
            #expect(newer.run.status == .awaitingApproval)
            let status = try await fixture.run(held.id)?.status
            #expect(status == .superseded)
            let error = await #expect(throws: ProvisioningError.self) {
                try await approvals.approve(held.id, by: .person("grace"))
            }
            #expect(error?.description.contains(newer.run.id.text) == true)
            let stored = try await fixture.store.read { [provider = fixture.provider] in try $0.approvals(of: provider)
            }
            #expect(stored.isEmpty)
        }
    }

    @Test("a rejected plan is not applied and can no longer be approved")
    func rejected() async throws {
        try await EngineFixture.withHeldRun { fixture, held, approvals in
            try await approvals.reject(held.id, by: .person("grace"))
            let run = try await fixture.run(held.id)
            #expect(run?.status == .rejected && run?.message == "Rejected by grace.")
            await #expect(throws: ProvisioningError.self) { try await approvals.approve(held.id, by: .person("grace")) }
            let ending = try await fixture.sync().run.status
            #expect(ending == .awaitingApproval)
            let users = try await fixture.client.state()["users"]
            #expect(users == 6)
        }
    }

    @Test("a run that waited too long expires")
    func expired() async throws {
        try await EngineFixture.withHeldRun(settings: { $0.approvalLifetime = "microseconds=1" }) {
            fixture,
            held,
            approvals in
            let error = await #expect(throws: ProvisioningError.self) {
                try await approvals.approve(held.id, by: .person("grace"))
            }
            #expect(error?.description.contains("waited too long") == true)
            let status = try await fixture.run(held.id)?.status
            #expect(status == .expired)
        }
    }

    @Test("an approval that has ended covers nothing")
    func lapsed() async throws {
        try await EngineFixture.withHeldRun { fixture, held, _ in
            try await fixture.store.write { transaction in
                let approval = Approval(
                    run: held.id,
                    provider: held.provider,
                    approvedBy: "grace",
                    approvedAt: transaction.now + .seconds(-7200),
                    expiresAt: transaction.now + .seconds(-3600)
                )
                try transaction.insertApproval(approval)
            }
            let ending = try await fixture.sync(trigger: .approval).run.status
            #expect(ending == .awaitingApproval)
            let users = try await fixture.client.state()["users"]
            #expect(users == 6)
        }
    }

    @Test("a run of a provider in dry run cannot be approved, and goes on waiting")
    func dryRun() async throws {
        try await EngineFixture.withHeldRun { fixture, held, approvals in
            try await fixture.set { $0.dryRun = true }
            let error = await #expect(throws: ProvisioningError.self) {
                try await approvals.approve(held.id, by: .person("grace"))
            }
            #expect(error?.description.contains("dry run") == true)
            let planned = try await fixture.sync()
            #expect(planned.run.status == .planned)
            let status = try await fixture.run(held.id)?.status
            #expect(status == .awaitingApproval)
        }
    }

    @Test("a decision on an ended or unknown run, or without a person's name, is refused")
    func refusals() async throws {
        try await EngineFixture.with { fixture in
            let run = try await fixture.sync().run
            let approvals = Approvals(store: fixture.store)
            let ended = await #expect(throws: ProvisioningError.self) {
                try await approvals.approve(run.id, by: .person("ada"))
            }
            #expect(ended?.description.contains("its status is 'succeeded'") == true)
            await #expect(throws: StoreError.self) { try await approvals.approve(.random(), by: .person("ada")) }
            await #expect(throws: ProvisioningError.self) { try await approvals.reject(run.id, by: .person(" ")) }
        }
    }

    @Test("the guard counts the destructive changes of many small direct syncs together")
    func smallSteps() async throws {
        try await EngineFixture.with(settings: { $0.guardMaxCount = 2 }) { fixture in
            for number in 1...6 { try await fixture.addUser("a\(number)") }
            _ = try await fixture.sync()
            for name in ["a1", "a2"] {
                try await fixture.deleteUsers([name])
                let ending = try await fixture.sync(trigger: .change).run.status
                #expect(ending == .succeeded)
            }
            try await fixture.deleteUsers(["a3"])
            let third = try await fixture.sync(trigger: .change)
            #expect(third.run.status == .awaitingApproval)
            #expect(third.run.message.contains("after 2 within the last hour"))
            let users = try await fixture.client.state()["users"]
            #expect(users == 4)
        }
    }

    @Test("accounts that disappeared are not re-created without approval, and no member is added by a deleted id")
    func vanished() async throws {
        try await EngineFixture.with(settings: { $0.guardMaxCount = 2 }) { fixture in
            let people = try await fixture.addMembers(6, of: "Old")
            _ = try await fixture.sync()
            fixture.later()
            for name in ["m0", "m1", "m2"] { try await fixture.purge("users", "\(name)@company.com") }
            try await fixture.store.write { transaction in
                let group = try transaction.createGroup(GroupProfile(name: "New"))
                for user in [people[0], people[5]] { try transaction.addMember(user, to: group.id) }
            }
            let held = try await fixture.sync()
            #expect(held.run.status == .awaitingApproval)
            #expect(held.count(.create, .held) == 3 && held.count(.create) == 1)
            #expect(held.actions.filter { $0.outcome.status == .failed }.isEmpty)
            let users = try await fixture.client.state()["users"]
            #expect(users == 3)
            let newMembers = try await fixture.client.memberNames()["New"]
            #expect(newMembers == ["m5@company.com"])
            try await Approvals(store: fixture.store).approve(held.run.id, by: .person("grace"))
            let done = try await fixture.sync(trigger: .approval)
            #expect(done.run.status == .succeeded && done.count(.create) == 3)
            let members = try await fixture.client.memberNames()
            #expect(members["New"] == ["m0@company.com", "m5@company.com"])
            #expect(members["Old"]?.count == 6)
        }
    }

    @Test("a group that disappeared waits with all its members")
    func vanishedGroup() async throws {
        try await EngineFixture.with(settings: { $0.guardMaxCount = 0 }) { fixture in
            _ = try await fixture.addMembers(25, of: "G")
            _ = try await fixture.sync()
            let group = try await fixture.client.all("/groups").first?["id"]?.string ?? ""
            fixture.later()
            try await fixture.purge("groups", group)
            try await fixture.client.resetCounters()
            let held = try await fixture.sync()
            #expect(held.run.status == .awaitingApproval)
            #expect(held.count(.create, .held) == 1 && held.count(.addMembers, .held) == 1)
            let writes = try await fixture.client.counters()["writes"]
            #expect(writes == 0)
            try await Approvals(store: fixture.store).approve(held.run.id, by: .person("grace"))
            let done = try await fixture.sync(trigger: .approval)
            #expect(done.run.status == .succeeded)
            let members = try await fixture.client.memberNames()
            #expect(members["G"]?.count == 25)
        }
    }

    @Test("a direct sync that waits leaves a full sync waiting, and both can be approved")
    func directSync() async throws {
        try await EngineFixture.withHeldRun { fixture, held, approvals in
            try await fixture.deleteUsers(["a4", "a5", "a6"])
            let direct = try await fixture.direct.catchUp(fixture.provider)
            #expect(direct.map(\.status) == [.awaitingApproval])
            let status = try await fixture.run(held.id)?.status
            #expect(status == .awaitingApproval)
            try await approvals.approve(held.id, by: .person("grace"))
            try await approvals.approve(direct[0].id, by: .person("heidi"))
            let done = try await fixture.sync(trigger: .approval)
            #expect(done.run.status == .succeeded && done.count(.delete) == 6)
        }
    }
}

extension EngineFixture {
    func deleteUsers(_ names: [String]) async throws {
        try await store.write { transaction in
            for user in try transaction.users(after: nil, limit: 1000) where names.contains(user.profile.username) {
                try transaction.deleteUser(user.id)
            }
        }
    }

    /// A group with this many new users.
    func addMembers(_ count: Int, of name: String) async throws -> [UserID] {
        try await store.write { transaction in
            let group = try transaction.createGroup(GroupProfile(name: name))
            return try (0..<count).map { number in
                let profile = UserProfile(
                    username: "m\(number)",
                    name: "M \(number)",
                    email: "m\(number)@company.com"
                )
                let user = try transaction.createUser(profile)
                try transaction.addMember(user.id, to: group.id)
                return user.id
            }
        }
    }
}

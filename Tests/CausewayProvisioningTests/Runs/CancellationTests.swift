import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Runs that people cancel", .timeLimit(.minutes(15)))
struct CancellationTests {
    /// A user whose data has the key `broken` fails before anything is sent.
    private static let mapping = """
        if user.attributes.get("broken"):
            return {"display_name": user.attributes["missing"]}
        return {
            "display_name": user.name, "account_enabled": user.is_active, "mail_nickname": user.username,
            "user_principal_name": user.email, "on_premises_immutable_id": user.uid,
            "password_profile": {"password": "Long-Enough-1"},
        }
        """

    private func runState(_ fixture: EngineFixture) async throws -> ProviderRunState {
        try await fixture.store.read { [provider = fixture.provider] in try $0.runState(of: provider) }
    }

    private func outstanding(_ fixture: EngineFixture) async throws -> Outstanding {
        let provider = try await fixture.current()
        return try await fixture.store.read { try $0.outstanding(of: provider) }
    }

    /// Begins work that writes more than may be in flight, cancels its run while the tenant answers nothing, and lets the tenant answer again.
    ///
    /// - Returns: the run as the person who cancels sees it, and the result of the work.
    private func cancel<Value: Sendable>(
        _ fixture: EngineFixture,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> (asked: Run, result: Value) {
        let client = fixture.client
        try await client.resetCounters()
        try await client.hold(afterWrites: 20)
        let running = Task { try await work() }
        while try await client.counters()["writes"]?.integer ?? 0 < 20 { await Task.yield() }
        let id = try await fixture.store.read { [provider = fixture.provider] in try $0.runUnderWay(of: provider) }
        let asked = try await fixture.runs.cancel(try #require(id), by: .person("ada"))
        try await client.hold(afterWrites: nil)
        return (asked, try await running.value)
    }

    @Test("what is in flight is settled, nothing new begins, and the next full sync does what is left")
    func applying() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.fill(users: 400, groups: 0)
            let (asked, result) = try await cancel(fixture) { try await fixture.sync() }
            #expect(asked.status == .applying)
            let (done, open) = (result.count(.create), result.count(.create, .planned))
            #expect(result.run.status == .canceled && result.run.finishedAt != nil)
            #expect(done >= 20 && open > 0 && done + open == 400)
            #expect(
                result.run.message
                    == "Canceled by ada after \(done) of 400 actions. The next sync that you start does what is left."
            )
            #expect(try await fixture.client.state()["users"]?.integer == Int64(done))
            let runState = try await runState(fixture)
            #expect(runState.request == nil && runState.quarantine == nil && runState.schedule.lastFullSyncAt == nil)
            let left = try await outstanding(fixture)
            #expect(left.isLeftUndone && !left.isRunning)
            let events = try await fixture.store.read { try $0.events(limit: 10) }
            let event = try #require(events.first { $0.action == "custom_run_canceled" })
            #expect(event.actor == "ada" && event.context["run"]?.string == result.run.id.text)
            let next = try await fixture.sync()
            #expect(next.run.status == .succeeded && next.count(.create) == open)
            #expect(try await fixture.client.state()["users"]?.integer == 400)
            #expect(try await outstanding(fixture).state == .inSync)
        }
    }

    @Test("objects that a canceled run did not get to keep failing; those that it settled do not")
    func failing() async throws {
        try await EngineFixture.with(userMapping: Self.mapping) { fixture in
            let first = try await fixture.addUser("first")
            try await fixture.fill(users: 400, groups: 0)
            let last = try await fixture.addUser("last")
            for user in [first, last] { try await fixture.change(user) { $0.attributes["broken"] = true } }
            let broken = ChangedObjects([ObjectReference(first.id), ObjectReference(last.id)])
            let alone = RunInstruction(fixture.provider, trigger: .manual, mode: .apply, selection: .changes(broken))
            try await fixture.runs.run(alone)
            #expect(try await outstanding(fixture).failing == 2)
            for user in [first, last] { try await fixture.change(user) { $0.attributes["broken"] = nil } }
            let (_, result) = try await cancel(fixture) { try await fixture.sync() }
            #expect(result.outcome(of: "first")?.status == .applied && result.outcome(of: "last")?.status == .planned)
            #expect(try await outstanding(fixture).failing == 1)
            _ = try await fixture.sync()
            #expect(try await outstanding(fixture).failing == 0)
        }
    }

    @Test("a canceled direct sync is not tried again at once: what is left waits for the next full sync")
    func directSync() async throws {
        try await EngineFixture.with { fixture in
            _ = try await fixture.sync()
            try await fixture.fill(users: 400, groups: 0)
            let (_, runs) = try await cancel(fixture) { try await fixture.direct.catchUp(fixture.provider) }
            #expect(runs.map(\.status) == [.canceled] && runs.map(\.trigger) == [.change])
            let left = try await outstanding(fixture)
            #expect(left.changes == 0 && left.state == .behind)
            #expect(try await fixture.sync().run.status == .succeeded)
            #expect(try await fixture.client.state()["users"]?.integer == 400)
            #expect(try await outstanding(fixture).state == .inSync)
        }
    }

    @Test("a canceled full sync leaves changes and retries alone: neither begins again by itself")
    func followers() async throws {
        try await EngineFixture.with { fixture in
            _ = try await fixture.sync()
            try await fixture.fill(users: 400, groups: 0)
            let provider = fixture.provider
            let due = try await fixture.store.write { transaction in
                try transaction.retryDeletions(of: .user, provider: provider)
                return try transaction.retries(of: provider, dueBy: transaction.now, limit: 10).count
            }
            #expect(due == 1)
            let (_, result) = try await cancel(fixture) { try await fixture.sync() }
            #expect(result.run.status == .canceled && result.count(.create, .planned) > 0)
            #expect(try await fixture.direct.catchUp(provider).isEmpty)
            #expect(try await fixture.sync().run.status == .succeeded)
            #expect(try await fixture.client.state()["users"]?.integer == 400)
        }
    }

    @Test("a canceled run whose process ends stays canceled: what it was asked for does not begin again")
    func endedProcess() async throws {
        try await EngineFixture.with { fixture in
            let provider = fixture.provider
            let run = try await fixture.store.write { transaction in
                try transaction.requestRun(of: provider, .save)
                try transaction.takeRequest(of: provider, by: RunRequestClaim())
                let run = Run(provider: provider, trigger: .save, startedAt: transaction.now)
                let lease = RunLease(owner: "another machine", duration: .milliseconds(200))
                _ = try transaction.beginRun(run, lease: lease, isGone: { _ in false })
                return run
            }
            _ = try await fixture.runs.cancel(run.id, by: .person("ada"))
            #expect(try await runState(fixture).request == nil)
            while try await fixture.store.read({ try $0.leaseOwner(of: run.id) }) != nil { await Task.yield() }
            _ = try await fixture.sync()
            let ended = try #require(try await fixture.store.read { try $0.run(run.id) })
            #expect(ended.status == .canceled)
            let next = "The next sync that you start does what is left."
            #expect(ended.message == "Canceled by ada before anything was sent. \(next)")
        }
    }

    @Test("a run that has sent nothing yet stops at once")
    func planning() async throws {
        try await EngineFixture.with { fixture in
            let (started, signal) = AsyncStream.makeStream(of: Void.self)
            let runs = RunCoordinator(store: fixture.store) { _ in
                signal.yield()
                try await Task.sleep(for: .seconds(86_400))
                return { _ in nil }
            }
            for trigger in [RunTrigger.save, .preview] {
                let mode = trigger == .preview ? RunMode.planOnly : .apply
                let running = Task {
                    try await runs.run(RunInstruction(fixture.provider, trigger: trigger, mode: mode))
                }
                for await _ in started { break }
                let id = try await fixture.store.read { [provider = fixture.provider] in
                    try $0.runUnderWay(of: provider)
                }
                try await runs.cancel(try #require(id), by: .person("ada"))
                let ended = try await running.value
                #expect(ended.status == .canceled)
                #expect(
                    ended.message
                        == (trigger == .preview
                            ? "Canceled by ada. This run sends nothing."
                            : "Canceled by ada before anything was sent. The next sync that you start does what is left.")
                )
                let after = try await runState(fixture)
                #expect(after.request == nil && after.quarantine == nil)
                let late = await #expect(throws: ProvisioningError.self) {
                    try await runs.cancel(ended.id, by: .person("bob"))
                }
                #expect(late?.description.contains("has ended; its status is 'canceled'") == true)
            }
        }
    }

    @Test("a run whose process is gone ends when it is canceled, and one that waits must be rejected")
    func withoutProcess() async throws {
        try await EngineFixture.with { fixture in
            let run = try await fixture.store.write { [provider = fixture.provider] transaction in
                let run = Run(provider: provider, trigger: .manual, startedAt: transaction.now)
                let lease = RunLease(owner: "another machine", duration: .zero)
                _ = try transaction.beginRun(run, lease: lease, isGone: { _ in false })
                return run
            }
            #expect(try await fixture.runs.cancel(run.id, by: .person("ada")).status == .canceled)
            let waiting = Run(provider: fixture.provider, trigger: .manual, startedAt: run.startedAt)
            try await fixture.store.write { transaction in
                let lease = RunLease(owner: "another machine", duration: .seconds(600))
                _ = try transaction.beginRun(waiting, lease: lease, isGone: { _ in false })
                try transaction.holdForApproval(waiting.id, message: "It waits.")
            }
            let error = await #expect(throws: ProvisioningError.self) {
                try await fixture.runs.cancel(waiting.id, by: .person("ada"))
            }
            #expect(error?.description.contains("reject it instead") == true)
            await #expect(throws: ProvisioningError.self) {
                try await fixture.runs.cancel(waiting.id, by: .person(" "))
            }
            await #expect(throws: StoreError.self) { try await fixture.runs.cancel(.random(), by: .person("ada")) }
        }
    }
}

import CausewayGraph
import CausewayModel
import CausewayTestSupport
import Testing

@testable import CausewayProvisioning
@testable import CausewayStore

@Suite("Runs that lose their lease", .timeLimit(.minutes(30)))
struct LeaseLossTests {
    private static func node(_ fixture: EngineFixture) -> NodeService {
        NodeService(store: fixture.store, gate: fixture.runs.gate, version: "1", name: "ada", logger: .silent)
    }

    @Test("a run that another process has taken over changes neither its records nor those of its successor")
    func takenOver() async throws {
        try await EngineFixture.with { fixture in
            let (started, start) = AsyncStream.makeStream(of: RunID.self)
            let (taken, take) = AsyncStream.makeStream(of: Void.self)
            let runs = RunCoordinator(store: fixture.store) { begun in
                start.yield(begun.run.id)
                for await _ in taken { break }
                try await begun.store.write { try $0.setStatus(.succeeded, of: begun.run.id) }
                return { _ in nil }
            }
            let instruction = RunInstruction(fixture.provider, trigger: .manual, mode: .apply)
            let running = Task { try await runs.run(instruction) }
            var former: RunID?
            for await run in started {
                former = run
                break
            }
            let next = try await fixture.store.write { [provider = fixture.provider] transaction in
                let run = Run(provider: provider, trigger: .manual, startedAt: transaction.now)
                let lease = RunLease(owner: "another machine", duration: .seconds(600))
                let hasBegun = try transaction.beginRun(run, lease: lease, isGone: { _ in true }) != nil
                #expect(hasBegun)
                return run
            }
            take.yield()
            let error = await #expect(throws: StoreError.self) { try await running.value }
            #expect(error?.code == .leaseLost)
            let id = try #require(former)
            let (ended, holder) = try await fixture.store.read { transaction in
                (try transaction.run(id), try transaction.leaseOwner(of: next.id))
            }
            #expect(ended?.status == .interrupted && ended?.message == "The process ended before the run did.")
            #expect(holder == "another machine")
        }
    }

    @Test("two nodes that see the same request run it once")
    func once() async throws {
        try await EngineFixture.with { fixture in
            let runs = RunCoordinator(store: fixture.store) { begun in
                try await begun.store.write { try $0.setStatus(.succeeded, of: begun.run.id) }
                return { _ in nil }
            }
            _ = try await fixture.store.write { [provider = fixture.provider] in
                try $0.requestRun(of: provider, .manual)
            }
            let due = RunInstruction(fixture.provider, trigger: .manual, mode: .apply, onlyIfDue: true)
            #expect(try await runs.run(due).status == .succeeded)
            await #expect(throws: NothingDueError.self) { try await runs.run(due) }
            // To be late is no failure.
            let runState = try await fixture.store.read { [provider = fixture.provider] in
                try $0.runState(of: provider)
            }
            #expect(runState.quarantine == nil && runState.request == nil)
        }
    }

    @Test("a node that is drained starts no run")
    func drained() async throws {
        try await EngineFixture.with { fixture in
            let node = Self.node(fixture)
            await node.beat()
            #expect(fixture.runs.gate.obstacle == nil)
            try await fixture.store.write { _ = try $0.setDraining(true, nodesNamed: "ada") }
            await node.beat()
            let instruction = RunInstruction(fixture.provider, trigger: .preview, mode: .planOnly)
            let error = await #expect(throws: ProvisioningError.self) { try await fixture.runs.start(instruction) }
            #expect(error?.description.contains("is drained") == true)
            try await fixture.store.write { _ = try $0.setDraining(false, nodesNamed: "ada") }
            await node.beat()
            #expect(fixture.runs.gate.obstacle == nil)
        }
    }

    @Test("a run whose process has fallen silent is ended by a node")
    func silent() async throws {
        try await EngineFixture.with { fixture in
            let run = try await fixture.store.write { [provider = fixture.provider] transaction in
                let run = Run(provider: provider, trigger: .preview, startedAt: transaction.now)
                let lease = RunLease(owner: "another machine", duration: .seconds(60))
                _ = try transaction.beginRun(run, lease: lease, isGone: { _ in false })
                return run.id
            }
            let node = Self.node(fixture)
            await node.endExpiredRuns()
            #expect(try await fixture.run(run)?.status == .discovering)
            fixture.later(61)
            await node.endExpiredRuns()
            #expect(try await fixture.run(run)?.status == .interrupted)
        }
    }

    @Test("a node that a newer program has made too old says so, takes up no work and writes nothing")
    func tooOld() async throws {
        try await EngineFixture.with { fixture in
            let node = Self.node(fixture)
            await node.beat()
            let newer = try await fixture.store.write { transaction in
                let version = try transaction.schemaVersion() + 1
                try transaction.execute(
                    "INSERT INTO schema_versions (version, applied_at_ms) VALUES (?, 0)",
                    .integer(version)
                )
                return version
            }
            await node.beat()
            let obstacle = try #require(fixture.runs.gate.obstacle)
            #expect(obstacle.contains("The database has schema version \(newer)"))
            let error = await #expect(throws: StoreError.self) { try await fixture.addUser("ada") }
            #expect(error?.message == obstacle)
            let instruction = RunInstruction(fixture.provider, trigger: .manual, mode: .apply)
            await #expect(throws: ProvisioningError.self) { try await fixture.runs.start(instruction) }
            #expect(try await fixture.store.read { try $0.user(named: "ada") } == nil)
        }
    }

    @Test(
        "after a run that ended well its session may send; after one that failed it may not, until the next run begins"
    )
    func sessions() async throws {
        try await EngineFixture.with { fixture in
            let fence = SendingFence()
            // So long that no busy machine loses it.
            let times = LeaseTimes(.seconds(3600))
            func keeper() -> LeaseKeeper { LeaseKeeper(store: fixture.store, times: times, fence: fence) }
            func run(_ work: @escaping @Sendable () async throws -> Void) async throws {
                let keeper = keeper()
                let (run, held) = try await fixture.store.write { [provider = fixture.provider] transaction in
                    let run = Run(provider: provider, trigger: .change, startedAt: transaction.now)
                    return (run.id, try #require(try keeper.begin(run, in: transaction)))
                }
                keeper.hold(held)
                try await keeper.renewing(run, while: work)
                try await fixture.store.write { try $0.setStatus(.succeeded, of: run) }
            }
            try await run { #expect(!fence.isClosed && fence.end != nil) }
            #expect(fence.end == nil)
            await #expect(throws: ProvisioningError.self) { try await run { throw ProvisioningError("no") } }
            #expect(fence.isClosed)
        }
    }

    @Test("the holder stops sending well before its lease ends")
    func times() {
        for seconds in [1, 6, 60, 3600] {
            let times = LeaseTimes(.seconds(seconds))
            #expect((6...600).contains(times.duration.components.seconds))
            #expect(times.renewal * 4 < times.sending && times.sending < times.duration)
        }
    }
}

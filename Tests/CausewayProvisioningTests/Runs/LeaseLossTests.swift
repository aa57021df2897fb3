import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@testable import CausewayProvisioning

@Suite("Runs that lose their lease", .timeLimit(.minutes(5)))
struct LeaseLossTests {
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
                let hasBegun = try transaction.beginRun(run, lease: lease, isGone: { _ in true })
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
            await #expect(throws: ProviderBusyError.self) { try await runs.run(due) }
        }
    }

    @Test("a node that is drained starts no run")
    func drained() async throws {
        try await EngineFixture.with { fixture in
            let node = NodeService(
                store: fixture.store,
                gate: fixture.runs.gate,
                version: "1",
                name: "ada",
                logger: .silent
            )
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

    @Test("the holder stops sending well before its lease ends")
    func times() {
        for seconds in [1, 6, 60, 3600] {
            let times = LeaseTimes(.seconds(seconds))
            #expect((6...600).contains(times.duration.components.seconds))
            #expect(times.renewal * 4 < times.sending && times.sending < times.duration)
        }
    }
}

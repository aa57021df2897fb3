import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Foundation
import ServiceLifecycle
import Synchronization
import Testing

@Suite("The scheduler", .timeLimit(.minutes(15)))
struct SchedulerTests {
    private typealias StartedRun = SchedulerFixture.StartedRun

    @Test("the scheduler ends when the server shuts down, even if its next run is a day away")
    func shutdown() async throws {
        try await StoreFixture.with { fixture in
            let store = fixture.store
            let runs = RunCoordinator(store: store) { _ in throw CancellationError() }
            let interval = Duration.seconds(86400)
            let scheduler = Scheduler(store: store, runs: runs, interval: interval, logger: .silent)
            try await RunningServices.with(scheduler) {}
        }
    }

    @Test("an assigned provider runs once, and again when it is due")
    func due() async throws {
        try await SchedulerFixture.with(prepare: { store, _ in
            try await store.makeProvider("A")
        }) { fixture in
            #expect(await fixture.nextStart() == StartedRun(provider: "A", trigger: .save))
            try await fixture.wait { $0.request == nil }
            fixture.clock.turn(by: .seconds(4 * 3600))
            #expect(await fixture.nextStart() == StartedRun(provider: "A", trigger: .schedule))
            try await fixture.request(.manual, of: "A")
            #expect(await fixture.nextStart() == StartedRun(provider: "A", trigger: .manual))
        }
    }

    @Test("scheduled times that were missed while no server ran are made up for once")
    func missed() async throws {
        try await SchedulerFixture.with(prepare: { store, clock in
            try await store.write { transaction in
                let provider = try transaction.makeProvider("A")
                let claim = RunRequestClaim()
                try transaction.takeRequest(of: provider.id, by: claim)
                try transaction.recordSuccess(of: provider.id, by: claim, isFullSync: true)
            }
            clock.turn(by: .seconds(20 * 3600))
        }) { fixture in
            #expect(await fixture.nextStart() == StartedRun(provider: "A", trigger: .schedule))
            // A second run for another of the missed times would come before this one.
            try await fixture.store.makeProvider("B")
            #expect(await fixture.nextStart() == StartedRun(provider: "B", trigger: .save))
            try await fixture.request(.manual, of: "A")
            #expect(await fixture.nextStart() == StartedRun(provider: "A", trigger: .manual))
        }
    }

    @Test("a paused provider runs only when a person requests it")
    func paused() async throws {
        try await SchedulerFixture.with(prepare: { store, clock in
            try await store.write { transaction in
                let provider = try transaction.makeProvider("A")
                try transaction.setPaused(true, provider.id)
                try transaction.makeProvider("B")
            }
            clock.turn(by: .seconds(20 * 3600))
        }) { fixture in
            #expect(await fixture.nextStart()?.provider == "B")
            try await fixture.request(.manual, of: "A")
            #expect(await fixture.nextStart() == StartedRun(provider: "A", trigger: .manual))
        }
    }

    @Test("providers run side by side: a slow tenant does not delay another")
    func sideBySide() async throws {
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        let wait: @Sendable (EntraProvider) async -> Void = { provider in
            guard provider.name == "Slow" else { return }
            for await _ in gate { return }
        }
        try await SchedulerFixture.with(sync: wait) { store, _ in
            try await store.makeProvider("Slow")
        } _: { fixture in
            #expect(await fixture.nextStart()?.provider == "Slow")
            for name in ["B", "C"] {
                try await fixture.store.makeProvider(name)
                #expect(await fixture.nextStart()?.provider == name)
            }
            opener.yield()
        }
    }

    /// A node that has something to do waits before it takes more; here that lasts until both have something. At the time of the wait its
    /// first run may not have begun yet, or belong to the other node, for which it was too late: then it goes on.
    @Test("two nodes share the work: one that has something to do leaves the next run to the other")
    func shared() async throws {
        try await StoreFixture.with { fixture in
            let store = fixture.store
            for name in ["A", "B"] { try await store.makeProvider(name) }
            let started = Mutex<[Int]>([])
            let wait: @Sendable () async throws -> Void = {
                while started.withLock({ $0.count < 2 }) { try await Task.sleep(for: .milliseconds(1)) }
            }
            let schedulers = [1, 2].map { node in
                let runs = RunCoordinator(store: store) { begun in
                    started.withLock { $0.append(node) }
                    try await wait()
                    return { transaction in
                        try transaction.setStatus(.succeeded, of: begun.run.id)
                        return nil
                    }
                }
                runs.gate.set(nil, hasCompany: true)
                let sleep: Scheduler.Sleep = { duration in
                    repeat {
                        try await Task.sleep(for: .milliseconds(1))
                    } while duration > .seconds(1) && started.withLock { $0.isEmpty || $0 == [node] }
                }
                return Scheduler(store: store, runs: runs, sleep: sleep, logger: .silent)
            }
            try await RunningServices.with(schedulers[0]) {
                try await RunningServices.with(schedulers[1]) { try await wait() }
            }
            #expect(started.withLock { Set($0) } == [1, 2])
        }
    }

    @Test("a request during a run waits for its end; a provider never runs twice at the same time")
    func duringRun() async throws {
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        let active = Mutex(0)
        let overlaps = Mutex(0)
        try await SchedulerFixture.with { _ in
            let count = active.withLock { count in
                count += 1
                return count
            }
            if count > 1 { overlaps.withLock { $0 += 1 } }
            var iterator = gate.makeAsyncIterator()
            _ = await iterator.next()
            active.withLock { $0 -= 1 }
        } prepare: { store, _ in
            try await store.makeProvider("A")
        } _: { fixture in
            #expect(await fixture.nextStart() == StartedRun(provider: "A", trigger: .save))
            try await fixture.request(.schedule, of: "A")
            try await fixture.request(.manual, of: "A")
            opener.yield()
            #expect(await fixture.nextStart() == StartedRun(provider: "A", trigger: .manual))
            opener.yield()
            try await fixture.request(.change, of: "A")
            #expect(await fixture.nextStart() == StartedRun(provider: "A", trigger: .change))
            opener.yield()
        }
        #expect(overlaps.withLock { $0 } == 0)
    }

    @Test("a provider in quarantine does not run until it ends, and others continue")
    func quarantine() async throws {
        let fail: @Sendable (EntraProvider) async throws -> Void = { provider in
            if provider.name == "A" { throw ProvisioningError("The tenant does not let us in.") }
        }
        try await SchedulerFixture.with(sync: fail) { store, _ in
            try await store.makeProvider("A")
        } _: { fixture in
            #expect(await fixture.nextStart() == StartedRun(provider: "A", trigger: .save))
            try await fixture.wait { $0.quarantine?.failures == 1 }
            fixture.clock.turn(by: .seconds(5 * 60 - 1))
            try await fixture.store.makeProvider("B")
            #expect(await fixture.nextStart() == StartedRun(provider: "B", trigger: .save))
            fixture.clock.turn(by: .seconds(1))
            #expect(await fixture.nextStart() == StartedRun(provider: "A", trigger: .schedule))
            try await fixture.wait { $0.quarantine?.failures == 2 }
            try await fixture.request(.manual, of: "A")
            #expect(await fixture.nextStart() == StartedRun(provider: "A", trigger: .manual))
            try await fixture.wait { $0.quarantine?.failures == 3 }
        }
    }

    @Test("a request that another run or the database prevented is tried again")
    func triedAgain() async throws {
        let errors = Mutex<[any Error]>([ProviderBusyError(provider: "A"), StoreError(.locked, "locked")])
        try await SchedulerFixture.with { _ in
            let error = errors.withLock { $0.popLast() }
            if let error { throw error }
        } prepare: { store, _ in
            try await store.makeProvider("A")
        } _: { fixture in
            for _ in 1...3 { #expect(await fixture.nextStart() == StartedRun(provider: "A", trigger: .save)) }
            // The request is answered now.
            try await fixture.request(.manual, of: "A")
            #expect(await fixture.nextStart() == StartedRun(provider: "A", trigger: .manual))
        }
    }

    @Test("a sync that a shutdown stopped starts again with the server")
    func stopped() async throws {
        try await StoreFixture.with { fixture in
            let store = fixture.store
            let provider = try await store.makeProvider("A")
            let (started, signal) = AsyncStream.makeStream(of: Void.self)
            let runs = RunCoordinator(store: store) { _ in
                signal.yield()
                try await Task.sleep(for: .seconds(86400))
                throw CancellationError()
            }
            try await RunningServices.with(SchedulerFixture.scheduler(store, runs)) {
                var iterator = started.makeAsyncIterator()
                await iterator.next()
            }
            let runState = try await store.read { try $0.runState(of: provider) }
            #expect(runState.trigger(at: .now()) == .save && runState.quarantine == nil)
        }
    }

    @Test("the scheduler continues after the database does not answer")
    func databaseGone() async throws {
        try await StoreFixture.with { fixture in
            let store = fixture.store
            try store.close()
            let (looks, signal) = AsyncStream.makeStream(of: Void.self)
            let runs = RunCoordinator(store: store) { _ in throw CancellationError() }
            let scheduler = Scheduler(
                store: store,
                runs: runs,
                sleep: { _ in
                    signal.yield()
                    try await Task.sleep(for: .milliseconds(1))
                },
                logger: .silent
            )
            // If a failed check had ended it, the group would report a service that stopped by itself.
            try await RunningServices.with(scheduler) {
                var iterator = looks.makeAsyncIterator()
                for _ in 1...3 { await iterator.next() }
            }
        }
    }
}

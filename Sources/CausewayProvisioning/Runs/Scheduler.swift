import CausewayModel
package import CausewayStore
package import Logging
import ServiceLifecycle

/// Starts syncs that are due or requested. Providers run at the same time, each once at
/// a time, so that a slow tenant does not delay the others.
package struct Scheduler: Service, CustomStringConvertible {
    /// Its name in logs. Without it, the service group describes the whole value, with everything in it.
    package var description: String { "scheduler" }

    /// Waits; throws when the task is canceled.
    package typealias Sleep = @Sendable (Duration) async throws -> Void

    private let store: Store
    private let runs: RunCoordinator
    private let interval: Duration
    private let sleep: Sleep
    private let logger: Logger

    /// How long it waits after an error of the database.
    private static let troublePause: Duration = .seconds(30)
    /// For each sync in progress it waits this long and an interval before it begins another: each node with fewer of them has looked by
    /// then, and is first.
    private static let courtesy: Duration = .milliseconds(250)
    /// The number of syncs from which on it waits no longer.
    private static let mostTurns = 4

    /// - Parameters:
    ///   - interval: how long it sleeps between two checks.
    ///   - sleep: how it sleeps; `Task.sleep` unless a test injects another.
    package init(
        store: Store,
        runs: RunCoordinator,
        interval: Duration = .seconds(1),
        sleep: @escaping Sleep = { try await Task.sleep(for: $0) },
        logger: Logger
    ) {
        self.store = store
        self.runs = runs
        self.interval = interval
        self.sleep = sleep
        self.logger = logger
    }

    /// Runs until the program shuts down. Syncs in progress are then canceled: their requests wait for the next start, and their
    /// next run resolves what was unanswered.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                let running = ActiveProviders()
                while !Task.isCancelled {
                    // Before the check: a run that ends after it has answered the request that the check still sees.
                    let busy = running.present
                    let dueRuns = await look()
                    for due in nextRuns(of: dueRuns?.filter { !busy.contains($0.provider) } ?? []) {
                        let wait = wait(with: running.present.count)
                        running.begin(due.provider)
                        group.addTask {
                            if wait > .zero { try? await sleep(wait) }
                            await serve(due)
                            running.end(due.provider)
                        }
                    }
                    try? await sleep(dueRuns == nil ? Self.troublePause : interval)
                }
            }
        }
    }

    /// What to begin at this check. Among several nodes it is one run, and not the same for all: a node that is too late for it looks for
    /// another one at the next check, and has not waited.
    private func nextRuns(of due: [DueRun]) -> [DueRun] {
        runs.gate.hasCompany ? Array(due.shuffled().prefix(1)) : due
    }

    /// How long a node with some syncs in progress leaves another one to the others.
    private func wait(with running: Int) -> Duration {
        runs.gate.hasCompany ? (interval + Self.courtesy) * min(running, Self.mostTurns) : .zero
    }

    /// A run that may start now.
    private struct DueRun {
        let provider: ProviderID
        let name: String
        let trigger: RunTrigger
    }

    /// What may run now; nil, and a line in the log, if the database does not answer: the next round tries again.
    private func look() async -> [DueRun]? {
        do {
            return try await dueRuns()
        } catch is CancellationError {
            return []
        } catch {
            logger.error("due syncs cannot be read", metadata: ["reason": "\(error)"])
            return nil
        }
    }

    private func dueRuns() async throws -> [DueRun] {
        guard runs.gate.obstacle == nil else { return [] }
        let (seen, running, now) = try await store.read {
            (try $0.runStates(), try $0.runningProviders(isGone: OwnProcess.isGone), $0.now)
        }
        return try await planned(seen, now).filter { !running.contains($0.provider) }.compactMap { runState in
            runState.trigger(at: now).map { DueRun(provider: runState.provider, name: runState.name, trigger: $0) }
        }
    }

    /// The run states, with requests for all due syncs. Without a due sync, nothing is written.
    private func planned(_ seen: [ProviderRunState], _ now: Timestamp) async throws -> [ProviderRunState] {
        guard seen.contains(where: { $0.needsPlanning(at: now) }) else { return seen }
        return try await store.write { transaction in
            try transaction.requestDueRuns()
            return try transaction.runStates()
        }
    }

    private func serve(_ due: DueRun) async {
        let provider: Logger.MetadataValue = "\(due.name)"
        do {
            let run = try await runs.run(
                RunInstruction(due.provider, trigger: due.trigger, mode: .apply, onlyIfDue: true)
            )
            logger.info("sync ended", metadata: ["provider": provider, "status": "\(run.status.rawValue)"])
        } catch is NothingDueError {
            return
        } catch is CancellationError {
            logger.notice("sync stopped with the server", metadata: ["provider": provider])
        } catch let error as ProviderBusyError {
            // The request waits, and is tried again at the next check.
            logger.debug("sync waits", metadata: ["provider": provider, "reason": "\(error)"])
        } catch {
            logger.error("sync failed", metadata: ["provider": provider, "reason": "\(error)"])
            // Nothing else keeps such a provider from being tried again at the next check.
            if error is StoreError { try? await sleep(Self.troublePause) }
        }
    }
}

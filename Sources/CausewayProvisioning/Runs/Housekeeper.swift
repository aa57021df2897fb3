package import CausewayModel
package import CausewayStore
package import Logging
import ServiceLifecycle

/// Deletes what is too old or too much, once a day.
package struct Housekeeper: Service, CustomStringConvertible {
    /// Its name in logs.
    package var description: String { "housekeeper" }

    private let store: Store
    private let retention: Retention
    private let sleep: Scheduler.Sleep
    private let logger: Logger

    /// The first round is soon after the start, so that a server that is started every day has rounds too.
    private static let firstPause: Duration = .seconds(300)
    private static let interval: Duration = .seconds(86_400)

    /// - Parameter sleep: how it waits for its next round; `Task.sleep` unless a test injects another.
    package init(
        store: Store,
        retention: Retention,
        sleep: @escaping Scheduler.Sleep = { try await Task.sleep(for: $0) },
        logger: Logger
    ) {
        (self.store, self.retention, self.sleep, self.logger) = (store, retention, sleep, logger)
    }

    /// Runs until the program shuts down.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var pause = Self.firstPause
            while !Task.isCancelled {
                guard (try? await sleep(pause)) != nil else { return }
                await trim()
                pause = Self.interval
            }
        }
    }

    private func trim() async {
        do {
            let counts = try await Trimmer(store: store, retention: retention).run()
            guard !counts.isEmpty else { return }
            logger.info(
                "old records deleted",
                metadata: [
                    "runs": "\(counts.runs)", "actions": "\(counts.actions)", "drifts": "\(counts.drifts)",
                    "events": "\(counts.events)", "journal_entries": "\(counts.journalEntries)",
                ]
            )
        } catch is CancellationError {
            return
        } catch {
            logger.error("old records cannot be deleted", metadata: ["reason": "\(error)"])
        }
    }
}

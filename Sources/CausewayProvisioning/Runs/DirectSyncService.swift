import CausewayModel
package import CausewayStore
package import Logging
import ServiceLifecycle

/// Follows the journal for every provider separately: a slow tenant does not delay the others.
package struct DirectSyncService: Service, CustomStringConvertible {
    /// Its name in logs. Without it, the service group describes the whole value, with everything in it.
    package var description: String { "direct sync" }

    private let store: Store
    private let directSync: DirectSync
    private let interval: Duration
    private let logger: Logger

    /// - Parameter interval: how often it looks for new providers.
    package init(store: Store, directSync: DirectSync, interval: Duration = .seconds(2), logger: Logger) {
        self.store = store
        self.directSync = directSync
        self.interval = interval
        self.logger = logger
    }

    package func run() async throws {
        let followed = ActiveProviders()
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled {
                    for provider in await providers() where followed.begin(provider) {
                        group.addTask {
                            await directSync.follow(provider)
                            followed.end(provider)
                        }
                    }
                    try? await Task.sleep(for: interval)
                }
            }
        }
    }

    /// All providers; none, and a line in the log, if the database does not answer: the next round tries again.
    private func providers() async -> [ProviderID] {
        do {
            return try await store.write { transaction in
                try transaction.trimJournal()
                return try transaction.providers().map(\.id)
            }
        } catch is CancellationError {
            return []
        } catch {
            logger.error("providers cannot be read", metadata: ["reason": "\(error)"])
            return []
        }
    }
}

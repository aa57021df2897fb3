import CausewayModel
package import CausewayProvisioning
package import CausewayStore
package import Logging
import ServiceLifecycle
import Synchronization

/// Follows the journal for every provider, each on its own: a slow tenant holds up nobody else.
package struct DirectSyncService: Service {
    private let store: Store
    private let directSync: DirectSync
    private let interval: Duration
    private let logger: Logger

    /// - Parameter interval: how often it looks for providers that are new.
    package init(store: Store, directSync: DirectSync, interval: Duration = .seconds(2), logger: Logger) {
        self.store = store
        self.directSync = directSync
        self.interval = interval
        self.logger = logger
    }

    package func run() async throws {
        let followed = FollowedProviders()
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

    /// All providers; none, and a line in the log, where the database does not answer: it is asked again.
    private func providers() async -> [ProviderID] {
        do {
            return try await store.write { transaction in
                try transaction.trimJournal()
                return try transaction.providers().map(\.id)
            }
        } catch is CancellationError {
            return []
        } catch {
            logger.error("cannot see which providers there are", metadata: ["reason": "\(error)"])
            return []
        }
    }
}

/// Which providers are being followed.
private final class FollowedProviders: Sendable {
    private let providers = Mutex<Set<ProviderID>>([])

    /// - Returns: false where the provider is being followed already.
    func begin(_ provider: ProviderID) -> Bool { providers.withLock { $0.insert(provider).inserted } }

    func end(_ provider: ProviderID) { providers.withLock { _ = $0.remove(provider) } }
}

import CausewayModel
package import CausewayProvisioning
package import CausewayStore
import Foundation
package import Logging
import ServiceLifecycle

/// Starts the full sync of every assigned provider when it is due. A provider that fails does not hold up the others.
package struct Scheduler: Service {
    private let store: Store
    private let provisioner: Provisioner
    private let interval: Duration
    private let logger: Logger

    /// - Parameter interval: how long it sleeps between two looks at what is due.
    package init(store: Store, provisioner: Provisioner, interval: Duration = .seconds(30), logger: Logger) {
        self.store = store
        self.provisioner = provisioner
        self.interval = interval
        self.logger = logger
    }

    /// Runs until the program shuts down. Syncs under way are then cancelled: their next run settles what was unanswered.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                var checked = Date()
                while !Task.isCancelled {
                    try? await Task.sleep(for: interval)
                    let now = Date()
                    guard let providers = await due(from: checked, to: now) else { continue }
                    for provider in providers {
                        group.addTask { await sync(provider) }
                    }
                    checked = now
                }
            }
        }
    }

    /// What fell due in the interval; nil, and a line in the log, where the database does not answer: it is asked again.
    private func due(from start: Date, to end: Date) async -> [EntraProvider]? {
        do { return try await assigned().filter { isDue($0, from: start, to: end) } } catch is CancellationError {
            return nil
        } catch {
            logger.error("cannot see which syncs are due", metadata: ["reason": "\(error)"])
            return nil
        }
    }

    private func assigned() async throws -> [EntraProvider] {
        try await store.read { try $0.providers() }.filter { $0.application != nil }
    }

    private func isDue(_ provider: EntraProvider, from start: Date, to end: Date) -> Bool {
        SyncSchedule(provider: provider.id, installation: store.installationID).next(after: start) <= end
    }

    private func sync(_ provider: EntraProvider) async {
        do {
            let run = try await provisioner.run(provider, trigger: .schedule, mode: .apply)
            logger.info("sync ended", metadata: ["provider": "\(provider.name)", "status": "\(run.status.rawValue)"])
        } catch is CancellationError {
            logger.notice("sync stopped with the server", metadata: ["provider": "\(provider.name)"])
        } catch {
            logger.error("sync failed", metadata: ["provider": "\(provider.name)", "reason": "\(error)"])
        }
    }
}

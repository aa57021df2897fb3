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
    private let logger: Logger

    private static let interval: Duration = .seconds(30)

    package init(store: Store, provisioner: Provisioner, logger: Logger) {
        self.store = store
        self.provisioner = provisioner
        self.logger = logger
    }

    package func run() async throws {
        try await withGracefulShutdownHandler {
            try await withThrowingDiscardingTaskGroup { group in
                var checked = Date()
                while !Task.isShuttingDownGracefully {
                    try? await Task.sleep(for: Self.interval)
                    let now = Date()
                    for provider in try await due(from: checked, to: now) {
                        group.addTask { await sync(provider) }
                    }
                    checked = now
                    if Task.isCancelled { return }
                }
            }
        } onGracefulShutdown: {
        }
    }

    private func due(from start: Date, to end: Date) async throws -> [EntraProvider] {
        let installation = store.installationID
        return try await store.read { try $0.providers() }.filter { provider in
            let schedule = SyncSchedule(provider: provider.id, installation: installation)
            return provider.application != nil && schedule.next(after: start) <= end
        }
    }

    private func sync(_ provider: EntraProvider) async {
        do {
            let run = try await provisioner.run(provider, trigger: .schedule, mode: .apply)
            logger.info("sync ended", metadata: ["provider": "\(provider.name)", "status": "\(run.status.rawValue)"])
        } catch {
            logger.error("sync failed", metadata: ["provider": "\(provider.name)", "reason": "\(error)"])
        }
    }
}

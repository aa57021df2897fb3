import CausewayModel
import CausewayProvisioning
import CausewayServer
import CausewayStore
import CausewayTestSupport
import Foundation
import Logging
import ServiceLifecycle
import Testing

@Suite("The scheduler")
struct SchedulerTests {
    private var logger: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }

    private func withScheduler(
        interval: Duration,
        _ body: (Store, Scheduler) async throws -> Void
    ) async throws {
        try await TemporaryFolder.with { folder in
            let secrets = try SecretBox(keyText: Secret("long enough for a test"))
            let store = try await Store.open(path: folder.appending(path: "causeway.db").path, secrets: secrets)
            let provisioner = Provisioner(store: store, runtime: try .load(logger: logger))
            try await body(store, Scheduler(store: store, provisioner: provisioner, interval: interval, logger: logger))
        }
    }

    @Test("ends when the server shuts down, though its next look is a day away", .timeLimit(.minutes(1)))
    func shutdown() async throws {
        try await withScheduler(interval: .seconds(86400)) { store, scheduler in
            let group = ServiceGroup(services: [scheduler], logger: logger)
            async let ended: Void = group.run()
            await group.triggerGracefulShutdown()
            try await ended
            try store.close()
        }
    }

    @Test("goes on when the database does not answer", .timeLimit(.minutes(1)))
    func databaseGone() async throws {
        try await withScheduler(interval: .milliseconds(1)) { store, scheduler in
            try store.close()
            let group = ServiceGroup(services: [scheduler], logger: logger)
            let running = Task { try await group.run() }
            // Had a failed look ended it, the group would report a service that stopped by itself.
            try await Task.sleep(for: .milliseconds(100))
            await group.triggerGracefulShutdown()
            try await running.value
        }
    }
}

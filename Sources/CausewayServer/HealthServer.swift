package import CausewayStore
import Foundation
import HTTPTypes
import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle

/// The HTTP server: for now it says whether the program is alive and ready.
package struct HealthServer: Service {
    private let host: String
    private let port: Int
    private let store: Store
    private let logger: Logger
    private let onReady: @Sendable (Int) -> Void

    /// - Parameter onReady: called with the port once requests are taken.
    package init(
        host: String,
        port: Int,
        store: Store,
        logger: Logger,
        onReady: @escaping @Sendable (Int) -> Void
    ) {
        self.host = host
        self.port = port
        self.store = store
        self.logger = logger
        self.onReady = onReady
    }

    package func run() async throws {
        let router = Router()
        router.get("-/health/live/") { _, _ in HTTPResponse.Status.noContent }
        router.get("-/health/ready/") { [store] _, _ in
            do {
                _ = try await store.read { try $0.groupCount() }
                return HTTPResponse.Status.noContent
            } catch {
                return HTTPResponse.Status.serviceUnavailable
            }
        }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { [onReady, port] channel in onReady(channel.localAddress?.port ?? port) },
            logger: logger
        )
        do { try await application.run() } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw ServerError(
                description: "Port \(port) of \(host) is in use; stop what uses it, or give --listen HOST:PORT."
            )
        }
    }
}

/// Why the server cannot run, in one sentence.
package struct ServerError: Error, Equatable, CustomStringConvertible {
    package let description: String
}

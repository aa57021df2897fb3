package import CausewayGraphTypes
import CausewayJSON
import Foundation
import HTTPTypes
import HummingbirdCore
import HummingbirdTLS
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// The endpoints of a running tenant.
package struct EmulatorEndpoints: Sendable {
    /// `http://127.0.0.1:PORT`, without a path: the sign-in service.
    package let login: String
    /// Graph with its version.
    package let graph: String
    package let control: String
    package let tenantID: String
    /// The client id of the first application.
    package let clientID: String

    /// One line for programs that start the tenant and wait for it.
    package var jsonLine: String {
        let fields: JSONValue = [
            "login_endpoint": .string(login), "graph_endpoint": .string(graph), "control_endpoint": .string(control),
            "tenant_id": .string(tenantID), "client_id": .string(clientID),
        ]
        return fields.text
    }
}

/// Emulated Microsoft Entra tenants: Graph, the sign-in service and a control endpoint on one port of this machine. They follow
/// Graph's documentation and know no client.
package enum Emulator {
    /// Runs tenants until the task is canceled.
    ///
    /// - Parameters:
    ///   - observer: receives every call that was carried out.
    ///   - onReady: called once, with the first tenant, when requests are accepted.
    /// - Throws: ``EmulatorError`` if the port is taken or a tenant cannot be read.
    package static func run(
        settings: EmulatorSettings,
        types: GraphTypes,
        clock: AdvancingClock = AdvancingClock(),
        logger: Logger,
        observer: ExchangeObserver? = nil,
        onReady: @escaping @Sendable (EmulatorEndpoints) -> Void
    ) async throws {
        let site = try EmulatorResponder(settings: settings, types: types, clock: clock, observer: observer)
        // The bare server, because an application framework would date answers by the system's clock instead of the tenant's.
        let certificate = try ServerCertificate(settings)
        let builder = try certificate.map { try HTTPServerBuilder.tls(tlsConfiguration: $0.configuration) } ?? .http1()
        let server = try builder.buildServer(
            configuration: ServerConfiguration(
                address: .hostname(settings.host, port: settings.port),
                availableConnectionsDelegate: .maximum(settings.mostConnections, logger: logger)
            ),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        ) { request, writer, channel in
            let response = try await site.respond(to: request, on: channel)
            try await writer.write(response: response.head, body: response.body)
        } onServerRunning: { channel in
            let port = channel.localAddress?.port ?? settings.port
            let scheme = settings.isSecured ? "https" : "http"
            onReady(site.open(at: settings.publicURL ?? "\(scheme)://\(settings.host):\(port)"))
        }
        defer { try? site.hosts.flush() }
        do {
            try await server.run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw EmulatorError(
                description:
                    "Port \(settings.port) of \(settings.host) is in use; stop what uses it, or choose another port with "
                    + "--listen."
            )
        } catch is CancellationError {
            return
        }
    }
}

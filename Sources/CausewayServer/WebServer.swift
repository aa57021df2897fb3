package import CausewayAPI
package import CausewayWeb
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// The HTTP server: the REST API, the admin interface, and the health checks.
package struct WebServer: Service, CustomStringConvertible {
    /// Its name in logs. Without it, the service group describes the whole value, with everything in it.
    package var description: String { "web server" }

    private let host: String
    private let port: Int
    private let api: APIService
    private let pages: WebInterface
    private let limits: NetworkLimits
    private let hosts: AllowedHosts
    private let readiness: Readiness
    private let logger: Logger
    private let onReady: @Sendable (Int) -> Void

    /// - Parameter onReady: called with the port once requests are accepted.
    package init(
        host: String,
        port: Int,
        api: APIService,
        pages: WebInterface,
        limits: NetworkLimits,
        hosts: AllowedHosts,
        readiness: Readiness,
        logger: Logger,
        onReady: @escaping @Sendable (Int) -> Void
    ) {
        self.host = host
        self.port = port
        self.api = api
        self.pages = pages
        self.limits = limits
        self.hosts = hosts
        self.readiness = readiness
        self.logger = logger
        self.onReady = onReady
    }

    package func run() async throws {
        let application = Application(
            responder: WebResponder(api: api, pages: pages, hosts: hosts, readiness: readiness),
            server: .http1(configuration: channels),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                // Somewhat more than are served, so that the rest can be answered; beyond that, new connections wait for others to end.
                availableConnectionsDelegate: .maximum(limits.connections + Self.refusals, logger: logger)
            ),
            onServerRunning: { [onReady, port] channel in onReady(channel.localAddress?.port ?? port) },
            logger: logger
        )
        do { try await application.run() } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw ServerError(
                description: "Port \(port) of \(host) is in use; stop what uses it, or set another port with --listen."
            )
        }
    }
}

extension WebServer {
    /// Connections that are accepted only to be refused.
    private static let refusals = 32

    /// The channel handlers between a connection and its requests.
    private var channels: HTTP1Channel.Configuration {
        let (limits, census) = (limits, ConnectionCensus(limits: limits, logger: logger))
        return HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGate(census: census), RequestTimer(limits: limits)],
            httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                maxHeaderFieldSize: limits.headerSize,
                maxHeaderListSize: limits.headersSize,
                maxHeaderFieldCount: limits.headerCount
            )
        )
    }
}

/// Passes each request to the part that serves it.
private struct WebResponder: HTTPResponder {
    let api: APIService
    let pages: WebInterface
    let hosts: AllowedHosts
    let readiness: Readiness

    func respond(to request: Request, context: APIRequestContext) async throws -> Response {
        switch request.uri.path {
        // Monitoring calls each server by its own name.
        case "/-/health/live/", "/-/health/live": return Response(status: .noContent)
        case "/-/health/ready/", "/-/health/ready":
            return Response(status: await readiness.isReady() ? .noContent : .serviceUnavailable)
        default: break
        }
        guard hosts.allows(api.host(of: request)) else { return Self.unknownHost }
        guard APIService.serves(request.uri.path) else { return await pages.respond(to: request, context: context) }
        return await api.respond(to: request, context: context)
    }

    private static var unknownHost: Response {
        let sentence =
            "This server does not accept that host name. Add it to the setting allowed_hosts, or set trust_proxy if there is a proxy "
            + "in front of the server.\n"
        return Response(
            status: .badRequest,
            headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: sentence))
        )
    }
}

/// Why the server cannot run, in one sentence.
package struct ServerError: Error, Equatable, CustomStringConvertible {
    package let description: String
}

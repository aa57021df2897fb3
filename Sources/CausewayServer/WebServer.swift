package import CausewayAPI
package import CausewayStore
package import CausewayWeb
import Foundation
import HTTPTypes
import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle

/// The HTTP server: the REST API, the admin interface, and whether the program is alive and ready.
package struct WebServer: Service {
    private let host: String
    private let port: Int
    private let api: APIService
    private let pages: WebInterface
    private let store: Store
    private let logger: Logger
    private let onReady: @Sendable (Int) -> Void

    /// - Parameter onReady: called with the port once requests are taken.
    package init(
        host: String,
        port: Int,
        api: APIService,
        pages: WebInterface,
        store: Store,
        logger: Logger,
        onReady: @escaping @Sendable (Int) -> Void
    ) {
        self.host = host
        self.port = port
        self.api = api
        self.pages = pages
        self.store = store
        self.logger = logger
        self.onReady = onReady
    }

    package func run() async throws {
        let application = Application(
            responder: WebResponder(api: api, pages: pages, store: store),
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

/// Gives each request to the part that serves it.
private struct WebResponder: HTTPResponder {
    let api: APIService
    let pages: WebInterface
    let store: Store

    func respond(to request: Request, context: APIRequestContext) async throws -> Response {
        switch request.uri.path {
        case let path where APIService.serves(path): await api.respond(to: request, context: context)
        case "/-/health/live/", "/-/health/live": Response(status: .noContent)
        case "/-/health/ready/", "/-/health/ready": Response(status: await isReady ? .noContent : .serviceUnavailable)
        default: await pages.respond(to: request, context: context)
        }
    }

    private var isReady: Bool {
        get async { (try? await store.read { try $0.groupCount() }) != nil }
    }
}

/// Why the server cannot run, in one sentence.
package struct ServerError: Error, Equatable, CustomStringConvertible {
    package let description: String
}

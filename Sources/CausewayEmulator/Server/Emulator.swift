package import CausewayGraphTypes
import CausewayJSON
import Foundation
import HTTPTypes
import Hummingbird
package import Logging
import NIOCore
import Synchronization

/// An emulated Microsoft Entra tenant: Graph, the log-in service and a control endpoint on one port of this machine. It knows
/// Graph's documentation and no client.
package enum Emulator {
    /// Runs a tenant until the task is cancelled.
    ///
    /// - Parameter onReady: called once, when the tenant takes requests.
    /// - Throws: ``EmulatorError`` where the port is taken.
    package static func run(
        settings: EmulatorSettings,
        types: GraphTypes,
        clock: any TenantClock = AdvancingClock(),
        logger: Logger,
        onReady: @escaping @Sendable (EmulatorEndpoints) -> Void
    ) async throws {
        let tenant = Tenant(settings: settings, types: types, clock: clock)
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in try await tenant.respond(to: request) },
            configuration: ApplicationConfiguration(address: .hostname(settings.host, port: settings.port)),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? settings.port
                tenant.setBase("http://\(settings.host):\(port)")
                onReady(tenant.endpoints)
            },
            logger: logger
        )
        do {
            try await application.runService(gracefulShutdownSignals: [])
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw EmulatorError(
                description:
                    "Port \(settings.port) of \(settings.host) is in use; stop what uses it, or choose another with "
                    + "--listen."
            )
        } catch is CancellationError {
            return
        }
    }
}

/// The parts of a tenant, and how a request finds the right one.
final class Tenant: Sendable {
    private let settings: EmulatorSettings
    private let graph: GraphService
    private let login: LoginService
    private let throttle: TenantThrottle
    private let log = RequestLog()
    private let hold = AnswerHold()
    private let control: ControlService
    private let clock: any TenantClock
    private let random: Mutex<SeededRandom>
    private let base = Mutex("")

    private static let bodyLimit = 4 << 20

    init(settings: EmulatorSettings, types: GraphTypes, clock: any TenantClock) {
        self.settings = settings
        self.clock = clock
        graph = GraphService(settings: settings, clock: clock, types: types)
        login = LoginService(settings: settings, domains: graph.domains, clock: clock)
        throttle = TenantThrottle(settings: settings, clock: clock)
        control = ControlService(
            graph: graph,
            login: login,
            throttle: throttle,
            log: log,
            hold: hold,
            clock: clock
        )
        random = Mutex(SeededRandom(seed: settings.seed &+ 99))
    }

    func setBase(_ url: String) { base.withLock { $0 = url } }

    var endpoints: EmulatorEndpoints {
        let base = base.withLock { $0 }
        return EmulatorEndpoints(
            login: base,
            graph: "\(base)/v1.0",
            control: "\(base)/_control",
            tenantID: settings.tenantID,
            clientID: settings.clientID
        )
    }

    func respond(to request: Request) async throws -> Response {
        let buffer = try await request.body.collect(upTo: Self.bodyLimit)
        let body = Array(buffer.readableBytesView)
        let path = request.uri.path
        let target = { (prefix: String) in String(request.uri.string.dropFirst(prefix.count)) }
        let headers = Dictionary(
            request.headers.map { ($0.name.canonicalName, $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        let method = request.method.rawValue
        if path.hasPrefix("/v1.0/") {
            try await hold.pass { self.log.writes }
            let response = graphResponse(method, target("/v1.0"), headers, body)
            try await hold.pass { self.log.writes }
            return response
        }
        if path.hasPrefix("/_control/") {
            let call = GraphCall(
                method: method,
                target: target("/_control"),
                headers: headers,
                body: try? JSONValue(parsing: body)
            )
            return Self.response(call.map(control.answer) ?? ControlService.problem("The address is invalid.", 400))
        }
        if path.hasSuffix("/oauth2/v2.0/token"), method == "POST" { return tokenResponse(path, body) }
        return Self.response(ControlService.problem("This is an emulated tenant: Graph is at /v1.0.", 404))
    }

    private func tokenResponse(_ path: String, _ body: [UInt8]) -> Response {
        log.countToken()
        let tenant = path.split(separator: "/").first.map(String.init) ?? ""
        let form = GraphCall(
            method: "POST",
            target: "?" + String(decoding: body, as: UTF8.self),
            headers: [:],
            body: nil
        )
        return Self.response(login.token(tenant: tenant, form: form?.query ?? [:], audience: endpoints.graph))
    }

    // MARK: Graph

    private func graphResponse(
        _ method: String,
        _ target: String,
        _ headers: [String: String],
        _ body: [UInt8]
    ) -> Response {
        let context = AnswerContext(
            date: clock.now().graphText,
            requestID: random.withLock { $0.uuid() },
            clientRequestID: headers["client-request-id"] ?? ""
        )
        var reply: GraphReply
        do throws(GraphProblem) {
            try login.check(authorization: headers["authorization"])
            reply = try graphReply(method, target, headers, body, context)
        } catch {
            reply = context.reply(error)
            if error.status == 401 {
                reply.headers["WWW-Authenticate"] = "Bearer authorization_uri=\"\(endpoints.login)\""
            }
        }
        reply.headers.merge(context.headers) { own, _ in own }
        return Self.response(reply)
    }

    private func graphReply(
        _ method: String,
        _ target: String,
        _ headers: [String: String],
        _ body: [UInt8],
        _ context: AnswerContext
    ) throws(GraphProblem) -> GraphReply {
        let json = try Self.json(body)
        guard target == "/$batch" else {
            log.countRequest(isBatch: false)
            guard let call = GraphCall(method: method, target: target, headers: headers, body: json) else {
                throw .malformed("The URL is invalid.")
            }
            return answer(call, context)
        }
        log.countRequest(isBatch: true)
        guard method == "POST" else { throw .methodNotAllowed }
        let entries = try BatchService.entries(of: json)
        var order = random.withLock { SeededRandom(seed: $0.next()) }
        return BatchService.reply(entries, random: &order) { answer($0, context) }
    }

    private static func json(_ body: [UInt8]) throws(GraphProblem) -> JSONValue? {
        guard !body.isEmpty else { return nil }
        guard let json = try? JSONValue(parsing: body) else { throw .malformed("Unable to read JSON request payload.") }
        return json
    }

    private func answer(_ call: GraphCall, _ context: AnswerContext) -> GraphReply {
        let (refusal, headers) = throttle.charge(call)
        var reply: GraphReply
        if let refusal {
            reply = refusal
        } else {
            do throws(GraphProblem) { reply = try graph.answer(call, base: endpoints.graph) } catch {
                reply = context.reply(error)
            }
        }
        reply.headers.merge(headers) { own, _ in own }
        log.count(call, status: reply.status)
        return reply
    }

    private static func response(_ reply: GraphReply) -> Response {
        var fields = HTTPFields()
        for (name, value) in reply.headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        let status = HTTPResponse.Status(code: reply.status)
        guard let body = reply.body else { return Response(status: status, headers: fields) }
        fields[.contentType] = "application/json; odata.metadata=minimal; charset=utf-8"
        return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body.bytes)))
    }
}

/// What every answer to one request has in common.
struct AnswerContext {
    let date: String
    let requestID: String
    let clientRequestID: String

    var headers: [String: String] {
        [
            "request-id": requestID, "client-request-id": clientRequestID.isEmpty ? requestID : clientRequestID,
            "OData-Version": "4.0", "Cache-Control": "no-cache",
        ]
    }

    func reply(_ problem: GraphProblem) -> GraphReply {
        GraphReply(
            status: problem.status,
            body: problem.body(date: date, requestID: requestID, clientRequestID: clientRequestID)
        )
    }
}

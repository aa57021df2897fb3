package import CausewayGraphTypes
import CausewayJSON
import Foundation
import HTTPTypes
import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// Why a tenant cannot run, in one sentence.
package struct EmulatorError: Error, Equatable, CustomStringConvertible {
    package let description: String
}

/// Where a running tenant is.
package struct EmulatorEndpoints: Sendable {
    /// `http://127.0.0.1:PORT`, without a path: the log-in service.
    package let login: String
    /// Graph with its version.
    package let graph: String
    package let control: String
    package let tenantID: String
    /// Of the first application.
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

/// Emulated Microsoft Entra tenants: Graph, the log-in service and a control endpoint on one port of this machine. They know
/// Graph's documentation and no client.
package enum Emulator {
    /// Runs tenants until the task is cancelled.
    ///
    /// - Parameters:
    ///   - observer: told of every call that was carried out.
    ///   - onReady: called once, with the first tenant, when requests are taken.
    /// - Throws: ``EmulatorError`` where the port is taken or a tenant cannot be read.
    package static func run(
        settings: EmulatorSettings,
        types: GraphTypes,
        clock: any TenantClock = AdvancingClock(),
        logger: Logger,
        observer: ExchangeObserver? = nil,
        onReady: @escaping @Sendable (EmulatorEndpoints) -> Void
    ) async throws {
        let site = try EmulatorSite(settings: settings, types: types, clock: clock, observer: observer)
        // The bare server, for a whole application would date answers by the system's clock rather than the tenant's.
        let server = try HTTPServerBuilder.http1().buildServer(
            configuration: ServerConfiguration(address: .hostname(settings.host, port: settings.port)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        ) { request, writer, channel in
            let response = try await site.respond(to: request, on: channel)
            try await writer.write(response: response.head, body: response.body)
        } onServerRunning: { channel in
            let port = channel.localAddress?.port ?? settings.port
            onReady(site.open(at: "http://\(settings.host):\(port)"))
        }
        do {
            try await server.run()
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

/// Finds the right tenant for a request, and puts answers on the wire.
final class EmulatorSite: Sendable {
    private let hosts: Mutex<[TenantHost]>
    private let types: GraphTypes
    private let clock: any TenantClock
    private let ledger = ThrottleLedger()
    private let folder: String?
    private let observer: ExchangeObserver?
    private let base = Mutex("")

    private static let bodyLimit = 4 << 20

    init(
        settings: EmulatorSettings,
        types: GraphTypes,
        clock: any TenantClock,
        observer: ExchangeObserver?
    ) throws(EmulatorError) {
        self.types = types
        self.clock = clock
        self.observer = observer
        folder = settings.folder
        var made: [TenantHost] = []
        for tenant in settings.tenants {
            let file = settings.folder.map { URL(filePath: $0).appending(path: "\(tenant.id).jsonl") }
            made.append(
                try TenantHost(
                    settings: tenant,
                    types: types,
                    clock: clock,
                    ledger: ledger,
                    file: file,
                    observer: observer
                )
            )
        }
        guard !made.isEmpty else { throw EmulatorError(description: "The settings hold no tenant; give at least one.") }
        hosts = Mutex(made)
    }

    /// Takes requests at an address.
    ///
    /// - Returns: where the first tenant is.
    func open(at url: String) -> EmulatorEndpoints {
        base.withLock { $0 = url }
        let first = hosts.withLock { $0[0].live.value }
        return EmulatorEndpoints(
            login: url,
            graph: "\(url)/v1.0",
            control: "\(url)/_control",
            tenantID: first.id,
            clientID: first.applications.first?.clientID ?? ""
        )
    }

    private func host(where isWanted: (TenantHost) -> Bool) -> TenantHost? {
        hosts.withLock { $0.first(where: isWanted) }
    }
    private var firstHost: TenantHost { hosts.withLock { $0[0] } }

    // MARK: Requests

    func respond(to request: Request, on channel: any Channel) async throws -> Response {
        let buffer = try await request.body.collect(upTo: Self.bodyLimit)
        let body = Array(buffer.readableBytesView)
        let headers = Dictionary(
            request.headers.map { ($0.name.canonicalName, $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        let (reply, host) = try await answer(request, headers, body)
        if reply.delay > 0 { try await Task.sleep(for: .seconds(reply.delay)) }
        if reply.isDropped { try await channel.close() }
        if let host { try await host.hold.pass { host.log.writes } }
        return response(reply)
    }

    private func answer(
        _ request: Request,
        _ headers: [String: String],
        _ body: [UInt8]
    ) async throws -> (GraphReply, TenantHost?) {
        let path = request.uri.path
        let target = { (prefix: String) in String(request.uri.string.dropFirst(prefix.count)) }
        let method = request.method.rawValue
        if path.hasPrefix("/v1.0/") {
            let host = host { $0.login.knows(authorization: headers["authorization"]) } ?? firstHost
            try await host.hold.pass { host.log.writes }
            let url = base.withLock { "\($0)/v1.0" }
            return (host.graphReply(method, target("/v1.0"), headers, body, base: url), host)
        }
        if path.hasPrefix("/_control/") { return (control(method, target("/_control"), headers, body), nil) }
        if path.hasSuffix("/oauth2/v2.0/token"), method == "POST" { return (token(path, headers, body), nil) }
        if method == "GET", let page = page(path) { return (page, nil) }
        return (ControlService.problem("This is an emulated tenant: Graph is at /v1.0.", 404), nil)
    }

    private func token(_ path: String, _ headers: [String: String], _ body: [UInt8]) -> GraphReply {
        let tenant = path.split(separator: "/").first.map(String.init) ?? ""
        let host = host { $0.isNamed(tenant) } ?? firstHost
        let url = base.withLock { $0 }
        var form =
            GraphCall(method: "POST", target: "?" + String(decoding: body, as: UTF8.self), headers: [:], body: nil)?
            .query ?? [:]
        form.merge(Self.basic(headers["authorization"])) { own, _ in own }
        return host.token(
            LoginService.TokenRequest(tenant: tenant, form: form, url: url + path, graph: "\(url)/v1.0")
        )
    }

    /// Client id and secret of a Basic header, which stand for the fields of the body (RFC 6749, section 2.3.1).
    private static func basic(_ authorization: String?) -> [String: String] {
        guard let authorization, authorization.lowercased().hasPrefix("basic "),
            let bytes = Data(base64Encoded: String(authorization.dropFirst("basic ".count)))
        else { return [:] }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: ":", maxSplits: 1).map { part in
            part.removingPercentEncoding ?? String(part)
        }
        return parts.count == 2 ? ["client_id": parts[0], "client_secret": parts[1]] : [:]
    }

    // MARK: Controls

    private func control(_ method: String, _ target: String, _ headers: [String: String], _ body: [UInt8]) -> GraphReply
    {
        let json = body.isEmpty ? nil : try? JSONValue(parsing: body)
        guard body.isEmpty || json != nil else { return ControlService.problem("The body is not valid JSON.", 400) }
        guard let call = GraphCall(method: method, target: target, headers: headers, body: json) else {
            return ControlService.problem("The address is invalid.", 400)
        }
        guard call.names.first == "tenants" else { return ControlService(host: firstHost).answer(call.names, call) }
        guard call.names.count > 1 else { return tenants(call) }
        guard let host = host(where: { $0.isNamed(call.names[1]) }) else {
            return ControlService.problem("There is no tenant '\(call.names[1])'.", 404)
        }
        return ControlService(host: host).answer(Array(call.names.dropFirst(2)), call)
    }

    private func tenants(_ call: GraphCall) -> GraphReply {
        guard call.method == "POST" else {
            return .ok([
                "value": .array(
                    hosts.withLock { $0.map { ["id": .string($0.id), "name": .string($0.live.value.name)] } }
                )
            ])
        }
        do {
            let settings = try TenantSettings(setting: call.body ?? [:], named: "tenant")
            guard host(where: { $0.id == settings.id }) == nil else {
                return ControlService.problem("There is a tenant '\(settings.id)' already.", 409)
            }
            let file = folder.map { URL(filePath: $0).appending(path: "\(settings.id).jsonl") }
            let host = try TenantHost(
                settings: settings,
                types: types,
                clock: clock,
                ledger: ledger,
                file: file,
                observer: observer
            )
            hosts.withLock { $0.append(host) }
            return GraphReply(status: 201, body: settings.settingJSON)
        } catch {
            return ControlService.problem("\(error)", 400)
        }
    }

    // MARK: Answers

    private func page(_ path: String) -> GraphReply? {
        let parts = path.split(separator: "/").map(String.init)
        if parts.isEmpty { return GraphReply(status: 302, headers: ["Location": "/tenants/\(firstHost.id)"]) }
        guard parts.count == 2, parts[0] == "tenants", let host = host(where: { $0.isNamed(parts[1]) }) else {
            return nil
        }
        return GraphReply(
            status: 200,
            headers: ["Content-Type": "text/html; charset=utf-8"],
            text: TenantPage.html(tenant: host.live.value)
        )
    }

    private func response(_ reply: GraphReply) -> Response {
        var fields = HTTPFields()
        fields[.date] = Self.httpDate(clock.now())
        for (name, value) in reply.headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        let status = HTTPResponse.Status(code: reply.status)
        if let text = reply.text {
            fields[.contentType] = fields[.contentType] ?? "text/plain"
            return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
        guard let body = reply.body else { return Response(status: status, headers: fields) }
        fields[.contentType] = "application/json; odata.metadata=minimal; charset=utf-8"
        return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body.bytes)))
    }

    /// `Tue, 24 Nov 2026 08:00:00 GMT` (RFC 9110, section 5.6.7).
    private static func httpDate(_ date: Date) -> String { date.formatted(dateFormat) }

    private static let dateFormat = Date.VerbatimFormatStyle(
        format:
            "\(weekday: .abbreviated), \(day: .twoDigits) \(month: .abbreviated) \(year: .defaultDigits) \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits) GMT",
        locale: Locale(identifier: "en_US_POSIX"),
        timeZone: .gmt,
        calendar: Calendar(identifier: .gregorian)
    )
}

import CausewayGraphTypes
import CausewayJSON
import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore
import Synchronization

/// Finds the tenant of a request, and sends answers.
final class EmulatorResponder: Sendable {
    let hosts: TenantRegistry
    private let isSecured: Bool
    private let base = Mutex("")

    /// Both versions have the same content; links in answers keep the requested version.
    private static let versions = ["/v1.0", "/beta"]

    /// The version of a path, whatever its letter case.
    static func version(of path: some StringProtocol) -> String? {
        let folded = path.lowercased()
        return versions.first { folded.hasPrefix("\($0)/") }
    }

    /// Of a request to Graph.
    private static let bodyLimit = 4 << 20
    /// Of a control request, which may contain a whole tenant.
    private static let controlLimit = 64 << 20

    init(
        settings: EmulatorSettings,
        types: GraphTypes,
        clock: AdvancingClock,
        observer: ExchangeObserver?
    ) throws(EmulatorError) {
        hosts = try TenantRegistry(settings, .init(types: types, clock: clock, observer: observer))
        isSecured = settings.isSecured
    }

    /// Starts to accept requests at an address.
    ///
    /// - Returns: the endpoints of the first tenant.
    func open(at url: String) -> EmulatorEndpoints {
        base.withLock { $0 = url }
        let first = hosts.first.live.value
        return EmulatorEndpoints(
            login: url,
            graph: "\(url)/v1.0",
            control: "\(url)/_control",
            tenantID: first.id,
            clientID: first.applications.first?.clientID ?? ""
        )
    }

    // MARK: Requests

    func respond(to request: Request, on channel: any Channel) async throws -> Response {
        let headers = Dictionary(
            request.headers.map { ($0.name.canonicalName, $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        let (reply, host) = try await answer(request, headers)
        if reply.delay > 0 { try await Task.sleep(for: .seconds(reply.delay)) }
        if reply.isDropped { try await channel.close() }
        if let host { try await host.hold.pass { host.log.writes } }
        return response(reply)
    }

    /// - Returns: nil if it is too long.
    private func body(of request: Request) async throws -> [UInt8]? {
        let limit = request.uri.path.hasPrefix("/_control/") ? Self.controlLimit : Self.bodyLimit
        do { return Array(try await request.body.collect(upTo: limit).readableBytesView) } catch is NIOTooManyBytesError
        {
            return nil
        }
    }

    private func answer(_ request: Request, _ headers: [String: String]) async throws -> (GraphReply, Tenant?) {
        let path = request.uri.path
        let base = base(for: request.head.authority ?? headers["host"] ?? "")
        guard let body = try await body(of: request) else {
            return (hosts.first.refusal(.tooLarge, headers), nil)
        }
        let target = { (prefix: String) in String(request.uri.string.dropFirst(prefix.count)) }
        let method = request.method.rawValue
        if let version = Self.version(of: path) {
            let host = hosts.host { $0.login.knows(authorization: headers["authorization"]) } ?? hosts.first
            try await host.hold.pass { host.log.writes }
            return (host.graphReply(method, target(version), headers, body, base: base.graph + version), host)
        }
        if path.hasPrefix("/_control/") { return (control(method, target("/_control"), headers, body), nil) }
        let login = LoginRoutes(hosts: hosts, documents: LoginDocuments(base: base.login, graph: base.graph))
        if let reply = login.answer(method, request.uri.string, headers, body) { return (reply, nil) }
        if method == "GET", let page = page(path) { return (page, nil) }
        return (ControlService.problem("This is an emulated tenant: Graph is at /v1.0.", 404), nil)
    }

    /// The addresses of the sign-in service and Graph under the requested host name: answers contain links to both.
    private func base(for authority: String) -> (login: String, graph: String) {
        let own = base.withLock { $0 }
        guard isSecured else { return (own, own) }
        let name = authority.lowercased().prefix { $0 != ":" }
        let url = "https://\(authority.lowercased())"
        return (
            MicrosoftNames.login.contains(String(name)) ? url : own,
            MicrosoftNames.graph.contains(String(name)) ? url : own
        )
    }

    // MARK: Controls

    private func control(_ method: String, _ target: String, _ headers: [String: String], _ body: [UInt8]) -> GraphReply
    {
        let json = body.isEmpty ? nil : try? JSONValue(parsing: body)
        guard body.isEmpty || json != nil else { return ControlService.problem("The body is not valid JSON.", 400) }
        guard let call = GraphCall(method: method, target: target, headers: headers, body: json) else {
            return ControlService.problem("The address is invalid.", 400)
        }
        let reply = answer(control: call)
        guard method != "GET" else { return reply }
        if call.names.last == "clock" { hosts.keepClock() }
        do { try hosts.flush() } catch { return ControlService.problem("\(error)", 500) }
        return reply
    }

    private func answer(control call: GraphCall) -> GraphReply {
        guard call.names.first == "tenants" else { return ControlService(host: hosts.first).answer(call.names, call) }
        guard call.names.count > 1 else { return tenants(call) }
        guard let host = hosts.named(call.names[1]) else {
            return ControlService.problem("There is no tenant '\(call.names[1])'.", 404)
        }
        return ControlService(host: host).answer(Array(call.names.dropFirst(2)), call)
    }

    private func tenants(_ call: GraphCall) -> GraphReply {
        guard call.method == "POST" else {
            return .ok([
                "value": .array(hosts.all.map { ["id": .string($0.id), "name": .string($0.live.value.name)] })
            ])
        }
        do {
            let settings = try TenantSettings(setting: call.body ?? [:], named: "tenant")
            guard let host = try hosts.add(settings) else {
                return ControlService.problem("There is already a tenant '\(settings.id)'.", 409)
            }
            return GraphReply(status: 201, body: host.live.value.settingJSON)
        } catch {
            return ControlService.problem("\(error)", 400)
        }
    }

    // MARK: Answers

    private func page(_ path: String) -> GraphReply? {
        let parts = path.split(separator: "/").map(String.init)
        if parts.isEmpty { return GraphReply(status: 302, headers: ["Location": "/tenants/\(hosts.first.id)"]) }
        guard parts.count == 2, parts[0] == "tenants", let host = hosts.named(parts[1]) else {
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
        fields[.date] = Self.httpDate(hosts.clock.now())
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

extension GraphProblem {
    fileprivate static let tooLarge = GraphProblem(
        status: 413,
        code: "RequestEntityTooLarge",
        message: "The size of the request exceeds the maximum size permitted."
    )
}

import AsyncHTTPClient
package import CausewayNetwork
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The real network, through AsyncHTTPClient. The owner of the client makes it and shuts it down.
package final class NetworkTransport: HTTPTransport {
    private let direct: HTTPClient
    /// The client for requests through a proxy.
    private let proxied: HTTPClient?
    private let proxy: ProxyRule
    /// Why the proxy must not be used.
    private let obstacle: ProxyFailure?
    private let fence: SendingFence?
    private static let bodyLimit = 64 * 1_048_576
    /// The time after which the kernel gives up on bytes that the other side has not acknowledged, in milliseconds (tcp(7),
    /// `TCP_USER_TIMEOUT`): a request that was written does not arrive later.
    private static let userTimeout = CInt(18)
    /// The kernel takes a whole batch at once, so that no part of it waits in the process; in bytes.
    private static let sendBuffer: ChannelOptions.Types.SocketOption.Value = 1_048_576
    /// How long a connection may be silent in the middle of an answer.
    private static let longestSilence = TimeAmount.seconds(100)

    /// - Parameters:
    ///   - proxy: the proxy of these requests; nil for the proxy of the settings.
    ///   - fence: says until when anything may be sent.
    package convenience init(_ settings: NetworkSettings, proxy: ProxyRule? = nil, fence: SendingFence? = nil) {
        self.init(allowing: settings.endpoints.allows, proxy: proxy ?? settings.proxies, fence, settings)
    }

    /// - Parameter allows: whether a connection to an address may be used, whatever name led there.
    package convenience init(
        allowing allows: @escaping @Sendable (NetworkAddress) -> Bool = EndpointRule.standard.allows,
        fence: SendingFence? = nil
    ) {
        self.init(allowing: allows, proxy: .direct, fence, NetworkSettings())
    }

    private init(
        allowing allows: @escaping @Sendable (NetworkAddress) -> Bool,
        proxy: ProxyRule,
        _ fence: SendingFence?,
        _ settings: NetworkSettings
    ) {
        (self.proxy, self.fence) = (proxy, fence)
        var configuration = Self.configuration(allowing: allows, fence, settings.authorities)
        direct = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        obstacle = Self.obstacle(proxy, settings.endpoints)
        guard let address = proxy.address, obstacle == nil else {
            proxied = nil
            return
        }
        configuration.proxy = .server(host: address.host, port: address.port, authorization: address.authorization)
        // The sender of a request decides about a retry, after it knows the reason.
        configuration.connectionPool.retryConnectionEstablishment = false
        proxied = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    private static func obstacle(_ rule: ProxyRule, _ endpoints: EndpointRule) -> ProxyFailure? {
        if let violation = rule.violation { return ProxyFailure(.invalid(violation), nil) }
        guard let address = rule.address, let violation = endpoints.violation(to: address) else { return nil }
        return ProxyFailure(.forbidden(violation), address)
    }

    private static func configuration(
        allowing allows: @escaping @Sendable (NetworkAddress) -> Bool,
        _ fence: SendingFence?,
        _ authorities: [String]
    ) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(10)
        configuration.timeout.read = longestSilence
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
        let check = { @Sendable (channel: any Channel) in
            Self.check(channel, allows).flatMap { Self.prepare(channel, fence) }
        }
        configuration.http1_1ConnectionDebugInitializer = check
        configuration.http2ConnectionDebugInitializer = check
        let further = authorities.compactMap { try? NIOSSLCertificate(bytes: Array($0.utf8), format: .pem) }
        if !further.isEmpty {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.additionalTrustRoots = [.certificates(further)]
            configuration.tlsConfiguration = tls
        }
        return configuration
    }

    /// Closes a connection before anything is sent on it if it leads to an address that is not allowed.
    private static func check(_ channel: any Channel, _ allows: (NetworkAddress) -> Bool) -> EventLoopFuture<Void> {
        guard let address = channel.remoteAddress?.ipAddress.flatMap(NetworkAddress.init(host:)), !allows(address)
        else {
            return channel.eventLoop.makeSucceededVoidFuture()
        }
        channel.close(promise: nil)
        return channel.eventLoop.makeFailedFuture(ForbiddenAddress())
    }

    /// Sets how long what was sent may be on its way, and puts the fence in front of the socket.
    private static func prepare(_ channel: any Channel, _ fence: SendingFence?) -> EventLoopFuture<Void> {
        guard let fence else { return channel.eventLoop.makeSucceededVoidFuture() }
        let option = ChannelOptions.Types.SocketOption.tcpOption(.init(rawValue: userTimeout))
        let arrival = ChannelOptions.Types.SocketOption.Value(fence.arrival.components.seconds * 1000)
        return channel.setOption(option, value: arrival)
            .flatMap { channel.setOption(.socketOption(.so_sndbuf), value: sendBuffer) }
            .flatMap { channel.pipeline.addHandler(FenceHandler(fence), position: .first) }
    }

    package func send<Reader: BodyReader>(
        _ request: HTTPRequestMessage,
        deadline: ContinuousClock.Instant,
        body reader: Reader
    ) async throws -> (HTTPHead, Reader) {
        let left = deadline - ContinuousClock.now
        guard left > .zero else { throw TransportError.timedOut }
        guard fence?.isClosed != true else { throw TransportError.stopped }
        let (client, route) = try self.route(to: request.url)
        do {
            let response = try await client.execute(Self.message(request), deadline: .now() + TimeAmount(left))
            var headers: [String: String] = [:]
            for (name, value) in response.headers { headers[name.lowercased()] = value }
            let head = HTTPHead(status: Int(response.status.code), headers: headers)
            return (head, try await Self.read(response.body, into: reader, deadline))
        } catch {
            if let failure = route?.failure(error) { throw failure }
            throw Self.translated(error)
        }
    }

    /// The client for a URL, and the route through the proxy if there is one.
    private func route(to url: String) throws(TransportError) -> (client: HTTPClient, route: ProxyRoute?) {
        guard proxy.address != nil || obstacle != nil, let target = ProxyRoute.Target(url),
            !proxy.isDirect(target.host, target.port)
        else { return (direct, nil) }
        if let obstacle { throw .proxy(obstacle) }
        guard let proxied, let address = proxy.address else { return (direct, nil) }
        return (proxied, ProxyRoute(proxy: address, target: target))
    }

    private static func message(_ request: HTTPRequestMessage) -> HTTPClientRequest {
        var message = HTTPClientRequest(url: request.url)
        message.method = HTTPMethod(rawValue: request.method)
        for (name, value) in request.headers { message.headers.add(name: name, value: value) }
        if let body = request.body { message.body = .bytes(body) }
        return message
    }

    private static func read<Reader: BodyReader>(
        _ body: HTTPClientResponse.Body,
        into reader: Reader,
        _ deadline: ContinuousClock.Instant
    ) async throws -> Reader {
        var reader = reader
        var length = 0
        for try await piece in body {
            length += piece.readableBytes
            guard length <= bodyLimit else { throw TransportError.tooLarge(limit: bodyLimit) }
            guard ContinuousClock.now < deadline else { throw TransportError.timedOut }
            piece.withUnsafeReadableBytes { reader.take($0.bindMemory(to: UInt8.self)) }
        }
        return reader
    }

    /// Ends all connections. Call once, when no request is in flight any more.
    package func shutdown() async throws {
        try await direct.shutdown()
        try await proxied?.shutdown()
    }

    private static func translated(_ error: any Error) -> any Error {
        switch error {
        case is CancellationError, is TransportError: error
        case let error as HTTPClientError: translated(error)
        case is ForbiddenAddress: TransportError.unreachable("it leads to a link-local or metadata address")
        case is NIOConnectionError: TransportError.unreachable("the host refuses or does not exist")
        default: TransportError.lostAnswer(String(describing: type(of: error)))
        }
    }

    private static func translated(_ error: HTTPClientError) -> any Error {
        switch error {
        case .cancelled: CancellationError()
        case .connectTimeout: TransportError.unreachable("the host does not answer")
        case .invalidURL, .emptyHost, .emptyScheme: TransportError.unreachable("the address is not a URL")
        case .deadlineExceeded, .readTimeout: TransportError.timedOut
        default: TransportError.lostAnswer(error.shortDescription)
        }
    }
}

private struct ForbiddenAddress: Error {}

extension ProxyAddress {
    /// The credentials for the proxy (RFC 7617).
    fileprivate var authorization: HTTPClient.Authorization? {
        user.map { .basic(username: $0, password: secret ?? "") }
    }
}

extension TimeAmount {
    fileprivate init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}

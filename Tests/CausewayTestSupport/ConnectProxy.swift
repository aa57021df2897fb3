import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// An HTTP proxy on a real port of this machine. It connects every host that a client names (CONNECT; RFC 9110, 9.3.6) to one port of
/// this machine, so a test reaches its own tenant at Microsoft's host names.
package struct ConnectProxy: Sendable {
    /// A request of a client.
    package struct Visit: Hashable, Sendable {
        /// `host:port`.
        package let target: String
        /// The header `Proxy-Authorization`; nil if there was none.
        package let authorization: String?
        package let status: Int
    }

    private let server: any Channel
    private let door: ProxyDoor

    package var port: Int { server.localAddress?.port ?? 0 }
    /// The requests, in order.
    package var visits: [Visit] { door.visits }

    /// Serves until the body returns.
    ///
    /// - Parameters:
    ///   - destination: the port that it connects to.
    ///   - access: the user and secret that clients must send; nil for a proxy without a sign-in.
    ///   - refused: hosts that it does not connect to.
    package static func with<Value: Sendable>(
        to destination: Int,
        access: (user: String, secret: String)? = nil,
        refused: Set<String> = [],
        _ work: (ConnectProxy) async throws -> Value
    ) async throws -> Value {
        let door = ProxyDoor(access: access, refused: refused)
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ConnectHandler(door, destination: destination))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let result: Result<Value, any Error>
        do { result = .success(try await work(ConnectProxy(server: server, door: door))) } catch {
            result = .failure(error)
        }
        try await server.close()
        return try result.get()
    }
}

/// Decides which requests are accepted, and records them.
private final class ProxyDoor: Sendable {
    private let expected: String?
    private let refused: Set<String>
    private let record = Mutex<[ConnectProxy.Visit]>([])

    var visits: [ConnectProxy.Visit] { record.withLock { $0 } }

    init(access: (user: String, secret: String)?, refused: Set<String>) {
        self.refused = refused
        expected = access.map { "Basic " + Data("\($0.user):\($0.secret)".utf8).base64EncodedString() }
    }

    /// Records a request.
    ///
    /// - Returns: the status of the answer.
    func admit(_ head: String) -> Int {
        let lines = head.components(separatedBy: "\r\n")
        let request = (lines.first ?? "").split(separator: " ").map(String.init)
        let name = "proxy-authorization:"
        let authorization = lines.first { $0.lowercased().hasPrefix(name) }
            .map { $0.dropFirst(name.count).trimmingCharacters(in: .whitespaces) }
        let target = request.count > 1 ? request[1] : ""
        let status = status(request.first, host: String(target.prefix { $0 != ":" }), authorization)
        record.withLock { $0.append(.init(target: target, authorization: authorization, status: status)) }
        return status
    }

    private func status(_ method: String?, host: String, _ authorization: String?) -> Int {
        if let expected, authorization != expected { return 407 }
        return method == "CONNECT" && !refused.contains(host) ? 200 : 403
    }
}

/// Reads the head of a client's request, and then passes on what the client sends.
private final class ConnectHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let door: ProxyDoor
    private let destination: Int
    private var head = ByteBuffer()
    private var isAnswered = false
    private var upstream: (any Channel)?

    init(_ door: ProxyDoor, destination: Int) { (self.door, self.destination) = (door, destination) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var piece = unwrapInboundIn(data)
        if let upstream { return upstream.writeAndFlush(piece, promise: nil) }
        head.writeBuffer(&piece)
        let text = String(buffer: head)
        guard !isAnswered, text.contains("\r\n\r\n") else { return }
        isAnswered = true
        switch door.admit(text) {
        case 200: connect(context.channel)
        case 407: refuse(context.channel, "407 Proxy Authentication Required")
        default: refuse(context.channel, "403 Forbidden")
        }
    }

    func channelInactive(context: ChannelHandlerContext) { upstream?.close(promise: nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    /// The other side is on the same event loop, so both sides need no locks.
    private func connect(_ client: any Channel) {
        ClientBootstrap(group: client.eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ForwardingHandler(to: client))
                }
            }
            .connect(host: "127.0.0.1", port: destination)
            .assumeIsolated()
            .whenComplete { result in
                guard case .success(let upstream) = result else { return client.close(promise: nil) }
                self.upstream = upstream
                client.writeAndFlush(ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n"), promise: nil)
            }
    }

    private func refuse(_ client: any Channel, _ status: String) {
        let answer = "HTTP/1.1 \(status)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        client.writeAndFlush(ByteBuffer(string: answer)).whenComplete { _ in client.close(promise: nil) }
    }
}

/// Passes on what the destination sends.
private final class ForwardingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let client: any Channel

    init(to client: any Channel) { self.client = client }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        client.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { client.close(promise: nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

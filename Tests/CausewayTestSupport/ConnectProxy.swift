import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// An HTTP proxy on a real port of this machine. It connects every host that a client names (CONNECT; RFC 9110, 9.3.6) to one port of
/// this machine, so a test reaches its own tenant at Microsoft's host names.
package final class ConnectProxy: Sendable {
    private typealias ObjectLink = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// A request of a client.
    package struct Visit: Hashable, Sendable {
        /// `host:port`.
        package let target: String
        /// The header `Proxy-Authorization`; nil if there was none.
        package let authorization: String?
        package let status: Int
    }

    package let port: Int
    private let destination: Int
    private let expected: String?
    private let refused: Set<String>
    private let record = Mutex<[Visit]>([])

    /// The requests, in order.
    package var visits: [Visit] { record.withLock { $0 } }

    private init(port: Int, destination: Int, access: (user: String, secret: String)?, refused: Set<String>) {
        (self.port, self.destination, self.refused) = (port, destination, refused)
        expected = access.map { "Basic " + Data("\($0.user):\($0.secret)".utf8).base64EncodedString() }
    }

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
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture { try ObjectLink(wrappingChannelSynchronously: channel) }
            }
        let port = server.channel.localAddress?.port ?? 0
        let proxy = ConnectProxy(port: port, destination: destination, access: access, refused: refused)
        async let serving: Void = proxy.serve(server)
        let result: Result<Value, any Error>
        do { result = .success(try await work(proxy)) } catch { result = .failure(error) }
        try? await server.channel.close()
        try? await serving
        return try result.get()
    }

    private func serve(_ server: NIOAsyncChannel<ObjectLink, Never>) async throws {
        try await server.executeThenClose { clients in
            try await withThrowingDiscardingTaskGroup { group in
                for try await client in clients {
                    group.addTask { try? await self.serve(client) }
                }
                group.cancelAll()
            }
        }
    }

    private func serve(_ client: ObjectLink) async throws {
        try await client.executeThenClose { input, output in
            var pieces = input.makeAsyncIterator()
            var head = ByteBuffer()
            while !String(buffer: head).contains("\r\n\r\n") {
                guard var piece = try await pieces.next() else { return }
                head.writeBuffer(&piece)
            }
            let status = note(String(buffer: head))
            guard status == 200 else {
                let words = status == 407 ? "Proxy Authentication Required" : "Forbidden"
                let answer = "HTTP/1.1 \(status) \(words)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                return try await output.write(ByteBuffer(string: answer))
            }
            let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            let upstream = try await bootstrap.connect(host: "127.0.0.1", port: destination) { channel in
                channel.eventLoop.makeCompletedFuture { try ObjectLink(wrappingChannelSynchronously: channel) }
            }
            try await output.write(ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n"))
            try await upstream.executeThenClose { answers, requests in
                try await withThrowingTaskGroup { group in
                    group.addTask {
                        for try await piece in answers { try await output.write(piece) }
                        try await client.channel.close()
                    }
                    while let piece = try await pieces.next() { try await requests.write(piece) }
                    group.cancelAll()
                }
            }
        }
    }

    /// Records a request.
    ///
    /// - Returns: the status of the answer.
    private func note(_ head: String) -> Int {
        let lines = head.components(separatedBy: "\r\n")
        let request = (lines.first ?? "").split(separator: " ").map(String.init)
        let name = "proxy-authorization:"
        let authorization = lines.first { $0.lowercased().hasPrefix(name) }
            .map { $0.dropFirst(name.count).trimmingCharacters(in: .whitespaces) }
        let target = request.count > 1 ? request[1] : ""
        let host = String(target.prefix { $0 != ":" })
        let status =
            if let expected, authorization != expected {
                407
            } else if request.first != "CONNECT"
                || refused.contains(host)
            { 403 } else { 200 }
        record.withLock { $0.append(Visit(target: target, authorization: authorization, status: status)) }
        return status
    }
}

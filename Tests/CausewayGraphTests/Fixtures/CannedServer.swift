import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A server on a real socket that knows nothing of Graph: it answers every request with the same bytes, except for paths that have
/// their own answer. One answer per connection.
final class CannedServer: Sendable {
    let port: Int
    private let listener: Int32
    private let answers: [(path: String, bytes: [UInt8])]
    private let count = Mutex(0)

    /// How many requests had no answer of their own.
    var requests: Int { count.withLock { $0 } }

    /// - Parameter answers: by the end of the path, without the query; the empty text matches every path.
    init(_ answers: [(path: String, bytes: [UInt8])]) throws {
        self.answers = answers
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, pointer, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRINUSE) }
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    /// Serves until the work ends.
    static func with(
        _ answers: [(path: String, bytes: [UInt8])],
        _ work: (CannedServer) async throws -> Void
    ) async throws {
        let server = try CannedServer(answers)
        Thread.detachNewThread { server.serve() }
        defer { server.stop() }
        try await work(server)
    }

    /// An answer on the wire.
    ///
    /// - Parameter length: the value of `Content-Length`; by default the body's true length.
    static func answer(_ status: String, _ headers: [String] = [], _ body: String = "", length: Int? = nil) -> [UInt8] {
        let lines =
            ["HTTP/1.1 \(status)", "Content-Length: \(length ?? body.utf8.count)", "Connection: close"] + headers
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
    }

    /// Ends `serve`, which closes the listener: closed here, its number could be another server's when `serve` accepts again.
    private func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func serve() {
        defer { close(listener) }
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { return }
            Thread.detachNewThread { self.answer(on: connection) }
        }
    }

    private func answer(on connection: Int32) {
        defer { close(connection) }
        guard let path = Self.path(readFrom: connection) else { return }
        let own = answers.first { path.hasSuffix($0.path) }
        if own?.path.isEmpty != false { count.withLock { $0 += 1 } }
        var bytes = (own?.bytes ?? [])[...]
        while !bytes.isEmpty {
            let sent = bytes.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return }
            bytes = bytes.dropFirst(sent)
        }
        shutdown(connection, Int32(SHUT_WR))
    }

    /// Reads a request to its end: an answer before that would be lost with the connection.
    private static func path(readFrom connection: Int32) -> String? {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            text += String(decoding: buffer[..<count], as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n") else { continue }
            let length = text[..<end.lowerBound].lowercased().split(separator: "\r\n").first {
                $0.hasPrefix("content-length:")
            }
            .flatMap { Int($0.dropFirst("content-length:".count).trimmingCharacters(in: .whitespaces)) }
            guard text[end.upperBound...].utf8.count >= length ?? 0 else { continue }
            let target = text.split(separator: " ", maxSplits: 2).dropFirst().first ?? ""
            return String(target.prefix { $0 != "?" })
        }
    }
}

import Foundation

/// A port of this machine that shows who connects and what they send first.
package final class LoopbackListener: Sendable {
    private let socket: Int32
    package let url: String

    package init() throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(socket, pointer, length) == 0 && listen(socket, 5) == 0
                    && getsockname(socket, pointer, &length) == 0
            }
        }
        guard isListening else { throw POSIXError(.EADDRINUSE) }
        self.socket = socket
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
    }

    /// Whether a connection is waiting to be accepted.
    package var hasVisitor: Bool {
        var watched = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, 0) > 0
    }

    /// Accepts the next connection.
    ///
    /// - Parameter answer: the answer to the first bytes; nil for none.
    /// - Returns: the first bytes; empty if the client closed the connection without sending any.
    package func visit(answer: String? = nil) async -> String {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "visit").async { [socket] in
                let visitor = accept(socket, nil, nil)
                var bytes = [UInt8](repeating: 0, count: 4096)
                let count = read(visitor, &bytes, bytes.count)
                if let answer { _ = answer.withCString { write(visitor, $0, strlen($0)) } }
                close(visitor)
                continuation.resume(returning: String(decoding: bytes.prefix(max(0, count)), as: UTF8.self))
            }
        }
    }

    deinit { close(socket) }
}

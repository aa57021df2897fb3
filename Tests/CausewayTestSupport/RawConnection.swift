import Foundation
import Glibc

/// A bare TCP connection to a server on this machine, for clients that no library imitates. It is closed with its last reference.
package final class RawConnection: Sendable {
    private let socket: Int32

    /// Why there is no connection.
    package struct Refused: Error {}

    /// - Parameters:
    ///   - origin: `http://127.0.0.1:PORT`.
    ///   - address: the client's own, of 127.0.0.0/8.
    package init(to origin: String, from address: String = "127.0.0.1") throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0, let port = URL(string: origin)?.port else { throw Refused() }
        var own = Self.address(address, port: 0)
        var theirs = Self.address("127.0.0.1", port: UInt16(port))
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafePointer(to: &own) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, size) }
        }
        let isConnected = withUnsafePointer(to: &theirs) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, size) }
        }
        guard isBound == 0, isConnected == 0 else {
            close(socket)
            throw Refused()
        }
    }

    deinit { close(socket) }

    private static func address(_ text: String, port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, text, &address.sin_addr)
        return address
    }

    /// - Returns: false if the other side has closed the connection.
    @discardableResult
    package func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// Sends as much as is possible without waiting.
    ///
    /// - Returns: false if the other side has closed the connection.
    package func sendWithoutWaiting(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        return Glibc.send(socket, bytes, bytes.count, flags) >= 0 || errno == EAGAIN
    }

    /// Reads what has arrived; waits for the first byte.
    ///
    /// - Returns: nil if the other side has closed or reset the connection.
    package func receive() -> String? {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &bytes, bytes.count, 0)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }

    /// Reads until the other side closes.
    package func receiveToEnd() -> String {
        var text = ""
        while let part = receive() { text += part }
        return text
    }

    /// Whether something has arrived that has not been read.
    package var hasReceived: Bool {
        var byte: UInt8 = 0
        return recv(socket, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) > 0
    }

    /// Whether the other side has closed the connection.
    package var isClosed: Bool {
        var byte: UInt8 = 0
        let count = recv(socket, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
        return count == 0 || (count < 0 && errno != EAGAIN)
    }
}

package import Foundation
import Glibc
import Synchronization

/// Stands between a program and a PostgreSQL server, and cuts the connection at a commit.
package final class CommitCutter: Sendable {
    package enum Cut: Sendable {
        /// The server does not receive the commit.
        case before
        /// The server commits, and its answer is lost.
        case after
    }

    private let cut = Mutex<Cut?>(nil)
    private let listening: Int32
    private let target: String
    private let folder: URL

    /// - Parameter server: the folder with the server's socket.
    package init(folder: URL, server: URL) throws {
        self.folder = folder
        target = Self.socketPath(in: server)
        listening = try Self.withSocket(Self.socketPath(in: folder)) { bind($0, $1, $2) }
        guard listen(listening, 16) == 0 else { throw NoSocket() }
        Thread.detachNewThread { [self] in accept() }
    }

    /// The server's address through this.
    package var url: String { "postgres://postgres@/postgres?host=\(folder.path)" }

    /// Cuts the connection at the next commit.
    package func cutNext(_ cut: Cut) { self.cut.withLock { $0 = cut } }

    /// Takes no further connections.
    package func close() { shutdown(listening, Int32(SHUT_RDWR)) }

    private func accept() {
        while true {
            let client = Glibc.accept(listening, nil, nil)
            guard client >= 0 else { break }
            guard let server = try? Self.withSocket(target, { connect($0, $1, $2) }) else {
                Glibc.close(client)
                continue
            }
            let pair = Pair(client: client, server: server)
            Thread.detachNewThread { [self] in passOn(pair) }
            Thread.detachNewThread { pair.answer() }
        }
        Glibc.close(listening)
    }

    private func passOn(_ pair: Pair) {
        defer { pair.end() }
        while let bytes = Pair.read(pair.client) {
            let isCommit = bytes.firstRange(of: Array("COMMIT\0".utf8)) != nil
            let cut = isCommit ? self.cut.withLock { $0.take() } : nil
            if cut == .before { return }
            if cut == .after { pair.isCutOff.store(true, ordering: .sequentiallyConsistent) }
            guard Pair.write(bytes, to: pair.server) else { return }
        }
    }

    private static func socketPath(in folder: URL) -> String { folder.appending(path: ".s.PGSQL.5432").path }

    private static func withSocket(_ path: String, _ use: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32) throws
        -> Int32
    {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                use(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            Glibc.close(descriptor)
            throw NoSocket()
        }
        return descriptor
    }

    private struct NoSocket: Error {}
}

/// The two connections of one client. They are closed when both directions have ended.
private final class Pair: Sendable {
    let client: Int32
    let server: Int32
    /// Whether the server's next answer is lost.
    let isCutOff = Atomic(false)

    init(client: Int32, server: Int32) { (self.client, self.server) = (client, server) }

    deinit { for descriptor in [client, server] { close(descriptor) } }

    func end() { for descriptor in [client, server] { shutdown(descriptor, Int32(SHUT_RDWR)) } }

    /// Gives the client the server's answers.
    func answer() {
        defer { end() }
        while let bytes = Self.read(server), !isCutOff.load(ordering: .sequentiallyConsistent) {
            guard Self.write(bytes, to: client) else { return }
        }
    }

    /// - Returns: nil at the end.
    static func read(_ descriptor: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return count > 0 ? Array(bytes[..<count]) : nil
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}

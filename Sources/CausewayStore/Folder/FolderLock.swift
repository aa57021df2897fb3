import Foundation
import Glibc

/// Keeps a second server, and what needs a database at rest, out of a data folder. The kernel releases the lock when the process ends, however it ends; commands
/// that run next to the server take none.
package final class FolderLock: Sendable {
    private let file: Int32

    /// - Throws: ``StoreError`` of code `locked` that names the process that holds it.
    package init(_ folder: DataFolder) throws(StoreError) {
        // Not inherited by child processes: they would keep it beyond this process's end.
        let file = open(folder.lockFile, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw folder.unwritable(errno) }
        self.file = file
        var result = flock(file, LOCK_EX | LOCK_NB)
        while result != 0, errno == EINTR { result = flock(file, LOCK_EX | LOCK_NB) }
        if result != 0 {
            guard errno == EWOULDBLOCK else {
                throw StoreError(
                    .unavailable,
                    "The data folder \(folder.path) cannot be locked (\(SystemError.text)); put it on a local file system."
                )
            }
            throw StoreError(
                .locked,
                "Another program of Causeway\(Self.holder(file)) uses the data folder \(folder.path); stop it first."
            )
        }
        let name = Array("\(getpid())\n".utf8)
        guard ftruncate(file, 0) == 0, pwrite(file, name, name.count, 0) == name.count else {
            throw folder.unwritable(errno)
        }
    }

    deinit { close(file) }

    /// Notes the address of the server, for commands on this machine.
    ///
    /// - Throws: ``StoreError`` if the file cannot be written.
    package func publish(_ address: String, in folder: DataFolder) throws(StoreError) {
        let text = Array("\(getpid())\n\(address)\n".utf8)
        guard ftruncate(file, 0) == 0, pwrite(file, text, text.count, 0) == text.count else {
            throw folder.unwritable(errno)
        }
    }

    /// The address of the server that uses a folder; nil if there is none.
    package static func address(in folder: DataFolder) -> String? {
        guard let text = try? String(contentsOfFile: folder.lockFile, encoding: .utf8) else { return nil }
        let lines = text.split(separator: "\n").map(String.init)
        return lines.count == 2 && isHeld(folder.lockFile) ? lines[1] : nil
    }

    /// Whether a process holds the lock; its number may belong to another process by now.
    private static func isHeld(_ path: String) -> Bool {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { Glibc.close(file) }
        return flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    private static func holder(_ file: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = max(0, pread(file, &bytes, bytes.count, 0))
        return Int32(String(decoding: bytes[..<count].prefix { $0 != 10 }, as: UTF8.self)).map { ", process \($0)," }
            ?? ""
    }
}

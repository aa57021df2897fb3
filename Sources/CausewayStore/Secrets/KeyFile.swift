package import CausewayModel
import Crypto
import Foundation
import Glibc

/// The file with the key that stored secrets are sealed with.
package struct KeyFile: Sendable {
    private let path: String

    package init(path: String) { self.path = path }

    package var exists: Bool { FileStatus(of: path) != nil }

    private static let mostBytes = 4096

    /// The key.
    ///
    /// - Parameter mayBeMade: whether a new key may be created if there is none: only while nothing can have been sealed.
    /// - Throws: ``StoreError`` if the file is missing, or cannot be read or created.
    package func key(mayBeMade: Bool) throws(StoreError) -> Secret {
        if let key = try read() { return key }
        guard mayBeMade else {
            throw StoreError(
                .secretKey,
                "The database contains secrets, and the key that they were sealed with is missing: there is no file \(path). Put "
                    + "it back from a backup, or set CAUSEWAY_SECRET_KEY to the key. If it is lost for good: "
                    + "causeway config new-key"
            )
        }
        return try make()
    }

    /// Nil if there is no file.
    private func read() throws(StoreError) -> Secret? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw StoreError(
                .secretKey,
                "The key file \(path) cannot be read (\(SystemError.text)); check its permissions."
            )
        }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: Self.mostBytes)
        let count = Glibc.read(file, &bytes, bytes.count)
        guard count >= 0 else {
            throw StoreError(.secretKey, "The key file \(path) cannot be read (\(SystemError.text)).")
        }
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        return Secret(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// Creates a new key. The file gets its name once it is complete and on the disk, and never replaces another: of two
    /// programs that begin at once, both use the first one's key.
    private func make() throws(StoreError) -> Secret {
        let text = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0).base64EncodedString() }
        let draft = "\(path).\(UUID().uuidString.lowercased())"
        try write(Array("\(text)\n".utf8), to: draft)
        defer { unlink(draft) }
        if link(draft, path) == 0 { return Secret(text) }
        guard errno == EEXIST, let other = try read() else { throw unwritable() }
        return other
    }

    /// Replaces a lost key with a new one.
    package func replace() throws(StoreError) -> Secret {
        if rename(path, path + ".former") != 0, errno != ENOENT { throw unwritable() }
        return try make()
    }

    private func write(_ bytes: [UInt8], to draft: String) throws(StoreError) {
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw unwritable() }
        defer { close(file) }
        guard Glibc.write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else { throw unwritable() }
    }

    private func unwritable() -> StoreError {
        StoreError(
            .unavailable,
            "The key file \(path) cannot be written (\(SystemError.text)); check the permissions of its folder."
        )
    }
}

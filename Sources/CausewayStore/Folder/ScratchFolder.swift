package import Foundation

/// A temporary folder that only its owner may enter.
package enum ScratchFolder {
    /// Makes a folder, and removes it after its use, whatever happens.
    ///
    /// - Parameter purpose: a part of its name, for people who find it after a crash.
    package static func with<Value>(for purpose: String, _ body: (URL) async throws -> Value) async throws -> Value {
        let name = "causeway-\(purpose)-\(UUID().uuidString)"
        let folder = FileManager.default.temporaryDirectory.appending(path: name)
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }
}

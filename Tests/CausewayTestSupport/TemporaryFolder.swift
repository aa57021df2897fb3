package import Foundation

/// A folder for one test, removed afterwards with the databases of data folders in it.
package enum TemporaryFolder {
    package static func with<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
        guard let server = TestDatabase.server else { return try await withFolder(body) }
        return try await TestTurn.server.with {
            try await withFolder { folder in
                let result: Result<Value, any Error>
                do { result = .success(try await body(folder)) } catch { result = .failure(error) }
                try await server.removeDatabases(below: folder)
                return try result.get()
            }
        }
    }

    private static func withFolder<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "causeway-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }
}

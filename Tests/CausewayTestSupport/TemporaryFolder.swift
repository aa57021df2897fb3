import CausewayStore
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
        try await ScratchFolder.with(for: "test", body)
    }
}

package import CausewayStore
package import Foundation

/// A PostgreSQL server of one test, which may change its settings and stop it. It listens on a socket in its folder.
package struct OwnServer: Sendable {
    package let folder: URL

    private static let script = ProjectFiles.root.appending(path: "scripts/postgresql-server")

    /// Its empty database.
    package var url: String { "postgres://postgres@/postgres?host=\(folder.path)" }

    /// Starts a server, and removes it after the body.
    ///
    /// - Parameter settings: lines of `postgresql.conf`.
    package static func with<Value>(_ settings: String..., body: (OwnServer) async throws -> Value) async throws
        -> Value
    {
        try await TestTurn.server.with {
            try await made("create", settings) { server in
                try await server.start()
                return try await body(server)
            }
        }
    }

    /// Starts a replica of it, and removes that after the body.
    package func withReplica<Value>(_ body: (OwnServer) async throws -> Value) async throws -> Value {
        try await Self.made("replica", [folder.path]) { replica in
            try await replica.start()
            return try await body(replica)
        }
    }

    private static func made<Value>(
        _ action: String,
        _ arguments: [String],
        _ body: (OwnServer) async throws -> Value
    ) async throws -> Value {
        // Not in a folder of the test: that is closed to the server's user.
        let server = OwnServer(folder: URL(filePath: "/tmp/causeway-postgresql-\(UUID().uuidString.prefix(8))"))
        let result: Result<Value, any Error>
        do {
            try await server.run(action, arguments)
            result = .success(try await body(server))
        } catch { result = .failure(error) }
        try? await server.stop(.immediate)
        try await server.run("remove")
        return try result.get()
    }

    package func start() async throws { try await run("start") }

    package enum StopMode: String, Sendable {
        /// Ends connections, and gives replicas everything.
        case fast
        /// As if it were killed.
        case immediate
    }

    package func stop(_ mode: StopMode) async throws { try await run("stop", [mode.rawValue]) }

    /// Makes a replica take writes.
    package func promote() async throws { try await run("promote") }

    /// Replaces the rules by which it lets users in, from its next start on.
    package func allow(_ rules: String) throws {
        try Data((rules + "\n").utf8).write(to: folder.appending(path: "data/pg_hba.conf"))
    }

    /// Adds a line to `postgresql.conf`, for its next start.
    package func set(_ line: String) throws {
        let file = try FileHandle(forWritingTo: folder.appending(path: "data/postgresql.conf"))
        try file.seekToEnd()
        try file.write(contentsOf: Data((line + "\n").utf8))
        try file.close()
    }

    /// Runs a statement as the server's administrator.
    package func query(_ sql: String) async throws { try await TestServer.run(sql, at: url) }

    /// Whether it answers at another address.
    package func answers(at url: String) -> Bool { (try? TestServer.rows("SELECT 1", at: url)) != nil }

    /// Opens the store.
    ///
    /// - Parameter other: another address of its database.
    package func open(at other: String? = nil) async throws -> Store {
        try await Store.open(
            at: .server(PostgreSQLAddress(url: other ?? url)),
            secrets: SecretBox(keyText: StoreFixture.keyText)
        )
    }

    private func run(_ action: String, _ arguments: [String] = []) async throws {
        let done = try await Program.run([action, folder.path] + arguments, at: Self.script)
        guard done.status == 0 else { throw Refused(description: "\(action): \(done.errors)") }
    }

    private struct Refused: Error, CustomStringConvertible {
        let description: String
    }
}

package import CausewayModel
package import CausewayStore

/// A database of the tests' PostgreSQL server, for tests of what only servers have.
package struct ServerDatabase: Sendable {
    /// Its address, for the server's administrator.
    package let url: String

    /// - Returns: nil if the tests run without a server.
    package static func with<Value>(_ body: (ServerDatabase) async throws -> Value) async throws -> Value? {
        guard let server = TestDatabase.server else { return nil }
        return try await TemporaryFolder.with { folder in
            try await body(ServerDatabase(url: try await server.address(of: folder, copyOf: nil)))
        }
    }

    package var name: String { url.firstMatch(of: /\/(test_[a-z0-9]+)\?/).map { String($0.1) } ?? "" }

    /// Runs a statement as the server's administrator.
    package func run(_ sql: String) async throws { try await TestServer.run(sql, at: url) }

    /// The same database, for another user.
    package func url(for user: String) -> String { url.replacing("//postgres@", with: "//\(user)@") }

    /// Opens the store.
    ///
    /// - Parameter clock: of this node's machine.
    package func open(at other: String? = nil, clock: @escaping @Sendable () -> Timestamp = { .now() }) async throws
        -> Store
    {
        try await Store.open(
            at: .server(PostgreSQLAddress(url: other ?? url)),
            secrets: SecretBox(keyText: StoreFixture.keyText),
            clock: clock
        )
    }
}

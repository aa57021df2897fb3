package import CausewayModel
package import CausewayStore
package import Foundation

/// A store in a folder of its own that is removed afterwards.
package struct StoreFixture: Sendable {
    package let folder: URL
    package let store: Store
    private let place: DatabasePlace

    package static let keyText = Secret("a key text for tests, long enough")

    /// The file of a database of SQLite.
    package var path: String { folder.appending(path: "causeway.db").path }

    package static func with<Value>(
        clock: (@Sendable () -> Timestamp)? = nil,
        _ body: (StoreFixture) async throws -> Value
    ) async throws -> Value {
        try await TemporaryFolder.with { folder in
            let place = try await newDatabase(in: folder)
            let store = try await open(place, clock: clock)
            let value = try await body(StoreFixture(folder: folder, store: store, place: place))
            try? store.close()
            return value
        }
    }

    /// Opens the same database once more.
    package func open(
        key: Secret = keyText,
        clock: (@Sendable () -> Timestamp)? = nil,
        accepting accepted: Set<OpeningTrouble> = []
    ) async throws -> Store {
        try await Self.open(place, key: key, clock: clock, accepting: accepted)
    }

    private static func open(
        _ place: DatabasePlace,
        key: Secret = keyText,
        clock: (@Sendable () -> Timestamp)?,
        accepting accepted: Set<OpeningTrouble> = []
    ) async throws -> Store {
        try await Store.open(
            at: place,
            secrets: SecretBox(keyText: key),
            clock: clock ?? { .now() },
            asksServerTime: clock == nil,
            accepting: accepted
        )
    }

    // MARK: A database as it is after its creation: creating one takes longer than many a test.

    private static func newDatabase(in folder: URL) async throws -> DatabasePlace {
        if TestDatabase.server != nil { return try await TestDatabase.place(in: folder, copyOf: newDatabase.value) }
        let place = try await TestDatabase.place(in: folder)
        try await newFile.value.write(to: folder.appending(path: "causeway.db"))
        return place
    }

    private static let newFile = Task {
        try await TemporaryFolder.with { folder in
            try await fill(.file(folder.appending(path: "causeway.db").path))
            return try Data(contentsOf: folder.appending(path: "causeway.db"))
        }
    }

    /// The name of a database that others are copies of.
    private static let newDatabase = Task {
        let name = "new_\(UUID().uuidString.lowercased().replacing("-", with: ""))"
        guard let address = try await TestDatabase.server?.create(name, copyOf: nil) else { return "template1" }
        try await fill(.server(PostgreSQLAddress(url: address)))
        return name
    }

    private static func fill(_ place: DatabasePlace) async throws {
        try await open(place, clock: { Timestamp(milliseconds: 0) }).close()
    }
}

extension Store {
    /// Opens the store of a data folder that a program has set up, with its key.
    package static func open(dataFolder folder: URL) async throws -> Store {
        let key = try KeyFile(path: folder.appending(path: "secret.key").path).key(mayBeMade: false)
        return try await open(at: TestDatabase.place(in: folder), secrets: SecretBox(keyText: key))
    }
}

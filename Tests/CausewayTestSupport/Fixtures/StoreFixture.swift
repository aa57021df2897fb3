package import CausewayModel
package import CausewayStore
package import Foundation

/// A store in a folder of its own that is removed afterwards.
package struct StoreFixture: Sendable {
    package let folder: URL
    package let store: Store

    package static let keyText = Secret("a key text for tests, long enough")

    package var path: String { folder.appending(path: "causeway.db").path }

    package static func with<Value>(
        clock: @escaping @Sendable () -> Timestamp = { .now() },
        _ body: (StoreFixture) async throws -> Value
    ) async throws -> Value {
        try await TemporaryFolder.with { folder in
            try await newDatabase.value.write(to: folder.appending(path: "causeway.db"))
            let store = try await open(folder, clock)
            let value = try await body(StoreFixture(folder: folder, store: store))
            try? store.close()
            return value
        }
    }

    /// A database as it is after its creation. Creating one takes longer than many a test.
    private static let newDatabase = Task {
        try await TemporaryFolder.with { folder in
            try await open(folder) { Timestamp(milliseconds: 0) }.close()
            return try Data(contentsOf: folder.appending(path: "causeway.db"))
        }
    }

    private static func open(_ folder: URL, _ clock: @escaping @Sendable () -> Timestamp) async throws -> Store {
        try await Store.open(
            path: folder.appending(path: "causeway.db").path,
            secrets: SecretBox(keyText: keyText),
            clock: clock
        )
    }
}

extension Store {
    /// Opens the store of a data folder that a program has set up, with its key.
    package static func open(dataFolder folder: URL) async throws -> Store {
        let key = try KeyFile(path: folder.appending(path: "secret.key").path).key(mayBeMade: false)
        return try await open(path: folder.appending(path: "causeway.db").path, secrets: SecretBox(keyText: key))
    }
}

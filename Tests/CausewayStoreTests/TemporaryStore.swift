import CausewayModel
import CausewayStore
import Foundation

/// A store in a folder of its own that is removed afterwards.
struct TemporaryStore {
    let folder: URL
    let store: Store

    static let keyText = Secret("a key text for tests, long enough")

    var path: String { folder.appending(path: "causeway.db").path }

    static func with<Value>(
        clock: @escaping @Sendable () -> Timestamp = { .now() },
        _ body: (TemporaryStore) async throws -> Value
    ) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "causeway-store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try await Store.open(
            path: folder.appending(path: "causeway.db").path,
            secrets: SecretBox(keyText: keyText),
            clock: clock
        )
        let value = try await body(TemporaryStore(folder: folder, store: store))
        try? store.close()
        return value
    }
}

extension Transaction {
    /// A provider with ordinary settings.
    func makeProvider(_ change: (inout ProviderSettings) -> Void = { _ in }) throws -> EntraProvider {
        var settings = ProviderSettings(name: "Entra", clientID: "client", tenantID: "tenant")
        change(&settings)
        return try createProvider(settings, clientSecret: Secret("s3cret-value"))
    }
}

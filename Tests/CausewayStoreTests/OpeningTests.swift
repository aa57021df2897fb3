import CausewayModel
import CausewayStore
import Foundation
import Testing

@Suite("Opening the store")
struct OpeningTests {
    private static func open(_ path: String, key: Secret = TemporaryStore.keyText) async throws -> Store {
        try await Store.open(path: path, secrets: SecretBox(keyText: key))
    }

    @Test("what was stored is there again, under the same installation id")
    func reopening() async throws {
        try await TemporaryStore.with { temporary in
            try await temporary.store.write { try $0.createUser(UserProfile(username: "ada")) }
            let again = try await Self.open(temporary.path)
            #expect(again.installationID == temporary.store.installationID)
            #expect(try await again.read { try $0.user(named: "ada") } != nil)
        }
    }

    @Test("a file that is no database is refused in one sentence")
    func noDatabase() async throws {
        try await TemporaryStore.with { temporary in
            let path = temporary.folder.appending(path: "other.db").path
            try Data(repeating: 7, count: 8192).write(to: URL(filePath: path))
            let error = await #expect(throws: StoreError.self) { try await Self.open(path) }
            #expect(error?.code == .unreadable)
            #expect(error?.message.contains(path) == true)
        }
    }

    @Test("a folder that is not there is named")
    func missingFolder() async throws {
        let error = await #expect(throws: StoreError.self) { try await Self.open("/nonexistent/causeway.db") }
        #expect(error?.code == .unavailable)
    }

    @Test("a secret sealed with another key cannot be opened, and the message says what to do")
    func otherKey() async throws {
        try await TemporaryStore.with { temporary in
            let provider = try await temporary.store.write { try $0.makeProvider() }
            let other = try await Self.open(temporary.path, key: Secret("quite another key for the same file"))
            let error = await #expect(throws: StoreError.self) {
                try await other.read { try $0.clientSecret(of: provider.id) }
            }
            #expect(error?.code == .secretKey)
            #expect(error?.message.contains("CAUSEWAY_SECRET_KEY") == true)
        }
    }

    @Test("a key file is made for its owner alone, and refused when others may read it")
    func keyFile() async throws {
        try await TemporaryStore.with { temporary in
            let path = temporary.folder.appending(path: "secret.key").path
            _ = try SecretBox(keyFile: path)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
            #expect(mode?.intValue == 0o600)
            _ = try SecretBox(keyFile: path)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            #expect(throws: StoreError.self) { try SecretBox(keyFile: path) }
        }
    }

    @Test("once closed, the file alone is the whole database")
    func closedFile() async throws {
        try await TemporaryStore.with { temporary in
            try await temporary.store.write { transaction in
                _ = try transaction.createUser(UserProfile(username: "ada", name: "Ada", email: "ada@company.com"))
            }
            _ = try await temporary.store.read { try $0.userCounts() }
            try temporary.store.close()
            let copy = temporary.folder.appending(path: "copy.db")
            try FileManager.default.copyItem(at: URL(filePath: temporary.path), to: copy)
            let secrets = try SecretBox(keyText: TemporaryStore.keyText)
            let store = try await Store.open(path: copy.path, secrets: secrets)
            #expect(try await store.read { try $0.userCounts().all } == 1)
            try store.close()
        }
    }
}

import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayStore

@Suite("Opening the store")
struct OpeningTests {
    @Test("stored data is there after reopening, under the same installation id")
    func reopening() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { try $0.createUser(UserProfile(username: "ada")) }
            let again = try await temporary.open()
            #expect(again.installationID == temporary.store.installationID)
            #expect(try await again.read { try $0.user(named: "ada") } != nil)
        }
    }

    @Test("a file that is not a database is refused in one sentence")
    func noDatabase() async throws {
        try await StoreFixture.with { temporary in
            let path = temporary.folder.appending(path: "other.db").path
            try Data(repeating: 7, count: 8192).write(to: URL(filePath: path))
            let error = await #expect(throws: StoreError.self) {
                try await Store.open(at: .file(path), secrets: SecretBox(keyText: StoreFixture.keyText))
            }
            #expect(error?.code == .unreadable)
            #expect(error?.message.contains(path) == true)
        }
    }

    @Test("the error about a missing folder names it")
    func missingFolder() async throws {
        let error = await #expect(throws: StoreError.self) {
            try await Store.open(
                at: .file("/nonexistent/causeway.db"),
                secrets: SecretBox(keyText: StoreFixture.keyText)
            )
        }
        #expect(error?.code == .unavailable)
    }

    @Test("a database whose secrets are sealed with another key is not opened, and the message says what to do")
    func otherKey() async throws {
        try await StoreFixture.with { temporary in
            let other = Secret("quite another key for the same file")
            let error = await #expect(throws: StoreError.self) { try await temporary.open(key: other) }
            #expect(error?.code == .secretKey)
            #expect(error?.message.contains("CAUSEWAY_SECRET_KEY") == true)
            try await temporary.open().close()
        }
    }

    @Test("in a database of an earlier version the sealed secrets reveal a wrong key", arguments: [true, false])
    func keyOfEarlierVersion(hasSecret: Bool) async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                if hasSecret { _ = try transaction.makeProvider() }
                try transaction.execute("UPDATE installation SET key_check = NULL")
            }
            let other = Secret("quite another key for the same file")
            if hasSecret {
                let error = await #expect(throws: StoreError.self) { try await temporary.open(key: other) }
                #expect(error?.code == .secretKey)
                try await temporary.open().close()
            } else {
                try await temporary.open(key: other).close()
                await #expect(throws: StoreError.self) { try await temporary.open() }
            }
        }
    }

    @Test("if the key is lost, the secrets that it sealed are removed and the rest stays")
    func lostKey() async throws {
        try await StoreFixture.with { temporary in
            let provider = try await temporary.store.write { transaction in
                _ = try transaction.createUser(UserProfile(username: "ada"))
                return try transaction.makeProvider()
            }
            let fresh = Secret("a fresh key after the former was lost")
            let store = try await temporary.open(key: fresh, accepting: [.lostKey])
            #expect(try await store.write { try $0.forgetSecrets() } == [provider.settings.name])
            #expect(try await store.read { try $0.clientSecret(of: provider.id).revealed } == "")
            try store.close()
            let again = try await temporary.open(key: fresh)
            #expect(try await again.read { try $0.userCounts().all } == 1)
            try again.close()
        }
    }

    @Test("a key file is created once, readable by its owner only, and only where that is allowed")
    func keyFile() async throws {
        try await StoreFixture.with { temporary in
            let path = temporary.folder.appending(path: "secret.key").path
            let error = #expect(throws: StoreError.self) { try KeyFile(path: path).key(mayBeMade: false) }
            #expect(error?.code == .secretKey)
            let key = try KeyFile(path: path).key(mayBeMade: true)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
            #expect(mode?.intValue == 0o600)
            #expect(try KeyFile(path: path).key(mayBeMade: true) == key)
            #expect(try KeyFile(path: path).key(mayBeMade: false) == key)
            #expect(try KeyFile(path: path).replace() != key)
        }
    }

    @Test("two programs that start at the same time use one key")
    func keyOfTwo() async throws {
        try await StoreFixture.with { temporary in
            let path = temporary.folder.appending(path: "secret.key").path
            let keys = try await withThrowingTaskGroup(of: Secret.self) { group in
                for _ in 0..<8 { group.addTask { try KeyFile(path: path).key(mayBeMade: true) } }
                return try await group.reduce(into: Set<Secret>()) { $0.insert($1) }
            }
            #expect(keys.count == 1)
        }
    }

    @Test("after closing, the database file alone is complete", .onlySQLite)
    func closedFile() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                _ = try transaction.createUser(UserProfile(username: "ada", name: "Ada", email: "ada@company.com"))
            }
            _ = try await temporary.store.read { try $0.userCounts() }
            try temporary.store.close()
            let copy = temporary.folder.appending(path: "copy.db")
            try FileManager.default.copyItem(at: URL(filePath: temporary.path), to: copy)
            let secrets = try SecretBox(keyText: StoreFixture.keyText)
            let store = try await Store.open(at: .file(copy.path), secrets: secrets)
            #expect(try await store.read { try $0.userCounts().all } == 1)
            try store.close()
        }
    }
}

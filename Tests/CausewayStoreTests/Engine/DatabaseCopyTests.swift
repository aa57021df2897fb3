import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Foundation
import GRDB
import Testing

@testable import CausewayStore

@Suite("Copies of the database", .onlySQLite)
struct DatabaseCopyTests {
    private static func open(_ path: String, accepting accepted: Set<OpeningTrouble> = []) async throws -> Store {
        try await Store.open(at: .file(path), secrets: SecretBox(keyText: StoreFixture.keyText), accepting: accepted)
    }

    private static func copy(_ temporary: StoreFixture, _ endings: String...) throws -> String {
        let copy = temporary.folder.appending(path: "copy-\(UUID().uuidString).db").path
        for ending in endings {
            try FileManager.default.copyItem(atPath: temporary.path + ending, toPath: copy + ending)
        }
        return copy
    }

    private static func add(_ count: Int, to store: Store, prefix: String = "user") async throws {
        for number in 0..<count {
            try await store.write { transaction in
                var profile = UserProfile(username: "\(prefix)\(number)")
                profile.attributes = ["text": .string(String(repeating: "x", count: 20_000))]
                _ = try transaction.createUser(profile)
            }
        }
    }

    /// The second count is many times what the log holds before its pages move into the file.
    @Test(
        "a copy of the database file without its log is refused, however much was written before",
        arguments: [1, 900]
    )
    func withoutLog(_ count: Int) async throws {
        try await StoreFixture.with { temporary in
            try await Self.add(count, to: temporary.store)
            let copy = try Self.copy(temporary, "")
            let error = await #expect(throws: StoreError.self) { try await Self.open(copy) }
            #expect(error?.code == .incompleteCopy && error?.message.contains("\(copy)-wal") == true)
            // It is refused again until a person accepts it; then it is an ordinary database.
            await #expect(throws: StoreError.self) { try await Self.open(copy) }
            let store = try await Self.open(copy, accepting: [.incompleteCopy])
            #expect(try await store.read { try $0.userCounts().all } <= count)
            try store.close()
            try await Self.open(copy).close()
        }
    }

    @Test("every complete copy is accepted", arguments: [1, 900])
    func whole(_ count: Int) async throws {
        try await StoreFixture.with { temporary in
            try await Self.add(count, to: temporary.store)
            // Both files, as after a crash.
            var copies = [try Self.copy(temporary, "", "-wal")]
            let saved = temporary.folder.appending(path: "saved.db").path
            let source = try DatabaseQueue(path: temporary.path)
            try await source.vacuum(into: saved)
            let backup = temporary.folder.appending(path: "backup.db").path
            try source.backup(to: DatabaseQueue(path: backup))
            try source.close()
            try temporary.store.close()
            copies += [saved, backup, try Self.copy(temporary, "")]
            for copy in copies {
                let store = try await Self.open(copy)
                #expect(try await store.read { try $0.userCounts().all } == count)
                try store.close()
            }
        }
    }

    @Test("during a long read, changes continue and nothing is lost")
    func longRead() async throws {
        try await StoreFixture.with { temporary in
            try await Self.add(300, to: temporary.store)
            let (reading, isReading) = AsyncStream.makeStream(of: Void.self)
            let release = DispatchSemaphore(value: 0)
            async let count = temporary.store.read { transaction in
                let count = try transaction.userCounts().all
                isReading.finish()
                release.wait()
                return count
            }
            for await _ in reading {}
            try await Self.add(600, to: temporary.store, prefix: "other")
            release.signal()
            #expect(try await count == 300)
            try await Self.add(600, to: temporary.store, prefix: "third")
            let copy = try Self.copy(temporary, "")
            await #expect(throws: StoreError.self) { try await Self.open(copy) }
            #expect(try await temporary.store.read { try $0.userCounts().all } == 1500)
        }
    }
}

import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Foundation
import GRDB
import Synchronization
import Testing

@testable import CausewayStore

@Suite("Copying the database while it is in use", .onlySQLite)
struct DatabaseCopyingTests {
    private static func open(_ path: String, accepting accepted: Set<OpeningTrouble> = []) async throws -> Store {
        try await Store.open(at: .file(path), secrets: SecretBox(keyText: StoreFixture.keyText), accepting: accepted)
    }

    private static func addUsers(_ names: [String], to store: Store) async throws {
        for name in names {
            try await store.write { transaction in
                var profile = UserProfile(username: name)
                profile.attributes = ["text": .string(String(repeating: "x", count: 20_000))]
                _ = try transaction.createUser(profile)
            }
        }
    }

    private static func copy(_ path: String, to name: String = "copy.db", in temporary: StoreFixture) throws -> String {
        let target = temporary.folder.appending(path: name).path
        _ = try DatabaseCopy(of: path, to: target).make { _, _ in }
        return target
    }

    private static func expectRefusal(
        _ code: StoreError.Code,
        of path: String,
        _ words: String,
        in temporary: StoreFixture
    ) {
        let target = temporary.folder.appending(path: "refused.db").path
        let error = #expect(throws: StoreError.self) { try DatabaseCopy(of: path, to: target).make { _, _ in } }
        #expect(error?.code == code && error?.message.contains(words) == true, "\(error as Any)")
        for ending in ["", "-journal", "-wal", "-shm"] {
            #expect(!FileManager.default.fileExists(atPath: target + ending))
        }
    }

    /// The writer waits for nothing: it writes between the steps of the copy, in the same thread.
    @Test("a copy has all of one moment, while others write between its steps; it is one file for its owner only")
    func writers() async throws {
        try await StoreFixture.with { temporary in
            try await Self.addUsers((0..<400).map { "before\($0)" }, to: temporary.store)
            let target = temporary.folder.appending(path: "copy.db").path
            let steps = Mutex<[(done: Int, total: Int)]>([])
            let other = try DatabaseQueue(path: temporary.path)
            let summary = try DatabaseCopy(of: temporary.path, to: target).make { done, total in
                steps.withLock { $0.append((done, total)) }
                #expect(throws: Never.self) {
                    try other.write {
                        try $0.execute(sql: "UPDATE users SET name = 'after' WHERE username = 'before1'")
                    }
                }
            }
            try other.close()
            #expect(steps.withLock { $0.count } > 1)
            #expect(steps.withLock { $0.last.map { $0.done == $0.total } } == true)
            #expect(summary.counts["users"] == 400 && summary.installationID == temporary.store.installationID)
            #expect(summary.schemaVersion == Migration.all.last?.version)
            let mode = try FileManager.default.attributesOfItem(atPath: target)[.posixPermissions] as? NSNumber
            #expect(mode?.intValue == 0o600)
            #expect(!FileManager.default.fileExists(atPath: target + "-wal"))
            let store = try await Self.open(target)
            #expect(try await store.read { try $0.user(named: "before1")?.profile.name } != "after")
            try store.close()
            #expect(try await temporary.store.read { try $0.user(named: "before1")?.profile.name } == "after")
        }
    }

    @Test("a copy is whole at every moment of the original, also while the original moves its log into its file")
    func checkpoints() async throws {
        try await StoreFixture.with { temporary in
            async let writing: Void = Self.addUsers((0..<700).map { "u\($0)" }, to: temporary.store)
            for number in 0..<6 {
                let copy = try Self.copy(temporary.path, to: "copy\(number).db", in: temporary)
                let store = try await Self.open(copy)
                let users = try await store.read { try $0.userCounts().all }
                try store.close()
                #expect(users <= 700)
            }
            try await writing
        }
    }

    @Test("what is no whole database of Causeway is refused, and leaves no file")
    func refusals() async throws {
        try await StoreFixture.with { temporary in
            try await Self.addUsers((0..<900).map { "u\($0)" }, to: temporary.store)
            let folder = temporary.folder
            func path(_ name: String) -> String { folder.appending(path: name).path }
            Self.expectRefusal(.unavailable, of: path("none.db"), "cannot be read", in: temporary)
            try Data("not a database, but long enough".utf8).write(to: folder.appending(path: "text.db"))
            Self.expectRefusal(.unreadable, of: path("text.db"), "is not a database", in: temporary)
            let other = try DatabaseQueue(path: path("other.db"))
            try await other.write { try $0.execute(sql: "CREATE TABLE songs (title TEXT)") }
            try other.close()
            Self.expectRefusal(.unreadable, of: path("other.db"), "another program", in: temporary)
            try FileManager.default.copyItem(atPath: temporary.path, toPath: path("alone.db"))
            Self.expectRefusal(.incompleteCopy, of: path("alone.db"), "write-ahead log", in: temporary)
            let damaged = try Self.copy(temporary.path, to: "damaged.db", in: temporary)
            let handle = try FileHandle(forUpdating: URL(filePath: damaged))
            try handle.seek(toOffset: 4096 * 40)
            try handle.write(contentsOf: Data(repeating: 0xA5, count: 4096 * 400))
            try handle.close()
            Self.expectRefusal(.unreadable, of: damaged, "damaged", in: temporary)
        }
    }

    @Test("a database of a newer program is recognized")
    func newerSchema() async throws {
        try await StoreFixture.with { temporary in
            let copy = try Self.copy(temporary.path, in: temporary)
            let queue = try DatabaseQueue(path: copy)
            try await queue.write {
                try $0.execute(sql: "INSERT INTO schema_versions (version, applied_at_ms) VALUES (9999, 0)")
            }
            try queue.close()
            let target = temporary.folder.appending(path: "newer.db").path
            let summary = try DatabaseCopy(of: copy, to: target).make { _, _ in }
            let error = #expect(throws: StoreError.self) { try summary.requireKnownSchema(copy) }
            #expect(error?.message.contains("schema version 9999") == true)
        }
    }

    @Test("a restored database trusts nothing that it knew of the tenants, and gives no new user a key that was in use")
    func marking() async throws {
        let clock = TestClock()
        try await StoreFixture.with(clock: { clock.now }) { temporary in
            let store = temporary.store
            let (provider, run) = try await store.write { transaction in
                let provider = try transaction.makeProvider().id
                try transaction.saveApplication(Application(name: "A", slug: "a", backchannelProviders: [provider]))
                let run = Run(provider: provider, trigger: .schedule, startedAt: transaction.now)
                _ = try transaction.beginRun(run, lease: RunLease(owner: "p", duration: .seconds(60))) { _ in true }
                try transaction.holdForApproval(run.id, message: "waits")
                _ = try transaction.beginMirrorRound(.user, source: "tenant", provider: provider)
                try transaction.endMirrorRound(.user, deltaLink: "link", provider: provider)
                _ = try transaction.createUser(UserProfile(username: "ada"))
                return (provider, run.id)
            }
            let before = try await store.read { try $0.user(named: "ada")?.id.rawValue ?? 0 }
            clock.turn(by: .seconds(60))
            try await store.write { try $0.markRestored(by: .commandLine(systemUser: "grace")) }
            try await store.write { transaction in
                #expect(try transaction.provider(provider)?.restoredAt == clock.now)
                #expect(try transaction.awaitsFullSyncAfterRestore(provider))
                #expect(try transaction.mirrorFeed(.user, provider: provider)?.deltaLink == nil)
                #expect(try transaction.run(run)?.status == .superseded)
                #expect(try transaction.run(run)?.message.contains("restored from a backup") == true)
                #expect(try transaction.createUser(UserProfile(username: "bob")).id.rawValue > before + 900_000)
                let event = try transaction.events(limit: 1).first
                #expect(event?.action == "custom_restored" && event?.actor == "command line")
                try transaction.endRestore(of: provider, before: clock.now + .seconds(-1))
                #expect(try transaction.provider(provider)?.restoredAt != nil)
                try transaction.endRestore(of: provider, before: clock.now)
                #expect(try transaction.provider(provider)?.restoredAt == nil)
            }
        }
    }
}

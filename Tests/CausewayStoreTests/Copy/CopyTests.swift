import CausewayModel
import CausewayTestSupport
import Foundation
import GRDB
import Synchronization
import Testing

@testable import CausewayStore

@Suite("Copying an installation to another database")
struct CopyTests {
    @Test("there and back, every table has the same rows, and secrets open with the same key")
    func thereAndBack() async throws {
        try await CopyFixture.with { fixture in
            let there = try await CopyFixture.copy(fixture.source, fixture.target)
            let back = try await CopyFixture.copy(fixture.target, fixture.file("back.db"))
            #expect(there.sums == back.sums && !there.wasComplete && !back.wasComplete)
            #expect(try await CopyFixture.sums(fixture.target) == there.sums)
            #expect(try await CopyFixture.sums(fixture.file("back.db")) == there.sums)
            let rows = Dictionary(uniqueKeysWithValues: there.sums.map { ($0.table, $0.rows) })
            #expect(
                rows["users"] == 40 && rows["memberships"] == 40 && rows["actions"] == 300 && rows["installation"] == 1
            )
            #expect(Set(there.sums.map(\.checksum)).count > 10)
            for place in [fixture.target, fixture.file("back.db")] {
                let store = try await CopyFixture.open(place)
                let (secret, found) = try await store.read { transaction in
                    let provider = try #require(
                        try transaction.first("SELECT id FROM providers") { try $0.integer("id") }
                    )
                    let sealed = try #require(
                        try transaction.first(
                            "SELECT client_secret_sealed AS s FROM providers WHERE id = ?",
                            .integer(provider)
                        ) {
                            try $0.blob("s")
                        }
                    )
                    return (try transaction.secrets.open(sealed), try transaction.search(["user17"], limit: 5))
                }
                #expect(secret == Secret("s3cret-value") && found.map(\.name) == ["user17"])
                try store.close()
            }
        }
    }

    @Test("the next numbers follow those of the source, also after deleted rows")
    func numbers() async throws {
        try await CopyFixture.with { fixture in
            _ = try await CopyFixture.copy(fixture.source, fixture.target)
            _ = try await CopyFixture.copy(fixture.target, fixture.file("back.db"))
            for place in [fixture.source, fixture.target, fixture.file("back.db")] {
                let store = try await CopyFixture.open(place)
                let (user, drift, isNext) = try await store.write { transaction in
                    let before = try transaction.count("SELECT MAX(sequence) AS count FROM journal")
                    let user = try transaction.createUser(UserProfile(username: "next"))
                    try transaction.execute(
                        """
                        INSERT INTO drifts (provider_id, object_kind, entra_id, attribute, member_entra_id, old_value, new_value, status,
                            seen_at_ms) SELECT id, 'user', 'e', '', '', '', '', 'reported', 0 FROM providers
                        """
                    )
                    let after = try transaction.count("SELECT MAX(sequence) AS count FROM journal")
                    return (user.id, try transaction.count("SELECT MAX(id) AS count FROM drifts"), after == before + 1)
                }
                #expect(user.rawValue == 41 && drift == 4 && isNext)
                try store.close()
            }
        }
    }

    @Test("a copy that was stopped goes on where it was, and no server opens the part")
    func resumed() async throws {
        try await CopyFixture.with(users: 3000) { fixture in
            let task = Mutex<Task<InstallationCopy.Outcome, any Error>?>(nil)
            let seen = Mutex<[Int]>([])
            let copying = Task {
                try await CopyFixture.copy(fixture.source, fixture.target) { progress in
                    guard progress.step == .copying, progress.done > 2000 else { return }
                    task.withLock { $0?.cancel() }
                }
            }
            task.withLock { $0 = copying }
            await #expect(throws: (any Error).self) { try await copying.value }
            let error = try #require(
                await #expect(throws: StoreError.self) { try await CopyFixture.open(fixture.target) }
            )
            #expect(error.message.contains("unfinished copy"))
            let refusal = try await CopyFixture.refusal(fixture.target, fixture.file("other.db"))
            #expect(refusal.message.contains("unfinished copy"))
            let outcome = try await CopyFixture.copy(fixture.source, fixture.target) { progress in
                guard progress.step == .copying else { return }
                seen.withLock { $0.append(progress.done) }
            }
            let first = seen.withLock { $0.first ?? 0 }
            #expect(first > 2000)
            #expect(try await CopyFixture.sums(fixture.source) == outcome.sums)
            #expect(try await CopyFixture.sums(fixture.target) == outcome.sums)
            let again = try await CopyFixture.copy(fixture.source, fixture.target)
            #expect(again.wasComplete && again.sums == outcome.sums)
        }
    }

    @Test("targets with something else are refused with a sentence, and stay as they are")
    func refusedTargets() async throws {
        try await CopyFixture.with { fixture in
            let other = try await CopyFixture.open(fixture.target)
            try await other.write { try $0.createUser(UserProfile(username: "eve")) }
            try other.close()
            let before = try await CopyFixture.sums(fixture.target)
            let refusal = try await CopyFixture.refusal(fixture.source, fixture.target)
            #expect(refusal.message.contains("another installation") && refusal.code == .unsuitable)
            #expect(try await CopyFixture.sums(fixture.target) == before)

            _ = try await CopyFixture.copy(fixture.source, fixture.file("copy.db"))
            let moved = try await CopyFixture.open(fixture.file("copy.db"))
            try await moved.write { try $0.createUser(UserProfile(username: "later")) }
            try moved.close()
            let later = try await CopyFixture.refusal(fixture.source, fixture.file("copy.db"))
            #expect(
                later.message.contains("with other rows") && later.message.contains("'users' has 41 rows instead of 40")
            )

            let same = try await CopyFixture.refusal(fixture.source, fixture.source)
            #expect(same.message.contains("the same database"))
            let missing = try await CopyFixture.refusal(fixture.file("missing.db"), fixture.file("new.db"))
            #expect(missing.message.contains("no installation"))
        }
    }

    @Test("a source that changed while its copy was interrupted is an error that names the table")
    func changedSource() async throws {
        try await CopyFixture.with { fixture in
            let engine = try await fixture.target.engine()
            let store = try await CopyFixture.open(fixture.source)
            let installation = store.installationID
            try store.close()
            try await engine.writing { transaction in
                try transaction.migrate(Migration.all)
                try transaction.beginCopy(of: installation)
                // A row that is copied by now, with another value.
                try transaction.execute("DELETE FROM sequences")
                try transaction.execute("INSERT INTO sequences (name, last_value) VALUES ('events', 77)")
            }
            try engine.close()
            let error = try await CopyFixture.refusal(fixture.source, fixture.target)
            #expect(error.message.contains("the table 'sequences' has other values"))
            let unfinished = await #expect(throws: StoreError.self) { try await CopyFixture.open(fixture.target) }
            #expect(unfinished?.message.contains("unfinished copy") == true)
        }
    }

    @Test("a PostgreSQL database that a program uses is not copied", .onlyPostgreSQL)
    func sourceInUse() async throws {
        try await CopyFixture.with { fixture in
            let store = try await CopyFixture.open(fixture.target)
            let error = try await CopyFixture.refusal(fixture.target, fixture.file("copy.db"))
            #expect(error.code == .locked && error.message.contains("stop it first"))
            try store.close()
        }
    }

    @Test("a source whose schema is older or newer is refused with what to do")
    func otherSchema() async throws {
        try await CopyFixture.with { fixture in
            let newest = try #require(Migration.all.last?.version)
            for (version, remedy) in [(newest + 1, "newer program"), (newest - 1, "causeway diagnose")] {
                let engine = try await fixture.source.engine()
                try await engine.writing {
                    try $0.execute("DELETE FROM schema_versions WHERE version >= ?", .integer(newest))
                    try $0.execute(
                        "INSERT INTO schema_versions (version, applied_at_ms) SELECT \(version), 0 WHERE \(version) >= \(newest)"
                    )
                }
                try engine.close()
                let error = try await CopyFixture.refusal(fixture.source, fixture.target)
                #expect(error.message.contains(remedy))
            }
        }
    }

    @Test("nothing else writes to the source until the copy is closed")
    func sourceAtRest() async throws {
        try await CopyFixture.with { fixture in
            _ = try await CopyFixture.copy(fixture.source, fixture.target)
            for (number, source) in [fixture.source, fixture.target].enumerated() {
                let copy = try await InstallationCopy(from: source, to: fixture.file("copy\(number).db"))
                await #expect(throws: (any Error).self) { try await Self.addUser(source) }
                _ = try await copy.run { _ in }
                await #expect(throws: (any Error).self) { try await Self.addUser(source) }
                try copy.close()
                try await Self.addUser(source)
                let refusal = try await CopyFixture.refusal(source, fixture.file("copy\(number).db"))
                #expect(refusal.message.contains("'sequences'"))
            }
        }
    }

    /// Writes without waiting, past Causeway's own locks.
    private static func addUser(_ place: DatabasePlace) async throws {
        let sql = "INSERT INTO sequences (name, last_value) VALUES ('later', 1)"
        switch place {
        case .file(let path):
            let queue = try DatabaseQueue(path: path)
            defer { try? queue.close() }
            try await queue.write { try $0.execute(sql: sql) }
        case .server(let address):
            let worker = PostgreSQLWorker(address, label: "test")
            defer { Task { await worker.close() } }
            try await worker.use { session in
                _ = try session.executeAndCount("SET lock_timeout = '1s'", [])
                _ = try session.executeAndCount(sql, [])
            }
        }
    }

    @Test("what comes into the target while the copy begins stays as it is")
    func lateTarget() async throws {
        try await CopyFixture.with { fixture in
            let target = fixture.folder.appending(path: "late.db").path
            let copy = try await InstallationCopy(from: fixture.source, to: .file(target))
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let other = try DatabaseQueue(path: target, configuration: configuration)
            try await other.writeWithoutTransaction { database in
                try database.beginTransaction(.immediate)
                try database.execute(sql: "CREATE TABLE strange (id INTEGER PRIMARY KEY)")
            }
            let running = Task { try await copy.run { _ in } }
            // Time for a look that comes too early.
            try await Task.sleep(for: .milliseconds(300))
            try await other.writeWithoutTransaction { try $0.commit() }
            let error = await #expect(throws: StoreError.self) { try await running.value }
            #expect(error?.message.contains("contains something else") == true)
            try copy.close()
            let tables = try await other.read { try String.fetchAll($0, sql: "SELECT name FROM sqlite_master") }
            #expect(tables == ["strange"])
            try other.close()
        }
    }

    @Test("one database under two names is no copy of itself")
    func twoNames() async throws {
        try await CopyFixture.with { fixture in
            guard case .file(let path) = fixture.source else { return }
            let link = fixture.folder.appending(path: "link.db").path
            #expect(symlink(path, link) == 0)
            let linked = try await CopyFixture.refusal(fixture.source, .file(link))
            #expect(linked.message.contains("the same database"))
            guard case .server(let address) = fixture.target else { return }
            _ = try await CopyFixture.copy(fixture.source, fixture.target)
            // The server's socket is in a folder.
            let (_, socket, database) = try #require(address.name.firstMatch(of: /postgres:\/\/(.*)\/([^\/]*)/)).output
            let second = fixture.folder.appending(path: "s").path
            #expect(symlink(String(socket), second) == 0)
            let other = try PostgreSQLAddress(url: "postgres://postgres@/\(database)?host=\(second)")
            let refusal = try await CopyFixture.refusal(fixture.target, .server(other))
            #expect(refusal.message.contains("the same database"))
        }
    }

    @Test("a file that lacks its log is not copied, one with a log becomes whole, and so is each copy")
    func wholeness() async throws {
        try await CopyFixture.with { fixture in
            guard case .file(let path) = fixture.source else { return }
            try await Self.mark(path, isWhole: false)
            let torn = try await CopyFixture.refusal(fixture.source, fixture.target)
            #expect(torn.code == .incompleteCopy)
            // As a program leaves it that is killed while it moves its log into the file.
            let other = try await Self.withLog(path)
            let copy = try await CopyFixture.copy(fixture.source, fixture.target)
            try other.close()
            #expect(!copy.wasComplete)
            for place in [fixture.source, fixture.target] { try await CopyFixture.open(place).close() }
            // Wherever the mark is missing, its copy has it.
            let engine = try await fixture.target.engine()
            try await engine.writing { try $0.execute("UPDATE installation SET is_whole = FALSE") }
            let isFile = engine.dialect == .sqlite
            try engine.close()
            if !isFile {
                _ = try await CopyFixture.copy(fixture.target, fixture.file("back.db"))
                try await CopyFixture.open(fixture.file("back.db")).close()
            }
        }
    }

    private static func mark(_ path: String, isWhole: Bool) async throws {
        let queue = try DatabaseQueue(path: path)
        try await queue.write { try $0.execute(sql: "UPDATE installation SET is_whole = ?", arguments: [isWhole]) }
        try queue.close()
    }

    /// A connection that leaves a log next to the file as long as it is open.
    private static func withLog(_ path: String) async throws -> DatabaseQueue {
        let queue = try DatabaseQueue(path: path)
        // What is written as it was is not written at all.
        try await queue.write { try $0.execute(sql: "UPDATE installation SET is_whole = 1") }
        try await queue.write { try $0.execute(sql: "UPDATE installation SET is_whole = 0") }
        return queue
    }

    @Test("rows of an earlier attempt that do not go with those of the source are an error that names the table")
    func conflict() async throws {
        try await CopyFixture.with { fixture in
            _ = try await CopyFixture.copy(fixture.source, fixture.target)
            let engine = try await fixture.target.engine()
            try await engine.writing { transaction in
                let installation = try #require(try transaction.presentInstallation())
                try transaction.execute("DELETE FROM users WHERE id = 40")
                try transaction.execute("UPDATE users SET username = 'user40' WHERE id = 1")
                try transaction.beginCopy(of: installation)
            }
            try engine.close()
            let error = try await CopyFixture.refusal(fixture.source, fixture.target)
            #expect(error.code == .conflict && error.message.contains("the table 'users'"), "\(error)")
            #expect(error.message.contains("has changed since an earlier attempt"))
        }
    }
}

import CausewayModel
import CausewayTestSupport
import Foundation
import GRDB
import Testing

@testable import CausewayStore

@Suite("Looking for damage in a database")
struct CheckTests {
    private static func findings(_ fixture: StoreFixture, isAlone: Bool = true) async throws -> [DatabaseCheck.Finding]
    {
        let check = try await DatabaseCheck(of: TestDatabase.place(in: fixture.folder), isAlone: isAlone)
        defer { try? check.close() }
        return try await check.findings()
    }

    /// Runs SQL that the rules of the database would not allow.
    private static func run(_ sql: String, _ fixture: StoreFixture) async throws {
        guard case .file(let path) = try await TestDatabase.place(in: fixture.folder) else {
            return try await fixture.store.write { transaction in
                try transaction.execute("SET LOCAL session_replication_role = replica")
                try transaction.execute(sql)
            }
        }
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(15)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try await queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }

    private static func fill(_ store: Store) async throws {
        try await store.write { transaction in
            let group = try transaction.createGroup(GroupProfile(name: "Group"))
            for name in ["ada", "grace"] {
                try transaction.addMember(transaction.createUser(UserProfile(username: name)).id, to: group.id)
            }
            _ = try transaction.makeProvider()
        }
    }

    @Test("a database without damage passes")
    func sound() async throws {
        try await StoreFixture.with { fixture in
            try await Self.fill(fixture.store)
            let findings = try await Self.findings(fixture)
            #expect(findings.count >= 12 && findings.allSatisfy(\.isGood), "\(findings.filter { !$0.isGood })")
        }
    }

    private static let unknown = "'00000000-0000-4000-8000-000000000000'"

    @Test(
        "each kind of damage is found, and repaired by what the finding says",
        arguments: [
            (
                "links to providers",
                """
                INSERT INTO links (id, provider_id, object_kind, object_name, entra_id, created_at_ms)
                VALUES (\(unknown), 99, 'user', 'x', 'x', 0)
                """
            ),
            (
                "actions to runs",
                """
                INSERT INTO actions (run_id, sequence, phase, level, verb, object_kind, object_name, reason, detail, changes,
                    members, member_count, fingerprint, is_destructive, status, message, remedy, updated_at_ms)
                VALUES (\(unknown), 1, 1, 0, 'create', 'user', 'x', '', '', '{}', '[]', 0, '', FALSE, 'applied', '', '', 0)
                """
            ),
            ("memberships to users", "INSERT INTO memberships (group_id, user_id) SELECT id, 99 FROM groups"),
            (
                "memberships to groups",
                "INSERT INTO memberships (group_id, user_id) SELECT \(unknown), MIN(id) FROM users"
            ),
            ("user_search to users", "INSERT INTO user_search (user_id, text) VALUES (99, 'x')"),
            ("journal_positions to providers", "INSERT INTO journal_positions (provider_id, sequence) VALUES (77, 0)"),
            ("numbers of users", "UPDATE sequences SET last_value = 1 WHERE name = 'users'"),
            ("numbers of providers", "DELETE FROM sequences WHERE name = 'providers'"),
            (
                "numbers of kept_texts",
                """
                INSERT INTO kept_texts (number, key_hash, kind, owner_hash, text_sealed, kept_at_ms)
                VALUES (7, KEY, 'form', KEY, KEY, 0)
                """
            ),
            (
                "journal positions",
                "INSERT INTO journal_positions (provider_id, sequence) SELECT id, 999 FROM providers"
            ),
        ]
    )
    func damage(subject: String, sql: String) async throws {
        try await StoreFixture.with { fixture in
            try await Self.fill(fixture.store)
            let isFile = if case .file = try await TestDatabase.place(in: fixture.folder) { true } else { false }
            try await Self.run(sql.replacing("KEY", with: isFile ? "x'00'" : "'\\x00'"), fixture)
            let bad = try await Self.findings(fixture).filter { !$0.isGood }
            #expect(bad.map(\.subject) == [subject])
            let repair = try #require(bad.first?.sentence.firstMatch(of: /run this SQL: (.*);/)?.1)
            try await Self.run(String(repair), fixture)
            #expect(try await Self.findings(fixture).allSatisfy(\.isGood))
        }
    }

    @Test("an engine's own counter that is behind is found and repaired")
    func identity() async throws {
        try await StoreFixture.with { fixture in
            try await Self.fill(fixture.store)
            let isFile = if case .file = try await TestDatabase.place(in: fixture.folder) { true } else { false }
            try await Self.run(
                isFile
                    ? "DELETE FROM sqlite_sequence WHERE name = 'journal'"
                    : "ALTER TABLE journal ALTER COLUMN sequence RESTART WITH 1",
                fixture
            )
            let bad = try await Self.findings(fixture).filter { !$0.isGood }
            #expect(bad.map(\.subject) == ["numbers of journal"])
            let repair = try #require(bad.first?.sentence.firstMatch(of: /run this SQL: (.*);/)?.1)
            try await Self.run(String(repair), fixture)
            #expect(try await Self.findings(fixture).allSatisfy(\.isGood))
        }
    }

    @Test("a newer schema is the only finding")
    func schema() async throws {
        try await StoreFixture.with { fixture in
            try await Self.run("INSERT INTO schema_versions (version, applied_at_ms) VALUES (9999, 0)", fixture)
            let findings = try await Self.findings(fixture)
            #expect(findings.map(\.subject) == ["schema"] && findings.first?.isGood == false)
        }
    }

    @Test(
        "what SQLite finds itself is told",
        .onlySQLite,
        arguments: [
            (
                "search index of users",
                "INSERT INTO user_trigrams (user_trigrams, rowid, text) SELECT 'delete', user_id, text FROM user_search"
            ),
            (
                "file",
                """
                PRAGMA writable_schema = ON;
                UPDATE sqlite_master SET sql = replace(sql, '(name, id)', '(username, id)') WHERE name = 'users_by_name'
                """
            ),
        ]
    )
    func sqlite(subject: String, sql: String) async throws {
        try await StoreFixture.with { fixture in
            try await Self.fill(fixture.store)
            try await Self.run(sql, fixture)
            #expect(try await Self.findings(fixture).filter { !$0.isGood }.map(\.subject) == [subject])
        }
    }

    @Test(
        "an index of trigrams that differs from its texts is found and repaired, but not while a server runs",
        .onlySQLite,
        arguments: [
            (
                "search index of users",
                "INSERT INTO user_trigrams (user_trigrams, rowid, text) SELECT 'delete', user_id, text FROM user_search"
            ),
            ("search index of events", "INSERT INTO event_trigrams (event_trigrams) VALUES ('delete-all')"),
            ("search index of events", "INSERT INTO event_trigrams (rowid, text) VALUES (99, 'nothing')"),
        ]
    )
    func trigrams(subject: String, sql: String) async throws {
        try await StoreFixture.with { fixture in
            try await Self.fill(fixture.store)
            try await fixture.store.write { transaction in
                try transaction.execute(
                    """
                    INSERT INTO events (id, action, app, actor, context, created_at_ms, number)
                    VALUES (\(Self.unknown), 'login', 'core', 'ada', '{"a": "b"}', 1, 1)
                    """
                )
                try transaction.execute("UPDATE sequences SET last_value = 1 WHERE name = 'events'")
            }
            #expect(try await Self.findings(fixture).allSatisfy(\.isGood))
            try await Self.run(sql, fixture)
            let bad = try await Self.findings(fixture).filter { !$0.isGood }
            #expect(bad.map(\.subject) == [subject])
            let busy = try await Self.findings(fixture, isAlone: false)
            #expect(busy.allSatisfy(\.isGood) && busy.last?.sentence.contains("not compared") == true)
            let repair = try #require(bad.first?.sentence.firstMatch(of: /run this SQL: (.*);/)?.1)
            try await Self.run(String(repair), fixture)
            #expect(try await Self.findings(fixture).allSatisfy(\.isGood))
        }
    }

    @Test("a check next to a server does not wait for its writes", .onlySQLite)
    func busy() async throws {
        try await StoreFixture.with { fixture in
            try await Self.fill(fixture.store)
            guard case .file(let path) = try await TestDatabase.place(in: fixture.folder) else { return }
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try await queue.writeWithoutTransaction { try $0.beginTransaction(.immediate) }
            #expect(try await Self.findings(fixture, isAlone: false).allSatisfy(\.isGood))
            try await queue.writeWithoutTransaction { try $0.rollback() }
            try queue.close()
        }
    }

    @Test(
        "search texts that are missing or wrong are found and repaired, whatever the letters",
        arguments: [
            ("DELETE FROM user_search", "no search finds: 3"),
            ("UPDATE user_search SET text = 'zoe' WHERE text LIKE 'zoë%'", "other words than theirs: 1"),
            (
                "UPDATE user_search SET text = (SELECT LOWER(username || ' ' || name) || ' ' || email_folded FROM users WHERE id = user_id) "
                    + "|| CASE WHEN text LIKE 'zoë%' THEN 'x' ELSE '' END",
                "other words than theirs"
            ),
        ]
    )
    func searchTexts(sql: String, words: String) async throws {
        try await StoreFixture.with { fixture in
            try await Self.fill(fixture.store)
            try await fixture.store.write { transaction in
                var profile = UserProfile(username: "Zoë")
                profile.name = "Ärzte ZOË"
                try transaction.createUser(profile)
            }
            try await Self.run(sql, fixture)
            let bad = try await Self.findings(fixture).filter { !$0.isGood }
            #expect(bad.map(\.subject) == ["search texts"])
            let sentence = bad.first?.sentence ?? ""
            #expect(sentence.contains(words) && sentence.contains("--repair-search"), "\(sentence)")
            let check = try await DatabaseCheck(of: TestDatabase.place(in: fixture.folder), isAlone: false)
            defer { try? check.close() }
            #expect(try await check.repairSearchTexts() >= 1)
            #expect(try await check.repairSearchTexts() == 0)
            #expect(try await Self.findings(fixture).allSatisfy(\.isGood))
            let found = try await fixture.store.read { try $0.search(["ärzte"], limit: 5) }
            #expect(found.map(\.name) == ["Zoë"])
        }
    }

    @Test("a file without its log is a finding, and a check does not make one", .onlySQLite)
    func wholeness() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending(path: "causeway.db").path
            let place = DatabasePlace.file(path)
            try await Store.open(at: place, secrets: CopyFixture.secrets.get()).close()
            let mark = "UPDATE installation SET is_whole = 0"
            let queue = try DatabaseQueue(path: path)
            try await queue.write { try $0.execute(sql: mark) }
            // The log is there as long as the connection.
            let first = try await DatabaseCheck(of: place, isAlone: true)
            try queue.close()
            #expect(try await first.findings().allSatisfy(\.isGood))
            try first.close()
            try await Store.open(at: place, secrets: CopyFixture.secrets.get()).close()
            let again = try DatabaseQueue(path: path)
            try await again.write { try $0.execute(sql: mark) }
            try again.close()
            let second = try await DatabaseCheck(of: place, isAlone: true)
            #expect(try await second.findings().filter { !$0.isGood }.map(\.subject) == ["completeness"])
            try second.close()
        }
    }

    @Test(
        "what PostgreSQL finds itself is told",
        .onlyPostgreSQL,
        arguments: [
            ("constraints", "ALTER TABLE users ADD CONSTRAINT \"Later\" CHECK (id > 0) NOT VALID"),
            ("indexes", "UPDATE pg_index SET indisvalid = FALSE WHERE indexrelid = 'users_by_name'::regclass"),
            ("triggers", "ALTER TABLE memberships DISABLE TRIGGER ALL"),
        ]
    )
    func postgreSQL(subject: String, sql: String) async throws {
        try await StoreFixture.with { fixture in
            try await Self.fill(fixture.store)
            try await Self.run(sql, fixture)
            let bad = try await Self.findings(fixture).filter { !$0.isGood }
            #expect(bad.map(\.subject) == [subject])
            let repair = try #require(bad.first?.sentence.firstMatch(of: /Run this SQL: (.*);/)?.1)
            try await Self.run(String(repair), fixture)
            #expect(try await Self.findings(fixture).allSatisfy(\.isGood))
        }
    }
}

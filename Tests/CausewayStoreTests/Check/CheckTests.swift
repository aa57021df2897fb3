import CausewayModel
import CausewayTestSupport
import GRDB
import Testing

@testable import CausewayStore

@Suite("Looking for damage in a database")
struct CheckTests {
    private static func findings(_ fixture: StoreFixture) async throws -> [DatabaseCheck.Finding] {
        let check = try await DatabaseCheck(of: TestDatabase.place(in: fixture.folder))
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
            #expect(findings.count >= 14 && findings.allSatisfy(\.isGood), "\(findings.filter { !$0.isGood })")
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
            ("users to user_search", "DELETE FROM user_search"),
            ("numbers of users", "UPDATE sequences SET last_value = 1 WHERE name = 'users'"),
            ("numbers of providers", "DELETE FROM sequences WHERE name = 'providers'"),
            (
                "journal positions",
                "INSERT INTO journal_positions (provider_id, sequence) SELECT id, 999 FROM providers"
            ),
        ]
    )
    func damage(subject: String, sql: String) async throws {
        try await StoreFixture.with { fixture in
            try await Self.fill(fixture.store)
            try await Self.run(sql, fixture)
            let bad = try await Self.findings(fixture).filter { !$0.isGood && $0.subject != "references" }
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
                "search index",
                "INSERT INTO user_trigrams (user_trigrams, rowid, text) SELECT 'delete', user_id, text FROM user_search"
            ),
            (
                "file",
                """
                PRAGMA writable_schema = ON;
                UPDATE sqlite_master SET sql = replace(sql, '(name, id)', '(username, id)') WHERE name = 'users_by_name'
                """
            ),
            ("references", "INSERT INTO journal_positions (provider_id, sequence) VALUES (77, 0)"),
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
        "what PostgreSQL finds itself is told",
        .onlyPostgreSQL,
        arguments: [
            ("constraints", "ALTER TABLE users ADD CONSTRAINT later CHECK (id > 1000) NOT VALID"),
            ("indexes", "UPDATE pg_index SET indisvalid = FALSE WHERE indexrelid = 'users_by_name'::regclass"),
            ("references", "ALTER TABLE memberships DISABLE TRIGGER ALL"),
        ]
    )
    func postgreSQL(subject: String, sql: String) async throws {
        try await StoreFixture.with { fixture in
            try await Self.fill(fixture.store)
            try await Self.run(sql, fixture)
            #expect(try await Self.findings(fixture).filter { !$0.isGood }.map(\.subject) == [subject])
        }
    }
}

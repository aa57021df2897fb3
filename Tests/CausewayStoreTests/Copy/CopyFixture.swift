import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayStore

/// Two databases in a folder that is removed afterwards: a file of SQLite with an installation, and an empty one that tests copy into,
/// which is PostgreSQL's if the tests have a server.
struct CopyFixture {
    let folder: URL
    let source: DatabasePlace
    let target: DatabasePlace

    static let secrets = Result { try SecretBox(keyText: StoreFixture.keyText) }

    static func with(users: Int = 40, _ body: (CopyFixture) async throws -> Void) async throws {
        try await TemporaryFolder.with { folder in
            let source = DatabasePlace.file(folder.appending(path: "source.db").path)
            let store = try await open(source)
            try await fill(store, users: users)
            try store.close()
            let other = folder.appending(path: "target")
            try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
            let target = try await TestDatabase.place(in: other)
            try await body(CopyFixture(folder: folder, source: source, target: target))
        }
    }

    static func open(_ place: DatabasePlace) async throws -> Store {
        try await Store.open(at: place, secrets: secrets.get())
    }

    /// A database of SQLite that does not exist yet.
    func file(_ name: String) -> DatabasePlace { .file(folder.appending(path: name).path) }

    /// Copies everything.
    static func copy(
        _ source: DatabasePlace,
        _ target: DatabasePlace,
        progress: @escaping @Sendable (InstallationCopy.Progress) -> Void = { _ in }
    ) async throws -> InstallationCopy.Outcome {
        let copy = try await InstallationCopy(from: source, to: target)
        do {
            let outcome = try await copy.run(progress: progress)
            try copy.close()
            return outcome
        } catch {
            try? copy.close()
            throw error
        }
    }

    /// Why a copy is refused.
    static func refusal(_ source: DatabasePlace, _ target: DatabasePlace) async throws -> StoreError {
        try #require(await #expect(throws: StoreError.self) { try await copy(source, target) })
    }

    /// What is in the database, whatever opens it.
    static func sums(_ place: DatabasePlace) async throws -> [TableSum] {
        let engine = try await place.existingEngine()
        defer { try? engine.close() }
        return try await engine.reading { transaction in
            try transaction.copiedTables().map { try transaction.connection.sum(of: $0) { _ in } }
        }
    }

    // MARK: Content

    private static func fill(_ store: Store, users count: Int) async throws {
        let provider = try await store.write { transaction in
            let group = try transaction.createGroup(GroupProfile(name: "Ärzte 🩺"))
            let inner = try transaction.createGroup(GroupProfile(name: "Inner"))
            try transaction.execute(
                "INSERT INTO group_parents (child_id, parent_id) VALUES (?, ?)",
                SQLValue(inner.id),
                SQLValue(group.id)
            )
            for number in 1...count {
                var profile = UserProfile(username: "user\(number)")
                profile.name = number.isMultiple(of: 3) ? "Zoë \u{1F600} '\"\\" : ""
                let user = try transaction.createUser(profile)
                try transaction.addMember(user.id, to: number.isMultiple(of: 2) ? group.id : inner.id)
            }
            return try transaction.makeProvider().id
        }
        try await store.write { try fill($0, provider) }
    }

    /// Rows of tables that only runs and browsers fill, with all types of values, and references in a circle.
    private static func fill(_ transaction: Transaction, _ provider: ProviderID) throws {
        let (run, application) = (UUID(), UUID())
        try transaction.execute(
            """
            INSERT INTO runs (id, provider_id, trigger, status, message, examined_users, examined_groups, started_at_ms)
            VALUES (?, ?, 'manual', 'succeeded', '', 3, 0, -5)
            """,
            SQLValue(run),
            SQLValue(provider)
        )
        for sequence in 1...300 {
            try transaction.execute(
                """
                INSERT INTO actions (run_id, sequence, phase, level, verb, object_kind, object_name, reason, detail, changes, members,
                    member_count, secrets_sealed, fingerprint, is_destructive, status, message, remedy, updated_at_ms)
                VALUES (?, ?, 1, 0, 'create', 'user', 'ada', '', '', '{}', '[]', 0, ?, 'f', TRUE, 'applied', '', '', 9007199254740993)
                """,
                SQLValue(run),
                .integer(Int64(sequence)),
                sequence.isMultiple(of: 2) ? .null : .blob([0, 255, 92, 39, UInt8(sequence % 256)])
            )
        }
        try transaction.execute(
            """
            INSERT INTO applications (id, name, slug, library_group, launch_url, description, publisher, provider_id)
            VALUES (?, 'Entra', 'entra', '', '', '', '', ?)
            """,
            SQLValue(application),
            SQLValue(provider)
        )
        try transaction.execute("UPDATE providers SET application_id = ?", SQLValue(application))
        for number in 1...3 {
            try transaction.execute(
                """
                INSERT INTO drifts (provider_id, object_kind, entra_id, attribute, member_entra_id, old_value, new_value, status, seen_at_ms)
                VALUES (?, 'user', 'e', 'displayName', '', ?, '', 'reported', 0)
                """,
                SQLValue(provider),
                .text("value \(number)")
            )
        }
        try transaction.execute("DELETE FROM drifts WHERE id = 3")
        try transaction.execute(
            "INSERT INTO setup_links (key_hash, expires_at_ms) VALUES (?, 1), (?, 2)",
            .blob([200, 1]),
            .blob([1, 200])
        )
        try transaction.execute(
            """
            INSERT INTO events (id, action, app, actor, context, created_at_ms, number)
            VALUES (?, 'login', 'core', 'ada', '{"a": "b"}', 1, 1)
            """,
            SQLValue(UUID())
        )
        try transaction.execute("UPDATE sequences SET last_value = 1 WHERE name = 'events'")
    }
}

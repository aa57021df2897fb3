import CausewayJSON
import CausewayModel
import Synchronization
import Testing

@testable import CausewayStore

@Suite("Migrations")
struct MigrationTests {
    private static let runs = (finished: RunID.random(), waiting: RunID.random(), working: RunID.random())

    /// Three runs, one of them in progress, with an action of each kind.
    private static func fill(_ transaction: Transaction) throws {
        try EarlierDatabase.insertProvider(transaction)
        try insert(runs.finished, "succeeded", transaction)
        try insert(runs.waiting, "awaiting_approval", transaction)
        try insert(runs.working, "applying", transaction)
        try transaction.execute(
            "INSERT INTO run_leases (provider_id, run_id, owner, expires_at_ms) VALUES (1, ?, 'p', 9000000000000)",
            SQLValue(runs.working)
        )
    }

    private static func insert(_ run: RunID, _ status: String, _ transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO runs (id, provider_id, cause, status, message, examined_users, examined_groups, started_at_ms)
            VALUES (?, 1, 'manual', ?, 'm', 3, 4, 1000)
            """,
            SQLValue(run),
            .text(status)
        )
        let planned = [
            ("delete", "deleted_locally"), ("create", "vanished_from_entra"), ("create", "missing_in_entra"),
            ("update", "attributes_differ"),
        ]
        for (place, (verb, reason)) in planned.enumerated() {
            try transaction.execute(
                """
                INSERT INTO actions (run_id, sequence, phase, level, verb, object_kind, object_id, object_name, reason,
                    detail, changes, members, member_count, secrets_sealed, status, message, remedy, updated_at_ms)
                VALUES (?, ?, 1, 0, ?, 'user', '7', 'ada', ?, 'd', '[{"attribute":"city","new":"Oslo"}]',
                    '[["user","8"]]', 1, ?, 'planned', '', '', 1000)
                """,
                SQLValue(run),
                .integer(Int64(place + 1)),
                .text(verb),
                .text(reason),
                .blob(try transaction.secrets.seal(Secret(#"{"a":"hidden"}"#)))
            )
        }
    }

    @Test("failures of an earlier version get a cause, without the value in their message")
    func failures() async throws {
        try await EarlierDatabase.with(version: 2, Self.fill) { database in
            try await database.write { transaction in
                for (place, name) in ["ada@x", "bert@y", "it's@z"].enumerated() {
                    try transaction.execute(
                        "UPDATE actions SET status = 'failed', attribute = 'mailNickname', message = ? WHERE sequence = ?",
                        .text("Mapping 'm': '\(name)' has the character '@', which Entra does not take there."),
                        .integer(Int64(place + 1))
                    )
                }
                try transaction.execute(
                    "UPDATE actions SET status = 'retry', message = 'Entra answers no.' WHERE sequence = 4"
                )
            }
            try await database.upgraded { transaction in
                let actions = try transaction.actions(of: Self.runs.finished, after: 0, limit: 10)
                let titles = actions.map { $0.outcome.rule?.title }
                let same = "mailNickname has the character '@', which Entra does not take there."
                #expect(titles[0] == same && titles[1] == same)
                #expect(titles[3] == "Entra answers no.")
            }
        }
    }

    @Test("every table checks the types of its values, and an upgrade is announced")
    func strict() async throws {
        try await EarlierDatabase.with(version: 2, Self.fill) { database in
            let versions = Mutex<[Int64]>([])
            let note = { @Sendable (old: Int64, new: Int64) in versions.withLock { $0 = [old, new] } }
            try await database.upgraded(announced: note) { transaction in
                let loose = try transaction.all(
                    """
                    SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0
                        AND name NOT LIKE 'sqlite_%' AND name <> 'schema_versions'
                    """
                ) { try $0.text("name") }
                #expect(loose == [])
            }
            #expect(versions.withLock { $0 } == [2, Migration.all.last?.version ?? 0])
        }
    }

    @Test("runs, actions and leases of an earlier version are kept, and it is known which actions are destructive")
    func plans() async throws {
        try await EarlierDatabase.with(version: 2, Self.fill) { database in
            try await database.upgraded { transaction in
                let runs = try transaction.runs(of: ProviderID(1), limit: 10)
                #expect(Set(runs.map(\.id)) == [Self.runs.finished, Self.runs.waiting, Self.runs.working])
                #expect(runs.allSatisfy { $0.examinedUsers == 3 && $0.examinedGroups == 4 })
                let status = try transaction.run(Self.runs.finished)?.status
                #expect(status == .succeeded)
                // It has no fingerprints that an approval could be compared with.
                let statusAfter = try transaction.run(Self.runs.waiting)?.status
                #expect(statusAfter == .superseded)
                let actions = try transaction.actions(of: Self.runs.finished, after: 0, limit: 10).map(\.action)
                #expect(actions.map(\.verb) == [.delete, .create, .create, .update])
                #expect(actions.map(\.isDestructive) == [true, true, false, false])
                #expect(actions.first?.changes == [AttributeChange(attribute: "city", old: nil, new: "Oslo")])
                #expect(actions.first?.members == [.local(ObjectReference(UserID(8)))])
                #expect(actions.first?.secrets == ["a": Secret("hidden")])
                let heldCount = try transaction.holdBack(.destructive, of: Self.runs.working)
                #expect(heldCount == 2)
                let lifetime = try transaction.provider(ProviderID(1))?.approvalLifetime
                #expect(lifetime == "hours=24")
                #expect(throws: StoreError.self) {
                    try transaction.comparePlans(Self.runs.finished, Self.runs.working, limit: 1)
                }
                let next = Run(provider: ProviderID(1), trigger: .manual, startedAt: transaction.now)
                let lease = RunLease(owner: "q", duration: .seconds(1))
                let isBegun = try transaction.beginRun(next, lease: lease, isGone: { _ in false }) != nil
                #expect(!isBegun)
                try transaction.deleteProvider(ProviderID(1))
                for table in ["runs", "actions", "run_leases"] {
                    let hasRows = try transaction.exists("SELECT 1 FROM \(table)")
                    #expect(!hasRows, "\(table) still has rows")
                }
            }
        }
    }
}

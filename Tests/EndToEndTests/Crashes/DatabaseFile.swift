import CausewayModel
import GRDB

/// The database of a process, read by another process without Causeway's code.
struct DatabaseFile {
    private let queue: DatabaseQueue

    init(_ path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(15)
        queue = try DatabaseQueue(path: path, configuration: configuration)
    }

    func close() throws { try queue.close() }

    /// The latest run.
    struct LastRun: Equatable {
        let id: String
        let status: String
        /// The last phase from which anything was sent.
        let phase: ActionPhase?
    }

    func lastRun() throws -> LastRun? {
        try queue.read { database in
            guard let row = try Row.fetchOne(database, sql: "SELECT id, status FROM runs ORDER BY rowid DESC LIMIT 1")
            else { return nil }
            let id: String = row["id"]
            let phase = try Int.fetchOne(
                database,
                sql: "SELECT MAX(phase) FROM actions WHERE run_id = ? AND status NOT IN ('planned', 'skipped')",
                arguments: [id]
            )
            return LastRun(id: id, status: row["status"], phase: phase.flatMap(ActionPhase.init))
        }
    }

    /// The actions on an Entra object, and on local objects with its name, the oldest first.
    func actions(on entraID: String, named name: String) throws -> [String] {
        try queue.read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT updated_at_ms || ' ' || verb || ' ' || status || ' (' || reason || ', '
                        || COALESCE(object_id, 'nobody') || ') ' || message FROM actions
                    WHERE entra_id = :id OR object_name = :name OR object_id IN (
                        SELECT object_id FROM actions WHERE entra_id = :id)
                    ORDER BY updated_at_ms, rowid
                    """,
                arguments: ["id": entraID, "name": name]
            )
        }
    }

    /// The actions on local objects with a name, the oldest first, and the known values of their Entra objects.
    func history(of name: String) throws -> [String] {
        try queue.read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT updated_at_ms || ' ' || verb || ' ' || status || ' (' || reason || ') ' || changes || ' ' || message
                    FROM actions WHERE object_name = :name ORDER BY updated_at_ms, rowid
                    """,
                arguments: ["name": name]
            )
                + String.fetchAll(
                    database,
                    sql: """
                        SELECT 'known ' || o.known || ' written ' || o.written || ' doubt ' || COALESCE(o.stale_since_ms, 'none')
                            || ' presence ' || o.presence || ' suspended ' || o.is_suspended
                        FROM links c JOIN mirror_objects o ON o.provider_id = c.provider_id AND o.entra_id = c.entra_id
                        WHERE c.object_name = :name
                        """,
                    arguments: ["name": name]
                )
        }
    }

    /// Remains of ended processes, and references to missing objects.
    func flaws() throws -> [String] {
        try queue.read { database in
            var flaws: [String] = []
            for row in try Row.fetchAll(database, sql: "PRAGMA foreign_key_check") { flaws.append("reference \(row)") }
            for (what, sql) in [
                ("actions without an answer", "SELECT COUNT(*) FROM actions WHERE status = 'sent'"),
                ("leases", "SELECT COUNT(*) FROM run_leases"),
                (
                    "runs in progress",
                    "SELECT COUNT(*) FROM runs WHERE status IN ('discovering', 'planning', 'applying')"
                ),
            ] {
                let count = try Int.fetchOne(database, sql: sql) ?? 0
                if count > 0 { flaws.append("\(count) \(what)") }
            }
            let check = try String.fetchAll(database, sql: "PRAGMA integrity_check")
            return flaws + check.filter { $0 != "ok" }
        }
    }
}

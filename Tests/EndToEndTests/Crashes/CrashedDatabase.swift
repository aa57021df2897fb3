import CausewayModel
import CausewayTestSupport
import Foundation

/// The database of a process, read by another process without Causeway's code.
struct CrashedDatabase {
    private let reader: OutsideReader

    init(of folder: URL) async throws { reader = try await OutsideReader(folder: folder) }

    /// The latest run.
    struct LastRun: Equatable {
        let id: String
        let status: String
        /// The last phase from which anything was sent.
        let phase: ActionPhase?
    }

    /// - Returns: the last one that began; of those that began in the same millisecond, one that is not finished.
    func lastRun() throws -> LastRun? {
        let sql =
            "SELECT id, status FROM runs ORDER BY started_at_ms DESC, COALESCE(finished_at_ms, 9e18) DESC, id LIMIT 1"
        guard let run = try reader.rows(sql).first, let id = run[0], let status = run[1] else { return nil }
        let phase = try reader.texts(
            "SELECT MAX(phase) FROM actions WHERE run_id = $1 AND status NOT IN ('planned', 'skipped')",
            [id]
        )
        return LastRun(id: id, status: status, phase: phase.first.flatMap(Int.init).flatMap(ActionPhase.init))
    }

    /// The actions on an Entra object, and on local objects with its name, the oldest first.
    func actions(on entraID: String, named name: String) throws -> [String] {
        try reader.texts(
            """
            SELECT updated_at_ms || ' ' || verb || ' ' || status || ' (' || reason || ', '
                || COALESCE(object_id, 'nobody') || ') ' || message FROM actions
            WHERE entra_id = $1 OR object_name = $2 OR object_id IN (SELECT object_id FROM actions WHERE entra_id = $1)
            ORDER BY updated_at_ms, run_id, sequence
            """,
            [entraID, name]
        )
    }

    /// The actions on local objects with a name, the oldest first, and the known values of their Entra objects.
    func history(of name: String) throws -> [String] {
        try reader.texts(
            """
            SELECT updated_at_ms || ' ' || verb || ' ' || status || ' (' || reason || ') ' || changes || ' ' || message
            FROM actions WHERE object_name = $1 ORDER BY updated_at_ms, run_id, sequence
            """,
            [name]
        )
            + reader.texts(
                """
                SELECT 'known ' || o.known || ' written ' || o.written || ' doubt '
                    || COALESCE(CAST(o.stale_since_ms AS TEXT), 'none')
                    || ' presence ' || o.presence || ' suspended ' || CAST(o.is_suspended AS TEXT)
                FROM links c JOIN mirror_objects o ON o.provider_id = c.provider_id AND o.entra_id = c.entra_id
                WHERE c.object_name = $1
                """,
                [name]
            )
    }

    /// Remains of ended processes, and references to missing objects.
    func flaws() throws -> [String] {
        var flaws: [String] = []
        for (what, sql) in [
            ("actions without an answer", "SELECT COUNT(*) FROM actions WHERE status = 'sent'"),
            ("leases", "SELECT COUNT(*) FROM run_leases"),
            ("runs in progress", "SELECT COUNT(*) FROM runs WHERE status IN ('discovering', 'planning', 'applying')"),
        ] {
            let count = try reader.texts(sql).first ?? "0"
            if count != "0" { flaws.append("\(count) \(what)") }
        }
        // A server checks references whatever its clients do.
        guard reader.isFile else { return flaws }
        flaws += try reader.rows("PRAGMA foreign_key_check").map { "reference \($0)" }
        return flaws + (try reader.texts("PRAGMA integrity_check").filter { $0 != "ok" })
    }
}

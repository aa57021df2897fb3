import CausewayModel

// A table of its own marks a database that a copy has not finished. How far the copy is, its rows say: they come in the order of keys.

extension Transaction {
    private static let mark = "database_copy"

    /// The installation that is being copied into this database; nil if none is.
    func unfinishedCopy() throws -> String? {
        guard try connection.hasTable(Self.mark) else { return nil }
        return try first("SELECT source_id FROM \(Self.mark)") { try $0.text("source_id") } ?? ""
    }

    func beginCopy(of installation: String) throws {
        try execute("CREATE TABLE \(Self.mark) (source_id TEXT NOT NULL PRIMARY KEY)")
        try execute("INSERT INTO \(Self.mark) (source_id) VALUES (?)", .text(installation))
    }

    func endCopy() throws { try execute("DROP TABLE IF EXISTS \(Self.mark)") }

    /// Makes sure that no program works with a part of an installation.
    ///
    /// - Throws: ``StoreError`` of code `unsuitable`.
    func requireNoUnfinishedCopy() throws {
        guard try unfinishedCopy() != nil else { return }
        throw StoreError(
            .unsuitable,
            "The database contains an unfinished copy; finish it with the same 'causeway database copy FROM TO' as before."
        )
    }

    /// Tables that a copy leaves as they are.
    static let uncopied: Set<String> = [mark, "schema_versions", "nodes"]

    /// The installation in this database; nil if there is none.
    func presentInstallation() throws -> String? {
        guard try connection.hasTable("installation") else { return nil }
        return try first("SELECT id FROM installation") { try $0.text("id") }
    }
}

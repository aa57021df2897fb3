package import CausewayModel

extension Transaction {
    /// When this installation was made.
    package func installedAt() throws -> Timestamp {
        try first("SELECT created_at_ms FROM installation") { try $0.timestamp("created_at_ms") } ?? now
    }

    /// How large the database is, in bytes, and the version of its schema.
    package func databaseState() throws -> (bytes: Int64, schemaVersion: Int64) {
        let pages = try first("PRAGMA page_count") { try $0.integer("page_count") } ?? 0
        let size = try first("PRAGMA page_size") { try $0.integer("page_size") } ?? 0
        return (pages * size, try schemaVersion())
    }
}

extension Transaction {
    /// Makes sure that a file which was found without its write-ahead log needs none.
    ///
    /// - Parameter isAccepted: whether it is used all the same.
    /// - Throws: ``StoreError`` of code `incompleteCopy`.
    func requireWhole(_ path: String, isAccepted: Bool) throws {
        guard try exists("SELECT 1 FROM installation WHERE NOT is_whole") else { return }
        guard isAccepted else {
            throw StoreError(
                .incompleteCopy,
                "The database \(path) was copied while Causeway was running, and without its journal \(path)-wal: what was "
                    + "written last is missing. Copy both files while Causeway is stopped. To go on with what is there: "
                    + "causeway config accept-copy"
            )
        }
        try execute("UPDATE installation SET is_whole = TRUE")
    }
}

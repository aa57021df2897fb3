package import CausewayModel

extension Transaction {
    /// When this installation was created.
    package func installedAt() throws -> Timestamp {
        try first("SELECT created_at_ms FROM installation") { try $0.timestamp("created_at_ms") } ?? now
    }

    /// The product that keeps the database, its size in bytes, and the version of its schema.
    package func databaseState() throws -> (product: String, bytes: Int64, schemaVersion: Int64) {
        let bytes = try first(connection.dialect.size) { try $0.integer("bytes") } ?? 0
        return (connection.dialect.product, bytes, try schemaVersion())
    }
}

extension Transaction {
    /// Makes sure that a file that was found without its write-ahead log needs none.
    ///
    /// - Parameter isAccepted: whether it is used anyway.
    /// - Throws: ``StoreError`` of code `incompleteCopy`.
    func requireWhole(_ path: String, isAccepted: Bool) throws {
        guard try exists("SELECT 1 FROM installation WHERE NOT is_whole") else { return }
        guard isAccepted else {
            throw StoreError(
                .incompleteCopy,
                "The database \(path) was copied while Causeway was running, without its write-ahead log \(path)-wal: the latest "
                    + "writes are missing. Copy both files while Causeway is stopped. To continue with what is there: "
                    + "causeway config accept-copy"
            )
        }
        try execute("UPDATE installation SET is_whole = TRUE")
    }
}

package import CausewayModel

extension Transaction {
    /// The last entry of the journal that a provider's tenant is up to date with; nil before the first full sync.
    package func journalPosition(of provider: ProviderID) throws -> Int64? {
        try first("SELECT sequence FROM journal_positions WHERE provider_id = ?", SQLValue(provider)) {
            try $0.integer("sequence")
        }
    }

    /// Records the entry of the journal up to which a provider's tenant is up to date.
    package func setJournalPosition(_ sequence: Int64, of provider: ProviderID) throws {
        try execute(
            """
            INSERT INTO journal_positions (provider_id, sequence) VALUES (?, ?)
            ON CONFLICT (provider_id) DO UPDATE SET sequence = CASE
                WHEN excluded.sequence > journal_positions.sequence THEN excluded.sequence ELSE journal_positions.sequence END
            """,
            SQLValue(provider),
            .integer(sequence)
        )
    }

    /// Makes a provider begin with a full sync again, as if it had never had one.
    func forgetJournalPosition(of provider: ProviderID) throws {
        try execute("DELETE FROM journal_positions WHERE provider_id = ?", SQLValue(provider))
    }

    /// Deletes entries of the journal that every assigned provider has processed, the first ones first. A provider that has not had its
    /// first full sync needs none. The last entry stays: its number identifies the state of the directory.
    ///
    /// - Parameters:
    ///   - most: how many entries are kept for providers that have not processed them; nil for all.
    ///   - limit: about how many are deleted at most.
    /// - Returns: how many are deleted.
    @discardableResult
    package func trimJournal(keeping most: Int64? = nil, limit: Int64 = 10_000) throws -> Int {
        let ends = try first("SELECT MIN(sequence) AS first, MAX(sequence) AS last FROM journal") {
            (first: try $0.integer(orNil: "first"), last: try $0.integer(orNil: "last"))
        }
        guard let first = ends?.first, let last = ends?.last else { return 0 }
        let processed = try lowestPosition() ?? last
        let unneeded = max(processed, most.map { last - $0 } ?? 0)
        return try executeAndCount(
            "DELETE FROM journal WHERE sequence <= ?",
            .integer(min(unneeded, last - 1, first + limit - 1))
        )
    }

    /// The position of the assigned provider that is farthest behind; nil if none has one.
    private func lowestPosition() throws -> Int64? {
        try first(
            """
            SELECT MIN(j.sequence) AS sequence FROM journal_positions j JOIN providers p ON p.id = j.provider_id
            WHERE p.application_id IS NOT NULL
            """
        ) { try $0.integer(orNil: "sequence") } ?? nil
    }
}

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

    /// Deletes entries of the journal that every assigned provider has processed. A provider that has not had its first full sync
    /// needs none. The last entry stays: its number identifies the state of the directory.
    package func trimJournal() throws {
        try execute(
            """
            DELETE FROM journal WHERE sequence <= COALESCE(
                (SELECT MIN(j.sequence) FROM journal_positions j JOIN providers p ON p.id = j.provider_id
                    WHERE p.application_id IS NOT NULL),
                (SELECT MAX(sequence) FROM journal))
            AND sequence < (SELECT MAX(sequence) FROM journal)
            """
        )
    }
}

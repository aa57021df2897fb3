import CausewayJSON
package import CausewayModel

// After a restore the database is older than the tenants: what Causeway did since the backup is in the tenants and not here.

extension Transaction {
    /// How many keys are left out, so that a new user or provider gets none that was in use after the backup: keys that users have
    /// in Entra are computed from them.
    private static let skippedKeys: Int64 = 1_000_000

    /// Records that the database was restored, so that nothing is decided by what was known of the tenants: they are read again from
    /// the beginning, approvals are void, and until a full sync has ended with nothing that waits, what a run would take away
    /// waits for a person.
    ///
    /// - Parameter origin: who restored it, and in which way.
    package func markRestored(by origin: EventOrigin) throws {
        for sequence in ["users", "providers"] { _ = try take(Self.skippedKeys, of: sequence) }
        let before = try installedState()
        for provider in try providers() {
            try resetMirror(provider: provider.id)
            try forgetOwnWrites(provider: provider.id)
            try planShapeChanged(of: provider.id, .restored)
        }
        try execute("UPDATE providers SET restored_at_ms = ?", SQLValue(now))
        try record(.restored, nil, details: ["until": .string((before ?? now).text)], by: origin)
    }

    /// When this database was last in use.
    private func installedState() throws -> Timestamp? {
        try first("SELECT seen_at_ms FROM installation") { try $0.timestamp(orNil: "seen_at_ms") } ?? nil
    }

    /// What the tenant reports counts at once, whatever Causeway wrote shortly before the backup.
    private func forgetOwnWrites(provider: ProviderID) throws {
        try execute(
            "UPDATE mirror_objects SET written = '{}' WHERE provider_id = ? AND written <> '{}'",
            SQLValue(provider)
        )
        try execute("DELETE FROM mirror_members WHERE provider_id = ? AND NOT is_member", SQLValue(provider))
        try execute(
            "UPDATE mirror_members SET written_at_ms = NULL WHERE provider_id = ? AND written_at_ms IS NOT NULL",
            SQLValue(provider)
        )
    }

    /// Whether a provider has not had a full sync since the database was restored: what differs in the tenant may be Causeway's own
    /// doing, and single changes of the directory wait.
    package func awaitsFullSyncAfterRestore(_ provider: ProviderID) throws -> Bool {
        try exists(
            """
            SELECT 1 FROM providers p LEFT JOIN provider_schedules s ON s.provider_id = p.id
            WHERE p.id = ? AND p.restored_at_ms IS NOT NULL AND COALESCE(s.last_full_sync_at_ms, 0) < p.restored_at_ms
            """,
            SQLValue(provider)
        )
    }

    /// Records that a full sync of a provider has ended with nothing that waits: its tenant is as the directory says.
    ///
    /// - Parameter moment: when that full sync began.
    package func endRestore(of provider: ProviderID, before moment: Timestamp) throws {
        try execute(
            "UPDATE providers SET restored_at_ms = NULL WHERE id = ? AND restored_at_ms <= ?",
            SQLValue(provider),
            SQLValue(moment)
        )
    }
}

package import CausewayModel

extension Transaction {
    /// Starts a run if no other of this provider is under way: the provider's lease is taken in the same transaction.
    ///
    /// - Parameters:
    ///   - owner: names the process, so that its own lease can be told from another's.
    ///   - lease: how long the run may stay silent before another may take over.
    /// - Returns: nil where another run holds the lease.
    package func beginRun(_ run: Run, owner: String, lease: Duration) throws -> Run? {
        let taken = try execute(
            """
            INSERT INTO run_leases (provider_id, run_id, owner, expires_at_ms)
            SELECT ?, ?, ?, ? WHERE NOT EXISTS (
                SELECT 1 FROM run_leases WHERE provider_id = ? AND expires_at_ms > ?
            )
            ON CONFLICT (provider_id) DO NOTHING
            """,
            SQLValue(run.provider),
            SQLValue(run.id),
            .text(owner),
            SQLValue(now + lease),
            SQLValue(run.provider),
            SQLValue(now)
        )
        return taken > 0 ? run : nil
    }
}

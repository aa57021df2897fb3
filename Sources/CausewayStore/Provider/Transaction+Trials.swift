package import CausewayModel

/// What people try of a provider before its first sync.
package enum ProviderTrial: String, Sendable {
    /// A check of the connection that signed in to the tenant.
    case connection
    /// A preview of one of its mappings.
    case mapping
}

extension Transaction {
    /// Records that something was tried with success. A provider that is not stored is left out.
    package func note(_ trial: ProviderTrial, of provider: ProviderID) throws {
        try execute(
            """
            INSERT INTO provider_trials (provider_id, trial, at_ms) SELECT p.id, ?, ? FROM providers p WHERE p.id = ?
            ON CONFLICT (provider_id, trial) DO UPDATE SET at_ms = excluded.at_ms
            """,
            SQLValue(trial),
            SQLValue(now),
            SQLValue(provider)
        )
    }

    /// When each was last tried with success.
    package func trials(of provider: ProviderID) throws -> [ProviderTrial: Timestamp] {
        var trials: [ProviderTrial: Timestamp] = [:]
        try connection.query(
            "SELECT trial, at_ms FROM provider_trials WHERE provider_id = ?",
            [SQLValue(provider)]
        ) { trials[try $0.word("trial")] = try $0.timestamp("at_ms") }
        return trials
    }

    /// The provider signs in with other values, which are untried.
    func forgetConnectionTrial(of provider: ProviderID) throws {
        try execute(
            "DELETE FROM provider_trials WHERE provider_id = ? AND trial = ?",
            SQLValue(provider),
            SQLValue(ProviderTrial.connection)
        )
    }
}

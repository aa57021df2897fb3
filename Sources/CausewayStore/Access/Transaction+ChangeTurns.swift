import CausewayModel

/// Changes of an object that depend on what it is at present are made in turn, whichever nodes make them.
extension Transaction {
    /// Takes the turn for an object.
    ///
    /// - Parameters:
    ///   - holder: a unique name.
    ///   - time: after which it ends by itself.
    /// - Returns: false while another one has it.
    package func takeTurn(for object: String, holder: String, time: Duration) throws -> Bool {
        let present = try leaseTime()
        try execute("DELETE FROM change_turns WHERE expires_at_ms <= ?", SQLValue(present))
        return try executeAndCount(
            "INSERT INTO change_turns (object, holder, expires_at_ms) VALUES (?, ?, ?) ON CONFLICT (object) DO NOTHING",
            .text(object),
            .text(holder),
            SQLValue(present + time)
        ) > 0
    }

    /// Ends a turn, if its time is not over.
    package func endTurn(of holder: String) throws {
        try execute("DELETE FROM change_turns WHERE holder = ?", .text(holder))
    }
}

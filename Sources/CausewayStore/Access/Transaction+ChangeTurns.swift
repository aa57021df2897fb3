import CausewayModel

/// Changes of an object that depend on what it is at present are made in turn, whichever nodes make them.
extension Transaction {
    /// Takes the turn for an object.
    ///
    /// - Parameters:
    ///   - holder: a unique name.
    ///   - time: after which another one may take it.
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

    /// Whether another one has the turn for an object, so that it is no use to ask for it.
    package func isTurnTaken(for object: String) throws -> Bool {
        try exists(
            "SELECT 1 FROM change_turns WHERE object = ? AND expires_at_ms > ?",
            .text(object),
            SQLValue(try leaseTime())
        )
    }

    /// - Throws: ``StoreError`` of code `turnTaken` if the turn ended, and others may have taken it since.
    func requireTurn(of holder: String) throws {
        guard try exists("SELECT 1 FROM change_turns WHERE holder = ?", .text(holder)) else {
            throw StoreError.turnTaken
        }
    }

    /// Ends a turn, if it has not ended.
    package func endTurn(of holder: String) throws {
        try execute("DELETE FROM change_turns WHERE holder = ?", .text(holder))
    }
}

package import CausewayModel

/// The position of the delta query of one collection of a tenant.
package struct MirrorFeed: Hashable, Sendable {
    /// The tenant and the properties; another source means reading everything again.
    package let source: String
    /// Graph's link for the next round; nil if everything must be read.
    package let deltaLink: String?
    /// How often everything has been read.
    package let round: Int64
    /// When it was last read to its end.
    package let readAt: Timestamp?
}

extension Transaction {
    /// The position of a collection's delta query; nil if it never began.
    package func mirrorFeed(_ kind: ObjectKind, provider: ProviderID) throws -> MirrorFeed? {
        try first(
            "SELECT source, delta_link, round, read_at_ms FROM mirror_feeds WHERE provider_id = ? AND object_kind = ?",
            SQLValue(provider),
            SQLValue(kind)
        ) { row in
            MirrorFeed(
                source: try row.text("source"),
                deltaLink: try row.text(orNil: "delta_link"),
                round: try row.integer("round"),
                readAt: try row.timestamp(orNil: "read_at_ms")
            )
        }
    }

    /// Begins to read everything: until the round has ended, there is no link to continue from. Whatever was known may have changed.
    ///
    /// - Returns: the round's number, higher than every one before.
    package func beginMirrorRound(_ kind: ObjectKind, source: String, provider: ProviderID) throws -> Int64 {
        let round = (try mirrorFeed(kind, provider: provider)?.round ?? 0) + 1
        try forgetEvaluation(of: provider)
        try execute(
            """
            INSERT INTO mirror_feeds (provider_id, object_kind, source, delta_link, round) VALUES (?, ?, ?, NULL, ?)
            ON CONFLICT (provider_id, object_kind) DO UPDATE SET source = excluded.source, delta_link = NULL,
                round = excluded.round
            """,
            SQLValue(provider),
            SQLValue(kind),
            .text(source),
            .integer(round)
        )
        return round
    }

    /// Records that a round was read to its end.
    package func endMirrorRound(_ kind: ObjectKind, deltaLink: String, provider: ProviderID) throws {
        try execute(
            "UPDATE mirror_feeds SET delta_link = ?, read_at_ms = ? WHERE provider_id = ? AND object_kind = ?",
            .text(deltaLink),
            SQLValue(now),
            SQLValue(provider),
            SQLValue(kind)
        )
    }

    /// Makes the next run read everything: a mirror that may be wrong is replaced, not repaired.
    package func resetMirror(provider: ProviderID) throws {
        try execute("UPDATE mirror_feeds SET delta_link = NULL WHERE provider_id = ?", SQLValue(provider))
    }
}

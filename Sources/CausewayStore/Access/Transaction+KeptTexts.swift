package import CausewayModel

/// Texts that a later request reads, whichever node it reaches. They can contain what people entered, so they are sealed, and only the
/// hashes of keys are stored.
extension Transaction {
    /// How long the housekeeper leaves a text of any kind.
    private static let longestLifetime: Duration = .seconds(86_400)

    /// Stores a text.
    ///
    /// - Parameters:
    ///   - keyHash: with which it is found.
    ///   - ownerHash: who alone finds it.
    package func keep(_ text: Secret, as kind: KeptTextKind, keyHash: [UInt8], ownerHash: [UInt8]) throws {
        try execute(
            "DELETE FROM kept_texts WHERE kind = ? AND kept_at_ms <= ?",
            .text(kind.name),
            SQLValue(now - kind.lifetime)
        )
        try execute(
            """
            INSERT INTO kept_texts (number, key_hash, kind, owner_hash, text_sealed, kept_at_ms)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            .integer(try take(of: "kept_texts")),
            .blob(keyHash),
            .text(kind.name),
            .blob(ownerHash),
            .blob(try secrets.seal(text)),
            SQLValue(now)
        )
        try removeSurplus(of: kind)
    }

    private func removeSurplus(of kind: KeptTextKind) throws {
        let all = try all(
            "SELECT number, length(text_sealed) AS bytes FROM kept_texts WHERE kind = ? ORDER BY number DESC",
            .text(kind.name)
        ) { (number: try $0.integer("number"), bytes: try $0.int("bytes")) }
        var bytes = 0
        for (index, text) in all.enumerated() {
            bytes += text.bytes
            guard index > 0, index >= kind.most || bytes > kind.mostBytes else { continue }
            return try execute(
                "DELETE FROM kept_texts WHERE kind = ? AND number <= ?",
                .text(kind.name),
                .integer(text.number)
            )
        }
    }

    /// A text; nil if there is none with that key, if it has another owner, or if its time is over.
    package func keptText(_ kind: KeptTextKind, keyHash: [UInt8], ownerHash: [UInt8]) throws -> Secret? {
        try first(
            "SELECT text_sealed FROM kept_texts WHERE key_hash = ? AND owner_hash = ? AND kind = ? AND kept_at_ms > ?",
            .blob(keyHash),
            .blob(ownerHash),
            .text(kind.name),
            SQLValue(now - kind.lifetime)
        ) { try secrets.open(try $0.blob("text_sealed")) }
    }

    /// Whether anything is kept for an owner.
    package func hasKeptText(_ kind: KeptTextKind, ownerHash: [UInt8]) throws -> Bool {
        try exists(
            "SELECT 1 FROM kept_texts WHERE owner_hash = ? AND kind = ? AND kept_at_ms > ?",
            .blob(ownerHash),
            .text(kind.name),
            SQLValue(now - kind.lifetime)
        )
    }

    /// Deletes texts that are a day old.
    func trimKeptTexts() throws {
        try execute("DELETE FROM kept_texts WHERE kept_at_ms <= ?", SQLValue(now - Self.longestLifetime))
    }
}

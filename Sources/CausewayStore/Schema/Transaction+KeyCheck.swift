import CausewayModel

// A value that is sealed once and opened at every start reveals a wrong key at once, not when the first secret is needed.

extension Transaction {
    private static let keyCheck = Secret("causeway")

    /// Makes sure that the secrets of this database are sealed with the present key.
    ///
    /// - Throws: ``StoreError`` of code `secretKey`.
    func requireKey() throws {
        let check = try first("SELECT key_check FROM installation") { try $0.blob(orNil: "key_check") }
        if let check = check ?? nil {
            guard (try? secrets.open(check)) == Self.keyCheck else { throw Self.wrongKey }
            return
        }
        // A database of an earlier version has none: whatever is sealed there reveals the key.
        let samples = try sealedSamples()
        guard samples.isEmpty || samples.contains(where: { (try? secrets.open($0)) != nil }) else {
            throw Self.wrongKey
        }
        try saveKeyCheck()
    }

    func saveKeyCheck() throws {
        try execute("UPDATE installation SET key_check = ?", .blob(try secrets.seal(Self.keyCheck)))
    }

    private func sealedSamples() throws -> [[UInt8]] {
        try [
            "SELECT client_secret_sealed AS sealed FROM providers ORDER BY id DESC LIMIT 20",
            "SELECT totp_sealed AS sealed FROM accounts WHERE totp_sealed IS NOT NULL LIMIT 20",
            "SELECT key_sealed AS sealed FROM tokens WHERE key_sealed IS NOT NULL LIMIT 20",
        ]
        .flatMap { query in try all(query) { try $0.blob("sealed") } }
        .filter { $0.count >= SecretBox.leastBytes }
    }

    private static let wrongKey = StoreError(
        .secretKey,
        "The secret key is not the one with which the secrets in this database are sealed. Start with the previous key "
            + "(CAUSEWAY_SECRET_KEY, or the file secret.key in the data folder). If it is lost for good: causeway config new-key"
    )

    /// Deletes everything that is sealed with a lost key, and begins with the present one.
    ///
    /// - Returns: the names of the providers whose credential must be entered again.
    package func forgetSecrets() throws -> [String] {
        let providers = try all("SELECT name FROM providers ORDER BY name") { try $0.text("name") }
        try execute("UPDATE providers SET client_secret_sealed = ?", .blob(try secrets.seal(Secret(""))))
        for field in ProviderSettings.fields where field.sealed != nil {
            try execute("UPDATE providers SET \(field.column) = NULL")
        }
        try execute("DELETE FROM provider_registrations")
        try execute("UPDATE accounts SET totp_sealed = NULL, is_totp_confirmed = FALSE")
        try execute("UPDATE tokens SET key_sealed = NULL")
        try execute("UPDATE actions SET secrets_sealed = NULL")
        try execute("DELETE FROM kept_texts")
        try saveKeyCheck()
        return providers
    }
}

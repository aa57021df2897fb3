package import CausewayModel

extension Transaction {
    /// The app registrations of a provider, its own first, with their secrets opened for the requests that need them.
    ///
    /// - Throws: ``StoreError`` of code `secretKey` if a secret cannot be opened with the present key.
    package func registrations(of provider: EntraProvider) throws -> [AppRegistrationCredential] {
        let own = AppRegistrationCredential(clientID: provider.clientID, secret: try clientSecret(of: provider.id))
        let further = try all(
            "SELECT client_id, client_secret_sealed FROM provider_registrations WHERE provider_id = ? ORDER BY client_id",
            SQLValue(provider.id)
        ) { (try $0.text("client_id"), try $0.blob("client_secret_sealed")) }
        return [own]
            + (try further.map { AppRegistrationCredential(clientID: $0, secret: try secrets.open($1)) })
    }

    /// The client ids of a provider's further app registrations.
    package func furtherClientIDs(of provider: ProviderID) throws -> [String] {
        try all(
            "SELECT client_id FROM provider_registrations WHERE provider_id = ? ORDER BY client_id",
            SQLValue(provider)
        ) { try $0.text("client_id") }
    }

    /// Replaces a provider's further app registrations; a change requests a full sync.
    ///
    /// - Throws: ``ValidationError`` if one is named twice, or is the provider's own.
    package func saveFurtherRegistrations(_ further: [AppRegistrationCredential], of provider: EntraProvider) throws {
        var names: Set<String> = [provider.clientID.lowercased()]
        for registration in further {
            guard names.insert(registration.clientID.lowercased()).inserted else {
                throw ValidationError("client_id", "The client id '\(registration.clientID)' is given twice.")
            }
        }
        // Secrets that cannot be opened any more count as different.
        let before = try? registrations(of: provider).dropFirst()
        if before.map(Set.init) != Set(further) { try requestRun(of: provider.id, .save) }
        try execute("DELETE FROM provider_registrations WHERE provider_id = ?", SQLValue(provider.id))
        for registration in further {
            try execute(
                "INSERT INTO provider_registrations (provider_id, client_id, client_secret_sealed) VALUES (?, ?, ?)",
                SQLValue(provider.id),
                .text(registration.clientID),
                .blob(try secrets.seal(registration.secret))
            )
        }
    }
}

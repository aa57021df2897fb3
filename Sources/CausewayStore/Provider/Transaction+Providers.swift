package import CausewayModel

extension Transaction {
    private static let providers = "SELECT \(ProviderRow.table.selection("p")) FROM providers p"

    private static let changeProvider = ProviderRow.table.update(where: "id = ?")

    /// Creates a provider.
    ///
    /// - Throws: ``ValidationError``, or ``StoreError`` of code `conflict` if the name is taken.
    @discardableResult
    package func createProvider(_ settings: ProviderSettings, clientSecret: Secret) throws -> EntraProvider {
        let id = ProviderID(try take(of: "providers"))
        var row = try row(of: settings, id)
        row.sealedSecret = try secrets.seal(clientSecret)
        try connection.execute(ProviderRow.table.insertion, try ProviderRow.table.values(of: row))
        try saveLists(of: settings, provider: id)
        try save(.standard(id, installation: installationID), of: id)
        return EntraProvider(id: id, settings: settings)
    }

    /// Changes a provider; its secret only if one is given. A relevant change requests a full sync; a save that changes
    /// nothing does not.
    ///
    /// - Parameters:
    ///   - clientSecret: its credential, entered again; empty for a federated one, whose credential is the file.
    ///   - further: its further app registrations with their secrets, entered again.
    /// - Throws: ``ValidationError``, also if a stored secret would go elsewhere and was not entered again; or ``StoreError`` of
    ///   code `notFound` or `conflict`.
    package func updateProvider(
        _ id: ProviderID,
        to settings: ProviderSettings,
        clientSecret: Secret? = nil,
        further: [AppRegistrationCredential]? = nil
    ) throws {
        let before = try self.provider(id)
        if let before { try requireCredentials(before, settings, clientSecret, further) }
        let changes = try ProviderRow.table.changes(to: try row(of: settings, id))
        let changed = try connection.executeAndCount(Self.changeProvider, changes + [SQLValue(id)])
        guard changed > 0 else { throw StoreError.notFound("provider", "\(id)") }
        let hasNewSecret = try clientSecret.map { try replaceSecret(of: id, by: $0) } ?? false
        try saveLists(of: settings, provider: id)
        let after = try self.provider(id)
        if let further, let after { try saveFurtherRegistrations(further, of: after) }
        if let before, settings.leadsElsewhere(than: before.settings) { try resetMirror(provider: id) }
        if hasNewSecret || before.map({ settings.signsInDifferently(than: $0.settings) }) == true {
            try forgetConnectionTrial(of: id)
        }
        if before?.planShape != after?.planShape { try planShapeChanged(of: id, .settingsChanged) }
        // Nothing is known of the other tenant yet.
        if before?.tenantID != after?.tenantID { try forgetJournalPosition(of: id) }
        if after?.dryRun == true { try endApprovals(of: id, .dryRun) }
        if hasNewSecret || before?.meaning != after?.meaning { try requestRun(of: id, .save) }
    }

    private func requireCredentials(
        _ before: EntraProvider,
        _ settings: ProviderSettings,
        _ secret: Secret?,
        _ further: [AppRegistrationCredential]?
    ) throws {
        // If none is stored, none can be sent.
        let hasNone = settings.credentialKind != .federated && (try? clientSecret(of: before.id)) == Secret("")
        try settings.requireCredential(isEntered: secret != nil || hasNone, since: before.settings)
        let left = further == nil ? try furtherClientIDs(of: before.id) : []
        try settings.requireCredentials(of: left, since: before.settings)
    }

    /// Stores a secret.
    ///
    /// - Returns: whether it differs from the previous one; one that cannot be opened any more differs.
    private func replaceSecret(of provider: ProviderID, by secret: Secret) throws -> Bool {
        let before = try? clientSecret(of: provider)
        guard before != secret else { return false }
        try execute(
            "UPDATE providers SET client_secret_sealed = ? WHERE id = ?",
            .blob(try secrets.seal(secret)),
            SQLValue(provider)
        )
        return true
    }

    /// Deletes a provider with its links; nothing happens in Entra.
    package func deleteProvider(_ id: ProviderID) throws {
        guard try executeAndCount("DELETE FROM providers WHERE id = ?", SQLValue(id)) > 0 else {
            throw StoreError.notFound("provider", "\(id)")
        }
        marks.hasLinks = true
    }

    /// The provider with that key.
    package func provider(_ id: ProviderID) throws -> EntraProvider? {
        try first("\(Self.providers) WHERE p.id = ?", SQLValue(id), as: provider(row:)).map(withLists)
    }

    /// The provider with that name.
    package func provider(named name: String) throws -> EntraProvider? {
        try first("\(Self.providers) WHERE p.name = ?", .text(name), as: provider(row:)).map(withLists)
    }

    /// All providers by name.
    package func providers() throws -> [EntraProvider] {
        try all("\(Self.providers) ORDER BY p.name", as: provider(row:)).map(withLists)
    }

    /// The secret, opened, for the request that needs it.
    ///
    /// - Throws: ``StoreError`` of code `secretKey` if it cannot be opened with the present key.
    package func clientSecret(of provider: ProviderID) throws -> Secret {
        let sealed = try first("SELECT client_secret_sealed FROM providers WHERE id = ?", SQLValue(provider)) {
            try $0.blob("client_secret_sealed")
        }
        guard let sealed else { throw StoreError.notFound("provider", "\(provider)") }
        return try secrets.open(sealed)
    }

    // MARK: Rows

    /// The row of valid settings.
    private func row(of settings: ProviderSettings, _ id: ProviderID) throws -> ProviderRow {
        try settings.validate(endpoints)
        let filterGroup = try settings.filterGroup.map { id in
            guard let group = try group(id) else { throw ValidationError("filter_group", "There is no such group.") }
            return group
        }
        return ProviderRow(
            id: id,
            secrets: secrets,
            settings: settings,
            filterGroupName: filterGroup?.name,
            selectsGroups: !settings.groups.isEmpty
        )
    }

    private func saveLists(of settings: ProviderSettings, provider: ProviderID) throws {
        try execute("DELETE FROM provider_mappings WHERE provider_id = ?", SQLValue(provider))
        try execute("DELETE FROM provider_groups WHERE provider_id = ?", SQLValue(provider))
        for (kind, mappings) in [(ObjectKind.user, settings.userMappings), (.group, settings.groupMappings)] {
            for mapping in Set(mappings) {
                try execute(
                    "INSERT INTO provider_mappings (provider_id, object_kind, mapping_id) VALUES (?, ?, ?)",
                    SQLValue(provider),
                    SQLValue(kind),
                    SQLValue(mapping)
                )
            }
        }
        for group in Set(settings.groups) {
            try execute(
                "INSERT INTO provider_groups (provider_id, group_id) VALUES (?, ?)",
                SQLValue(provider),
                SQLValue(group)
            )
        }
    }

    private func withLists(_ provider: EntraProvider) throws -> EntraProvider {
        var provider = provider
        provider.settings.userMappings = try mappings(of: provider.id, kind: .user).map(\.id)
        provider.settings.groupMappings = try mappings(of: provider.id, kind: .group).map(\.id)
        provider.settings.groups = try all(
            "SELECT group_id FROM provider_groups WHERE provider_id = ? ORDER BY group_id",
            SQLValue(provider.id)
        ) { try $0.id("group_id") }
        return provider
    }

    private func provider(row: SQLRow) throws -> EntraProvider {
        let empty = ProviderRow(
            id: try row.id("id"),
            secrets: secrets,
            settings: .blank
        )
        let row = try ProviderRow.table.record(row, from: empty)
        return EntraProvider(
            id: row.id,
            settings: row.settings,
            application: row.application,
            vanishedFilterGroup: row.settings.filterGroup == nil ? row.filterGroupName : nil,
            selectsGroups: row.selectsGroups,
            restoredAt: row.restoredAt
        )
    }
}

package import CausewayModel

extension Transaction {
    private static let providerColumns = """
        id, name, client_id, tenant_id, exclude_users_service_account, user_delete_action, group_delete_action,
        filter_group_id, filter_group_name, filter_group_recursive, nested_groups, sync_page_size, sync_page_timeout,
        discovery_enabled, dry_run, cloud, login_endpoint, graph_endpoint, credential_kind, scope_exit_action,
        guard_max_count, guard_max_percent, drift_policy, federated_token_file, user_match_rules, group_match_rules,
        approval_lifetime, same_person_keys, block_inactive, review_first_sync, selects_groups, application_id
        """

    /// Creates a provider.
    ///
    /// - Throws: ``ValidationError``, or ``StoreError`` of code `conflict` where the name is taken.
    @discardableResult
    package func createProvider(_ settings: ProviderSettings, clientSecret: Secret) throws -> EntraProvider {
        let id = ProviderID(try take(of: "providers"))
        let names = Self.providerColumns.split { $0 == "," || $0.isWhitespace }.map(String.init).dropLast()
        let values = [SQLValue(id)] + (try columns(of: settings)) + [.blob(try secrets.seal(clientSecret))]
        try connection.execute(
            """
            INSERT INTO providers (\(names.joined(separator: ", ")), client_secret_sealed)
            VALUES (\(values.map { _ in "?" }.joined(separator: ", ")))
            """,
            values
        )
        try saveLists(of: settings, provider: id)
        try save(.standard(id, installation: installationID), of: id)
        return EntraProvider(id: id, settings: settings)
    }

    /// Changes a provider; its secret only where one is given. A change of meaning asks for a full sync; a save that changes
    /// nothing does not.
    ///
    /// - Parameters:
    ///   - clientSecret: its credential, entered anew; empty for a federated one, whose file is.
    ///   - further: its further app registrations with their secrets, entered anew.
    /// - Throws: ``ValidationError``, also where a stored secret would go elsewhere and was not entered anew; or ``StoreError`` of
    ///   code `notFound` or `conflict`.
    package func updateProvider(
        _ id: ProviderID,
        to settings: ProviderSettings,
        clientSecret: Secret? = nil,
        further: [AppRegistrationCredential]? = nil
    ) throws {
        let before = try self.provider(id)
        if let before { try requireCredentials(before, settings, clientSecret, further) }
        let names = Self.providerColumns.split { $0 == "," || $0.isWhitespace }.map(String.init).dropFirst().dropLast()
        let changed = try connection.execute(
            "UPDATE providers SET \(names.map { "\($0) = ?" }.joined(separator: ", ")) WHERE id = ?",
            try columns(of: settings) + [SQLValue(id)]
        )
        guard changed > 0 else { throw StoreError.notFound("provider", "\(id)") }
        let hasNewSecret = try clientSecret.map { try replaceSecret(of: id, by: $0) } ?? false
        try saveLists(of: settings, provider: id)
        let after = try self.provider(id)
        if let further, let after { try saveFurtherRegistrations(further, of: after) }
        if let before, settings.leadsElsewhere(than: before.settings) { try resetMirror(provider: id) }
        if before?.planShape != after?.planShape { try planShapeChanged(of: id, .settingsChanged) }
        // Another tenant has not been met yet.
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
        // Where none is stored, none can be sent.
        let hasNone = settings.credentialKind != .federated && (try? clientSecret(of: before.id)) == Secret("")
        try settings.requireCredential(isEntered: secret != nil || hasNone, since: before.settings)
        let left = further == nil ? try furtherClientIDs(of: before.id) : []
        try settings.requireCredentials(of: left, since: before.settings)
    }

    /// Stores a secret.
    ///
    /// - Returns: whether it is another one than before; one that cannot be opened any more is another one.
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

    /// Deletes a provider with its connections; nothing happens in Entra.
    package func deleteProvider(_ id: ProviderID) throws {
        guard try execute("DELETE FROM providers WHERE id = ?", SQLValue(id)) > 0 else {
            throw StoreError.notFound("provider", "\(id)")
        }
    }

    /// The provider of that key.
    package func provider(_ id: ProviderID) throws -> EntraProvider? {
        try first("SELECT \(Self.providerColumns) FROM providers WHERE id = ?", SQLValue(id), as: Self.provider)
            .map(withLists)
    }

    /// The provider of that name.
    package func provider(named name: String) throws -> EntraProvider? {
        try first("SELECT \(Self.providerColumns) FROM providers WHERE name = ?", .text(name), as: Self.provider)
            .map(withLists)
    }

    /// All providers by name.
    package func providers() throws -> [EntraProvider] {
        try all("SELECT \(Self.providerColumns) FROM providers ORDER BY name", as: Self.provider).map(withLists)
    }

    /// The secret, opened, for the request that needs it.
    ///
    /// - Throws: ``StoreError`` of code `secretKey` where it cannot be opened with the present key.
    package func clientSecret(of provider: ProviderID) throws -> Secret {
        let sealed = try first("SELECT client_secret_sealed FROM providers WHERE id = ?", SQLValue(provider)) {
            $0.blob(0)
        }
        guard let sealed = sealed ?? nil else { throw StoreError.notFound("provider", "\(provider)") }
        return try secrets.open(sealed)
    }

    // MARK: Columns

    /// The values of every column between the key and the application, in the order of `providerColumns`.
    private func columns(of settings: ProviderSettings) throws -> [SQLValue] {
        try settings.validate(endpoints)
        let filterGroup = try settings.filterGroup.map { id in
            guard let group = try group(id) else { throw ValidationError("filter_group", "There is no such group.") }
            return group
        }
        return [
            .text(settings.name), .text(settings.clientID), .text(settings.tenantID),
            .bool(settings.excludeServiceAccounts), SQLValue(settings.userDeleteAction),
            SQLValue(settings.groupDeleteAction), SQLValue(filterGroup?.id), SQLValue(filterGroup?.name),
            .bool(settings.filterGroupRecursive), SQLValue(settings.nestedGroups),
            .integer(Int64(settings.syncPageSize)), .text(settings.syncPageTimeout), .bool(settings.discoveryEnabled),
            .bool(settings.dryRun), SQLValue(settings.cloud), .text(settings.loginEndpoint),
            .text(settings.graphEndpoint), SQLValue(settings.credentialKind), SQLValue(settings.scopeExitAction),
            .integer(Int64(settings.guardMaxCount)), .integer(Int64(settings.guardMaxPercent)),
            SQLValue(settings.driftPolicy), .text(settings.federatedTokenFile),
            .text(Self.words(settings.userMatchRules)), .text(Self.words(settings.groupMatchRules)),
            .text(settings.approvalLifetime), .text(Self.words(settings.samePersonKeys)),
            .bool(settings.blockInactive), .bool(settings.reviewFirstSync),
            .bool(!settings.groups.isEmpty),
        ]
    }

    /// A list of words as one column holds it.
    private static func words(_ words: [some RawRepresentable<String>]) -> String {
        words.map(\.rawValue).joined(separator: ",")
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
        ) { try $0.uuid(0) }
        return provider
    }

    private static func provider(_ row: any SQLRow) throws -> EntraProvider {
        var settings = ProviderSettings(
            name: try row.requiredText(1),
            clientID: try row.requiredText(2),
            tenantID: try row.requiredText(3)
        )
        settings.excludeServiceAccounts = try row.bool(4)
        settings.userDeleteAction = try row.word(5)
        settings.groupDeleteAction = try row.word(6)
        settings.filterGroup = row.isNull(7) ? nil : try row.uuid(7)
        settings.filterGroupRecursive = try row.bool(9)
        settings.nestedGroups = try row.word(10)
        settings.syncPageSize = Int(try row.requiredInteger(11))
        settings.syncPageTimeout = try row.requiredText(12)
        settings.discoveryEnabled = try row.bool(13)
        settings.dryRun = try row.bool(14)
        settings.cloud = try row.word(15)
        settings.loginEndpoint = try row.requiredText(16)
        settings.graphEndpoint = try row.requiredText(17)
        settings.credentialKind = try row.word(18)
        settings.scopeExitAction = try row.word(19)
        settings.guardMaxCount = Int(try row.requiredInteger(20))
        settings.guardMaxPercent = Int(try row.requiredInteger(21))
        settings.driftPolicy = try row.word(22)
        settings.federatedTokenFile = try row.requiredText(23)
        settings.userMatchRules = try row.words(24)
        settings.groupMatchRules = try row.words(25)
        settings.approvalLifetime = try row.requiredText(26)
        settings.samePersonKeys = try row.words(27)
        settings.blockInactive = try row.bool(28)
        settings.reviewFirstSync = try row.bool(29)
        return EntraProvider(
            id: ProviderID(try row.requiredInteger(0)),
            settings: settings,
            application: row.isNull(31) ? nil : try row.uuid(31),
            vanishedFilterGroup: row.isNull(7) ? row.text(8) : nil,
            selectsGroups: try row.bool(30)
        )
    }
}

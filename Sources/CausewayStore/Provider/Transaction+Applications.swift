package import CausewayModel

extension Transaction {
    private static let applicationColumns = """
        id, name, slug, library_group, launch_url, description, publisher, icon, open_in_new_tab, is_hidden, policy_engine_mode,
        provider_id
        """

    /// Stores an application and assigns its backchannel providers: a new one, or changes to one that is there. Providers that
    /// were not assigned to it before are asked for a full sync.
    ///
    /// - Throws: ``ValidationError``, or ``StoreError`` of code `conflict` where the slug is taken.
    package func saveApplication(_ application: Application) throws {
        try application.validate()
        try execute(
            """
            INSERT INTO applications (\(Self.applicationColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, slug = excluded.slug,
                library_group = excluded.library_group, launch_url = excluded.launch_url,
                description = excluded.description, publisher = excluded.publisher,
                icon = excluded.icon, open_in_new_tab = excluded.open_in_new_tab, is_hidden = excluded.is_hidden,
                policy_engine_mode = excluded.policy_engine_mode, provider_id = excluded.provider_id
            """,
            SQLValue(application.id),
            .text(application.name),
            .text(application.slug),
            .text(application.group),
            .text(application.launchURL),
            .text(application.description),
            .text(application.publisher),
            .text(application.icon),
            .bool(application.opensInNewTab),
            .bool(application.isHidden),
            SQLValue(application.policyEngineMode),
            SQLValue(application.provider?.rawValue)
        )
        let before = Set(try backchannelProviders(of: application.id))
        try execute("UPDATE providers SET application_id = NULL WHERE application_id = ?", SQLValue(application.id))
        for (place, provider) in application.backchannelProviders.enumerated() {
            try assign(provider, to: application.id, place: place)
            if !before.contains(provider) { try requestRun(of: provider, .save) }
        }
        for provider in before.subtracting(application.backchannelProviders) {
            try planShapeChanged(of: provider, .unassigned)
        }
    }

    private func backchannelProviders(of application: ApplicationID) throws -> [ProviderID] {
        try all(
            "SELECT id FROM providers WHERE application_id = ? ORDER BY application_place, id",
            SQLValue(application)
        ) {
            ProviderID(try $0.requiredInteger(0))
        }
    }

    private func assign(_ provider: ProviderID, to application: ApplicationID, place: Int) throws {
        let assigned = try execute(
            "UPDATE providers SET application_id = ?, application_place = ? WHERE id = ? AND application_id IS NULL",
            SQLValue(application),
            .integer(Int64(place)),
            SQLValue(provider)
        )
        guard assigned == 0 else { return }
        guard let taken = try self.provider(provider) else { throw StoreError.notFound("provider", "\(provider)") }
        throw ValidationError(
            "backchannel_providers",
            "The provider '\(taken.name)' serves another application; a provider serves one at most."
        )
    }

    /// Deletes an application; its providers stay, unassigned.
    package func deleteApplication(_ id: ApplicationID) throws {
        for provider in try backchannelProviders(of: id) { try planShapeChanged(of: provider, .unassigned) }
        guard try execute("DELETE FROM applications WHERE id = ?", SQLValue(id)) > 0 else {
            throw StoreError.notFound("application", id.text)
        }
    }

    /// All applications by name.
    package func applications() throws -> [Application] {
        let sql =
            "SELECT \(Self.applicationColumns) FROM applications ORDER BY name, id"
        let applications = try all(sql, as: Self.application)
        return try applications.map { application in
            var application = application
            application.backchannelProviders = try backchannelProviders(of: application.id)
            return application
        }
    }

    private static func application(_ row: any SQLRow) throws -> Application {
        Application(
            id: try row.uuid(0),
            name: try row.requiredText(1),
            slug: try row.requiredText(2),
            group: try row.requiredText(3),
            launchURL: try row.requiredText(4),
            description: try row.requiredText(5),
            publisher: try row.requiredText(6),
            icon: try row.requiredText(7),
            opensInNewTab: try row.bool(8),
            isHidden: try row.bool(9),
            policyEngineMode: try row.word(10),
            provider: row.integer(11).map(ProviderID.init)
        )
    }
}

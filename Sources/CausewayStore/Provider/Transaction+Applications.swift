package import CausewayModel

extension Application {
    /// Its backchannel providers are stored with the providers.
    fileprivate static let table = RecordTable<Application>(
        "applications",
        Application.fields,
        of: \.self,
        [
            Column("id", .once) { SQLValue($0.id) },
            .optionalID("provider_id", \.provider),
        ]
    )
}

extension Transaction {
    private static let saveApplication = Application.table.saving(by: "id")

    /// Stores an application and assigns its backchannel providers: a new one, or changes to an existing one. A full sync is requested for
    /// providers that were not assigned to it before.
    ///
    /// - Throws: ``ValidationError``, or ``StoreError`` of code `conflict` if the slug is taken.
    package func saveApplication(_ application: Application) throws {
        try application.validate()
        try connection.execute(Self.saveApplication, try Application.table.values(of: application))
        let before = Set(try backchannelProviders(of: application.id))
        try execute("UPDATE providers SET application_id = NULL WHERE application_id = ?", SQLValue(application.id))
        for (position, provider) in application.backchannelProviders.enumerated() {
            try assign(provider, to: application.id, position: position)
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
            try $0.id("id")
        }
    }

    private func assign(_ provider: ProviderID, to application: ApplicationID, position: Int) throws {
        let assigned = try executeAndCount(
            "UPDATE providers SET application_id = ?, application_place = ? WHERE id = ? AND application_id IS NULL",
            SQLValue(application),
            .integer(Int64(position)),
            SQLValue(provider)
        )
        guard assigned == 0 else { return }
        guard let taken = try self.provider(provider) else { throw StoreError.notFound("provider", "\(provider)") }
        throw ValidationError(
            "backchannel_providers",
            "The provider '\(taken.name)' belongs to another application; a provider has at most one."
        )
    }

    /// Deletes an application; its providers stay, unassigned.
    package func deleteApplication(_ id: ApplicationID) throws {
        for provider in try backchannelProviders(of: id) { try planShapeChanged(of: provider, .unassigned) }
        guard try executeAndCount("DELETE FROM applications WHERE id = ?", SQLValue(id)) > 0 else {
            throw StoreError.notFound("application", id.text)
        }
    }

    /// All applications by name.
    package func applications() throws -> [Application] {
        let sql = "SELECT \(Application.table.selection("a")) FROM applications a ORDER BY a.name, a.id"
        return try all(sql, as: Self.application).map { application in
            var application = application
            application.backchannelProviders = try backchannelProviders(of: application.id)
            return application
        }
    }

    private static func application(_ row: SQLRow) throws -> Application {
        try Application.table.record(row, from: Application(id: try row.id("id"), name: "", slug: ""))
    }
}

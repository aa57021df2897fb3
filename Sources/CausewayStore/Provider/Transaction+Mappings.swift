package import CausewayModel

extension PropertyMapping {
    fileprivate static let table = RecordTable<PropertyMapping>(
        "property_mappings",
        PropertyMapping.fields,
        of: \.self,
        [
            Column("id", .once) { SQLValue($0.id) },
            .optionalText("managed", \.managed),
        ]
    )
}

extension Transaction {
    private static let mappingColumns = PropertyMapping.table.selection("m")

    private static let saveMapping = PropertyMapping.table.saving(by: "id")

    /// Stores a mapping: a new one, or changes to an existing one, which request a full sync of all providers that use it.
    ///
    /// - Throws: ``ValidationError``, or ``StoreError`` of code `conflict` if the name is taken.
    package func saveMapping(_ mapping: PropertyMapping) throws {
        try mapping.validate()
        let before = try first(
            "SELECT \(Self.mappingColumns) FROM property_mappings m WHERE m.id = ?",
            SQLValue(mapping.id),
            as: Self.mapping
        )
        // The name counts, since mappings are applied in the order of their names.
        let isSame = before.map { PropertyMapping.fields.values(of: $0) } == PropertyMapping.fields.values(of: mapping)
        if !isSame { try changePlans(ofProvidersWith: mapping.id) }
        try connection.execute(Self.saveMapping, try PropertyMapping.table.values(of: mapping))
    }

    /// Stores a mapping that comes with the product, replacing its previous version; it keeps its key.
    ///
    /// - Returns: the mapping as stored.
    @discardableResult
    package func saveManagedMapping(_ managed: String, name: String, expression: String) throws -> PropertyMapping {
        let present = try mappings().first { $0.managed == managed }
        let mapping = PropertyMapping(
            id: present?.id ?? .random(),
            managed: managed,
            name: name,
            expression: expression
        )
        if mapping != present { try saveMapping(mapping) }
        return mapping
    }

    /// The revision of the mappings that came with the newest program so far; 0 before the first that had one.
    package func mappingRevision() throws -> Int64 {
        try first("SELECT mapping_revision FROM installation") { try $0.integer("mapping_revision") } ?? 0
    }

    package func setMappingRevision(_ revision: Int64) throws {
        try execute("UPDATE installation SET mapping_revision = ?", .integer(revision))
    }

    /// Waiting plans were made with another mapping; a full sync plans again.
    private func changePlans(ofProvidersWith mapping: MappingID) throws {
        let providers: [ProviderID] = try all(
            "SELECT DISTINCT provider_id FROM provider_mappings WHERE mapping_id = ?",
            SQLValue(mapping)
        ) { try $0.id("provider_id") }
        for provider in providers {
            try planShapeChanged(of: provider, .settingsChanged)
            try requestRun(of: provider, .save)
        }
    }

    /// Deletes a mapping; providers that used it continue without it, beginning with a full sync.
    package func deleteMapping(_ id: MappingID) throws {
        try changePlans(ofProvidersWith: id)
        guard try executeAndCount("DELETE FROM property_mappings WHERE id = ?", SQLValue(id)) > 0 else {
            throw StoreError.notFound("property mapping", id.text)
        }
    }

    /// All mappings by name.
    package func mappings() throws -> [PropertyMapping] {
        try all("SELECT \(Self.mappingColumns) FROM property_mappings m ORDER BY m.name", as: Self.mapping)
    }

    /// The mapping with that name.
    package func mapping(named name: String) throws -> PropertyMapping? {
        try first(
            "SELECT \(Self.mappingColumns) FROM property_mappings m WHERE m.name = ?",
            .text(name),
            as: Self.mapping
        )
    }

    /// The mappings that a provider applies to users or groups, by name.
    package func mappings(of provider: ProviderID, kind: ObjectKind) throws -> [PropertyMapping] {
        try all(
            """
            SELECT \(Self.mappingColumns) FROM property_mappings m
            JOIN provider_mappings p ON p.mapping_id = m.id
            WHERE p.provider_id = ? AND p.object_kind = ? ORDER BY m.name
            """,
            SQLValue(provider),
            SQLValue(kind),
            as: Self.mapping
        )
    }

    private static func mapping(_ row: SQLRow) throws -> PropertyMapping {
        try PropertyMapping.table.record(row, from: PropertyMapping(id: try row.id("id"), name: "", expression: ""))
    }
}

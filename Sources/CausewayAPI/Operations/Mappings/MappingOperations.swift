import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayStore

/// `propertymappings/`
enum MappingOperations: ResourceOperations {
    static let component = "ak-property-mapping-provider-microsoft-entra-form"

    static let model = APIModel.mapping

    static let handlers: [String: APIHandler] = commonHandlers(of: "propertymappings_all")
        .merging(commonHandlers(of: "propertymappings_provider_microsoft_entra")) { $1 }
        .merging([
            "propertymappings_all_list": list, "propertymappings_all_types_list": types,
            "propertymappings_all_test_create": MappingTest.run, "propertymappings_provider_microsoft_entra_list": list,
            "propertymappings_provider_microsoft_entra_create": create,
            "propertymappings_provider_microsoft_entra_update": update,
            "propertymappings_provider_microsoft_entra_partial_update": update,
        ]) { $1 }

    @Sendable private static func list(_ request: APIRequest) async throws -> APIResponse {
        let (list, query) = (try ListRequest(request), request.query)
        let all = try await request.store.read { try $0.mappings() }
        let managed = query.texts("managed").filter { !$0.isEmpty }
        for name in managed where !all.contains(where: { $0.managed == name }) {
            throw APIError.noChoice("managed", name)
        }
        let found = all.filter { mapping in
            (query.text("name").map { $0 == mapping.name } ?? true)
                && (query.text("expression").map { $0 == mapping.expression } ?? true)
                && (query.uuid("pm_uuid").map { MappingID($0) == mapping.id } ?? true)
                && (query.bool("managed__isnull").map { $0 == (mapping.managed == nil) } ?? true)
                && (managed.isEmpty || mapping.managed.map(managed.contains) == true)
        }
        return try list.envelope(of: found.map(json), searched: ["name"], standard: ["name"])
    }

    @Sendable private static func create(_ request: APIRequest) async throws -> APIResponse {
        let mapping = try input(request, PropertyMapping(name: "", expression: ""))
        try await requireCompiling(mapping, request)
        try await request.store.write { try save(mapping, since: nil, request, in: $0) }
        return .created(json(mapping))
    }

    @Sendable private static func update(_ request: APIRequest) async throws -> APIResponse {
        let before = try await request.store.read { try requested(request, in: $0) }
        let mapping = try input(request, before)
        if mapping.expression != before.expression { try await requireCompiling(mapping, request) }
        try await request.store.write { transaction in
            try save(mapping, since: try requested(request, in: transaction), request, in: transaction)
        }
        return .ok(json(mapping))
    }

    private static func save(
        _ mapping: PropertyMapping,
        since before: PropertyMapping?,
        _ request: APIRequest,
        in transaction: Transaction
    ) throws {
        let all = try transaction.mappings().filter { $0.id != mapping.id }
        if all.contains(where: { $0.name == mapping.name }) {
            throw APIError.invalid("name", "property mapping with this name already exists.")
        }
        if let managed = mapping.managed, all.contains(where: { $0.managed == managed }) {
            throw APIError.invalid("managed", "This field must be unique.")
        }
        try transaction.saveMapping(mapping)
        let changes = mapping.allChanges(since: before ?? .blank)
        try record(before == nil ? .created : .updated, mapping, request, changes, in: transaction)
    }

    @Sendable private static func types(_ request: APIRequest) async throws -> APIResponse {
        .ok([
            [
                "name": "Microsoft Entra Provider Mapping",
                "description": "Turns a user or group into properties of Microsoft Graph.",
                "component": .string(component), "model_name": .string(APIModel.mapping.name), "icon_url": "",
                "requires_enterprise": false, "deprecated": false,
            ]
        ])
    }
}

extension MappingOperations {
    static func requested(_ request: APIRequest, in transaction: Transaction) throws -> PropertyMapping {
        let key = request.path.uuid("pm_uuid").map { MappingID($0) }
        guard let mapping = try transaction.mappings().first(where: { $0.id == key }) else {
            throw APIError.notFound("PropertyMapping")
        }
        return mapping
    }

    static func label(of mapping: PropertyMapping) -> (key: String, name: String) { (mapping.id.text, mapping.name) }

    static func finalChanges(of mapping: PropertyMapping) -> [FieldChange] {
        PropertyMapping.blank.allChanges(since: mapping)
    }

    /// A mapping decides what its providers send.
    static func related(to mapping: PropertyMapping, in transaction: Transaction) throws -> [EventReference] {
        try transaction.providers(using: mapping.id)
    }

    static func json(_ mapping: PropertyMapping, _ request: APIRequest, in transaction: Transaction) -> JSONValue {
        json(mapping)
    }

    static func delete(_ mapping: PropertyMapping, _ request: APIRequest, in transaction: Transaction) throws {
        try transaction.deleteMapping(mapping.id)
    }

    static func uses(of mapping: PropertyMapping, in transaction: Transaction) throws -> [JSONValue] {
        let providers = try transaction.providers()
        // In authentik, user mappings are a relation of every provider, and group mappings a relation of Entra providers.
        let users = providers.filter { $0.userMappings.contains(mapping.id) }.map { provider in
            UsedBy.json(.anyProvider, "\(provider.id)", provider.name, .cascadeMany)
        }
        let groups = providers.filter { $0.groupMappings.contains(mapping.id) }.map { provider in
            UsedBy.json(.provider, "\(provider.id)", provider.name, .cascadeMany)
        }
        return users + groups
    }

    private static func input(_ request: APIRequest, _ before: PropertyMapping) throws -> PropertyMapping {
        var mapping = before
        PropertyMapping.fields.take(request.body, into: &mapping)
        if let managed = request.body["managed"] { mapping.managed = managed.string }
        try mapping.validate()
        return mapping
    }

    /// An expression that does not compile is not stored: it would stop the provider at its next sync.
    private static func requireCompiling(_ mapping: PropertyMapping, _ request: APIRequest) async throws {
        guard request.services.mappings.blockingReason == nil else { return }
        let problems = try await MappingSyntax.problems(in: mapping, request.services)
        guard let problem = problems.first else { return }
        throw APIError.invalid("expression", problem.sentence)
    }

    private static func json(_ mapping: PropertyMapping) -> JSONValue {
        let further: [String: JSONValue] = [
            "pk": .string(mapping.id.text), "managed": JSONValue(mapping.managed), "component": .string(component),
            "verbose_name": "Microsoft Entra Provider Mapping",
            "verbose_name_plural": "Microsoft Entra Provider Mappings",
            "meta_model_name": .string("\(APIModel.mapping.app).\(APIModel.mapping.name)"),
        ]
        return .object(PropertyMapping.fields.values(of: mapping).merging(further) { $1 })
    }
}

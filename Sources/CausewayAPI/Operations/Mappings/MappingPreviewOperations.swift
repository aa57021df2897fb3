import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayStore

/// `causeway/mappings/preview/`: what an expression that may not be stored yet would return for some users and groups, and what would
/// change in Entra, with all other mappings of the provider as they are.
enum MappingPreviewOperations {
    static let handlers: [String: APIHandler] = ["causeway_mappings_preview_create": run]

    /// The mapping of the preview, and its objects.
    private struct Attempt {
        let provider: EntraProvider
        let mappings: [ObjectKind: [PropertyMapping]]
        let objects: [ObjectReference]
    }

    @Sendable private static func run(_ request: APIRequest) async throws -> APIResponse {
        let mapping = try await request.store.read { try Self.mapping(request, in: $0) }
        let problems = try await MappingSyntax.problems(in: mapping, request.services)
        guard problems.isEmpty else { return answer(problems, []) }
        let attempt = try await request.store.read { try Self.attempt(mapping, request, in: $0) }
        do {
            let results = try await MappingPreview(store: request.store, runtime: request.services.runtime)
                .run(on: attempt.objects, at: attempt.provider, mappings: attempt.mappings)
            if !results.isEmpty, attempt.provider.settings.uses(mapping.id) {
                try await request.store.write { try $0.note(.mapping, of: attempt.provider.id) }
            }
            return answer([], results)
        } catch let error as ProvisioningError {
            throw APIError.invalid("non_field_errors", error.description)
        }
    }

    private static func answer(_ problems: [MappingProblem], _ results: [PreviewResult]) -> APIResponse {
        .ok(["problems": .array(problems.map(json)), "results": .array(results.map(\.json))])
    }

    private static func json(_ problem: MappingProblem) -> JSONValue {
        func place(_ number: Int?) -> JSONValue { number.map { .integer(Int64($0)) } ?? .null }
        return [
            "line": place(problem.line), "column": place(problem.column), "message": .string(problem.message),
            "remedy": .string(problem.remedy),
        ]
    }

    /// The mapping as it would be.
    private static func mapping(_ request: APIRequest, in transaction: Transaction) throws -> PropertyMapping {
        guard request.text("mapping") != nil || request.text("expression") != nil else {
            throw APIError.invalid("expression", "Send an expression, the key of a mapping, or both.")
        }
        var mapping = PropertyMapping(name: "preview", expression: "")
        if let text = request.text("mapping") {
            let key = MappingID(text: text)
            guard let stored = try transaction.mappings().first(where: { $0.id == key }) else {
                throw UserOperations.unknownKey("mapping", text)
            }
            mapping = stored
        }
        mapping.expression = request.text("expression") ?? mapping.expression
        return mapping
    }

    private static func attempt(_ mapping: PropertyMapping, _ request: APIRequest, in transaction: Transaction) throws
        -> Attempt
    {
        let named = try objects(request, in: transaction)
        let key = request.integer("provider")
        let provider = try MappingTest.provider(key, for: mapping, on: named, in: transaction) { key in
            UserOperations.unknownKey("provider", "\(key)")
        }
        let sample = try transaction.sampleOfUsersInScope(of: provider, size: Int(request.integer("sample") ?? 0))
        var mappings: [ObjectKind: [PropertyMapping]] = [:]
        for (kind, keys) in [(ObjectKind.user, provider.userMappings), (.group, provider.groupMappings)] {
            let own = try transaction.mappings(of: provider.id, kind: kind)
            // A mapping that the provider does not use yet comes after those it uses.
            mappings[kind] =
                keys.contains(mapping.id) ? own.map { $0.id == mapping.id ? mapping : $0 } : own + [mapping]
        }
        let objects = named + sample.map { ObjectReference($0) }
        return Attempt(provider: provider, mappings: mappings, objects: objects)
    }

    /// The users and groups that are named.
    private static func objects(_ request: APIRequest, in transaction: Transaction) throws -> [ObjectReference] {
        let users = try (request.integers("users") ?? []).map { key in
            guard try transaction.user(UserID(key)) != nil else { throw UserOperations.unknownKey("users", "\(key)") }
            return ObjectReference(UserID(key))
        }
        let groups = try (request.uuids("groups") ?? []).map { key in
            let group = GroupID(key)
            guard try transaction.group(group) != nil else { throw UserOperations.unknownKey("groups", group.text) }
            return ObjectReference(group)
        }
        return users + groups
    }
}

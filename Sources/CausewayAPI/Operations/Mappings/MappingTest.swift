import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayStore

/// `test/`: evaluates a mapping for a user or group, exactly as a sync does; for a blank user if none is named. The expression also sees a
/// group that is named in addition to a user, and the content of `context` under its own names (authentik).
enum MappingTest {
    @Sendable static func run(_ request: APIRequest) async throws -> APIResponse {
        let mapping = try await request.store.read { try MappingOperations.requested(request, in: $0) }
        let (object, mappingContext) = try await request.store.read { try requested(request, in: $0) }
        let provider = try await request.store.read { transaction in
            let key = request.object("context")?["provider"]?.integer
            let objects = object.map { [$0] } ?? []
            return try Self.provider(key, for: mapping, on: objects, in: transaction) { key in
                .invalid(["context": ["provider": [.string("Invalid pk \"\(key)\" - object does not exist.")]]])
            }
        }
        let trial = MappingPreview(store: request.store, runtime: request.services.runtime)
        let isPretty = request.query.bool("format_result") ?? false
        do {
            guard let object else {
                let result = try await trial.runOnNobody(
                    at: provider,
                    mappings: [mapping],
                    mappingContext: mappingContext
                )
                return answer(result, isPretty)
            }
            let result = try await trial.run(
                on: object,
                at: provider,
                mappings: [mapping],
                mappingContext: mappingContext
            )
            if provider.settings.uses(mapping.id) {
                try await request.store.write { try $0.note(.mapping, of: provider.id) }
            }
            return answer(result, isPretty)
        } catch let error as ProvisioningError {
            return .ok(["result": .string(error.description), "successful": false])
        }
    }

    private static func answer(_ result: MappingResult, _ isPretty: Bool) -> APIResponse {
        switch result.outcome {
        case .desired(let made):
            answer(.object(made.properties.filter { !$0.value.isNull }), isSuccessful: true, isPretty)
        case .skipped: answer("The mapping skips this object.", isSuccessful: true, isPretty)
        case .failed(let problem):
            answer(.string("\(problem.sentence) \(problem.remedy)"), isSuccessful: false, isPretty)
        }
    }

    private static func answer(
        _ json: JSONValue,
        isSuccessful: Bool,
        _ isPretty: Bool,
        _ more: [String: JSONValue] = [:]
    ) -> APIResponse {
        let text = json.string ?? (isPretty ? json.prettyText : json.text)
        return .ok(.object(["result": .string(text), "successful": .bool(isSuccessful)].merging(more) { $1 }))
    }

    private static func answer(_ result: PreviewResult, _ isPretty: Bool) -> APIResponse {
        let (json, isSuccessful): (JSONValue, Bool) =
            switch result.outcome {
            case .properties(let properties, _): (.object(properties), true)
            case .skipped: ("The mapping skips this object.", true)
            case .leftAlone(_, _, _, let given) where !given.isEmpty: (.object(given), true)
            case .leftAlone(let message, let remedy, _, _): (.string("\(message) \(remedy)"), false)
            }
        // In addition to authentik's two members: what a sync would do, the lines it logged, and how long it took.
        return answer(json, isSuccessful: isSuccessful, isPretty, ["causeway": result.json])
    }

    /// - Returns: the object of the preview, nil for a blank user.
    private static func requested(_ request: APIRequest, in transaction: Transaction) throws -> (
        ObjectReference?, MappingSet.MappingContext
    ) {
        var mappingContext = MappingSet.MappingContext()
        mappingContext.context = request.object("context") ?? [:]
        var group: Group?
        if let key = request.text("group").flatMap(GroupID.init(text:)) {
            group = try transaction.group(key)
            guard group != nil else { throw UserOperations.unknownKey("group", key.text) }
        }
        guard let key = request.integer("user") else {
            return (group.map { ObjectReference($0.id) }, mappingContext)
        }
        guard let user = try transaction.user(UserID(key)) else { throw UserOperations.unknownKey("user", "\(key)") }
        mappingContext.group = group
        return (ObjectReference(user.id), mappingContext)
    }

    /// The provider of the preview: the named one, one that uses the mapping, one that has a link of an object of the preview,
    /// or a stand-in if there is none.
    static func provider(
        _ key: Int64?,
        for mapping: PropertyMapping,
        on objects: [ObjectReference],
        in transaction: Transaction,
        unknown: (Int64) -> APIError
    ) throws -> EntraProvider {
        if let key {
            guard let named = try transaction.provider(ProviderID(key)) else { throw unknown(key) }
            return named
        }
        let all = try transaction.providers()
        if let user = all.first(where: {
            $0.userMappings.contains(mapping.id) || $0.groupMappings.contains(mapping.id)
        }) {
            return user
        }
        return try all.first { provider in
            try objects.contains { try transaction.link(of: $0, provider: provider.id) != nil }
        } ?? MappingSyntax.standIn
    }
}

import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayStore

/// `test/`: tries a mapping on a user or group, exactly as a sync would evaluate it.
enum MappingTest {
    @Sendable static func run(_ request: APIRequest) async throws -> APIResponse {
        let mapping = try await request.store.read { try MappingOperations.requested(request, in: $0) }
        let object = try await request.store.read { try requestedObject(request, in: $0) }
        let provider = try await request.store.read { transaction in
            try Self.provider(request.object("context")?["provider"]?.integer, for: mapping, in: transaction) { key in
                .invalid(["context": ["provider": [.string("Invalid pk \"\(key)\" - object does not exist.")]]])
            }
        }
        let trial = MappingTrial(store: request.store, runtime: request.services.runtime)
        do {
            let result = try await trial.run(on: object, at: provider, mappings: [mapping])
            return answer(result, isPretty: request.query.bool("format_result") ?? false)
        } catch let error as ProvisioningError {
            return .ok(["result": .string(error.description), "successful": false])
        }
    }

    private static func answer(_ result: TrialResult, isPretty: Bool) -> APIResponse {
        let (json, isSuccessful): (JSONValue, Bool) =
            switch result.outcome {
            case .properties(let properties, _): (.object(properties), true)
            case .skipped: ("The mapping skips this object.", true)
            case .refused(_, _, _, let given) where !given.isEmpty: (.object(given), true)
            case .refused(let message, let remedy, _, _): (.string("\(message) \(remedy)"), false)
            }
        let text = json.string ?? (isPretty ? json.prettyText : json.text)
        // Beside authentik's two members: what a sync would do, the lines it logged, and how long it took.
        return .ok(["result": .string(text), "successful": .bool(isSuccessful), "causeway": result.json])
    }

    private static func requestedObject(_ request: APIRequest, in transaction: Transaction) throws -> ObjectReference {
        if let key = request.integer("user") {
            guard let user = try transaction.user(UserID(key)) else {
                throw UserOperations.unknownKey("user", "\(key)")
            }
            return ObjectReference(user.id)
        }
        if let key = request.text("group").flatMap(GroupID.init(text:)) {
            guard let group = try transaction.group(key) else { throw UserOperations.unknownKey("group", key.text) }
            return ObjectReference(group.id)
        }
        if let user = request.caller.user { return ObjectReference(user.id) }
        throw APIError.invalid("user", "Say on which user or group to try the mapping.")
    }

    /// The provider that a mapping is tried for: the one named, one that uses it, or a stand-in where none does.
    static func provider(
        _ key: Int64?,
        for mapping: PropertyMapping,
        in transaction: Transaction,
        unknown: (Int64) -> APIError
    ) throws -> EntraProvider {
        if let key {
            guard let named = try transaction.provider(ProviderID(key)) else { throw unknown(key) }
            return named
        }
        return try transaction.providers().first {
            $0.userMappings.contains(mapping.id) || $0.groupMappings.contains(mapping.id)
        } ?? MappingSyntax.standIn
    }
}

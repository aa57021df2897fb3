import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore

/// `causeway/mappings/`: the mappings that can be selected for users or for groups.
enum MappingListOperations {
    static let handlers: [String: APIHandler] = ["causeway_mappings_list": list]

    /// A mapping that may be for either kind is in both lists: leaving it out could hide it from where it belongs.
    @Sendable private static func list(_ request: APIRequest) async throws -> APIResponse {
        let (list, query) = (try ListRequest(request), request.query)
        let all = try await request.store.read { try $0.mappings() }
        let kinds = await request.services.mappingKinds.kinds(of: all, request.services)
        let wanted = query.text("kind").flatMap(ObjectKind.init(rawValue:))
        let managed = query.text("managed")
        let found = all.filter { mapping in
            (wanted == nil || kinds[mapping.id] == nil || kinds[mapping.id] == wanted)
                && (managed == nil || mapping.managed == managed)
        }
        return try list.envelope(of: found.map { json($0, kinds[$0.id]) }, searched: ["name"], standard: ["name"])
    }

    private static func json(_ mapping: PropertyMapping, _ kind: ObjectKind?) -> JSONValue {
        [
            "pk": .string(mapping.id.text), "name": .string(mapping.name), "managed": JSONValue(mapping.managed),
            "kind": JSONValue(kind?.rawValue),
        ]
    }
}

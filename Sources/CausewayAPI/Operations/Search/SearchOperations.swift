import CausewayJSON
import CausewayModel
import CausewayStore

/// `causeway/search/`: objects of all kinds by their names and ids.
enum SearchOperations {
    static let handlers: [String: APIHandler] = ["causeway_search_list": search]

    private static let standardLimit: Int64 = 5

    @Sendable private static func search(_ request: APIRequest) async throws -> APIResponse {
        let terms = SearchTerms.terms(of: request.query.text("q") ?? "")
        let limit = Int(max(1, min(50, request.query.integer("limit") ?? standardLimit)))
        let hits = try await request.store.read { try $0.search(terms, limit: limit) }
        return .ok(.array(hits.map(json)))
    }

    private static func json(_ hit: SearchHit) -> JSONValue {
        [
            "kind": .string(hit.kind.rawValue), "pk": .string(hit.key), "name": .string(hit.name),
            "detail": .string(hit.detail), "provider": hit.provider.map { .integer($0.rawValue) } ?? .null,
            "object_kind": hit.objectKind.map { .string($0.rawValue) } ?? .null,
        ]
    }
}

import CausewayJSON

/// Distinguishes Graph's answers from those of others. Pure.
///
/// Graph answers an error with `{"error": {"code": …}}` (Graph, "Microsoft Graph error responses"), a list with `value`, an object
/// with its `id` or an OData context, and a write with a body or with `204 No Content`; each answer has a `request-id`.
enum AnswerRules {
    /// Whether a body is an error in Graph's format.
    static func isError(_ body: JSONValue?) -> Bool { body?["error"]?["code"]?.string?.isEmpty == false }

    /// What indicates that someone else answered; nil if nothing does.
    static func foreignAnswer(to request: GraphRequest, at url: String, _ head: HTTPHead, _ body: JSONBody)
        -> NonGraphAnswer?
    {
        let isGraphs =
            (200...299).contains(head.status) ? isSuccess(request, head, body) : isFailure(head, body)
        guard isGraphs else { return NonGraphAnswer(url: url, head, body) }
        guard head.status == 404, request.namesNoObject || !isMissingObject(body.value) else { return nil }
        return NonGraphAnswer(unknownAddress: url, status: 404)
    }

    private static func isSuccess(_ request: GraphRequest, _ head: HTTPHead, _ body: JSONBody) -> Bool {
        guard let value = body.value else {
            return body.isEmpty && request.method != .get
                && (head.status == 204 || head.headers["request-id"] != nil)
        }
        return value.object != nil && request.isAnswered(by: value)
    }

    private static func isFailure(_ head: HTTPHead, _ body: JSONBody) -> Bool {
        if isError(body.value) { return true }
        return switch head.status {
        // Graph's token check names what it wants.
        case 401: head.headers["www-authenticate"]?.lowercased().hasPrefix("bearer") == true
        // If a link is no longer valid, Graph may leave the body empty.
        case 410: body.isEmpty
        default: false
        }
    }

    /// Whether it is Graph's code for a missing object: `Request_ResourceNotFound` and the like.
    static func isMissingObject(_ body: JSONValue?) -> Bool {
        body?["error"]?["code"]?.string?.lowercased().contains("notfound") == true
    }
}

extension GraphRequest {
    private static let collections: Set<Substring> = ["users", "groups", "organization", "directory"]

    private var segments: [Substring] { path.prefix { $0 != "?" }.split(separator: "/") }

    /// Whether it asks for something that every tenant has, so that it cannot be missing.
    var namesNoObject: Bool {
        let segments = segments
        return switch (segments.first, segments.count) {
        case ("users", 1), ("groups", 1), ("organization", 1), ("$batch", 1): true
        case ("users", 2), ("groups", 2): segments.last == "delta"
        case ("directory", 3): segments.last?.hasPrefix("microsoft.graph.") == true
        default: false
        }
    }

    /// Whether a body in a batch has its required content: the batch is known to come from Graph, so any object will do.
    func isAnswered(inBatchBy body: JSONValue?) -> Bool {
        if namesNoObject || segments.last == "members" { return body?.isList == true }
        return body?.object?.isEmpty == false
    }

    /// Whether a body has the content that its request requires.
    func isAnswered(by body: JSONValue) -> Bool {
        if path == "/$batch" { return body["responses"]?.array != nil }
        guard let first = segments.first, Self.collections.contains(first) else { return true }
        if method == .get, namesNoObject || segments.last == "members" { return body.isList }
        let isObject = body["id"]?.string != nil || body["@odata.context"]?.string != nil
        // Links of an object are a list, and so is the result of a filter.
        return isObject || (method == .get && body.isList)
    }
}

extension JSONValue {
    /// Whether it is a page of a listing. A page without elements must say what it lists, or where it continues.
    fileprivate var isList: Bool {
        guard let values = self["value"]?.array else { return false }
        return !values.isEmpty || (object ?? [:]).keys.contains { $0.hasPrefix("@odata.") }
    }
}

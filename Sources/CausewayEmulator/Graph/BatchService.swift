import CausewayJSON
import Foundation

/// `$batch`: up to twenty calls in one, answered in any order (Graph, "JSON batching").
struct BatchService {
    static let limit = 20

    /// One call of a batch, as it came.
    struct Entry {
        let id: String
        let call: GraphCall
        let dependsOn: [String]
    }

    /// Reads the body of a batch.
    static func entries(of body: JSONValue?, caller: Caller) throws(GraphProblem) -> [Entry] {
        guard let requests = body?["requests"]?.array else { throw .malformed("Invalid batch payload format.") }
        guard requests.count <= limit else {
            throw .malformed("Number of requests inside batch exceeds the limit of \(limit).")
        }
        var entries: [Entry] = []
        var ids: Set<String> = []
        for request in requests {
            let entry = try entry(request, caller)
            guard ids.insert(entry.id.lowercased()).inserted else {
                throw .malformed("Request Id \(entry.id) has to be unique in a batch.")
            }
            // A request can only wait for one that stands before it: circles cannot be written.
            if let unknown = entry.dependsOn.first(where: { !ids.contains($0.lowercased()) || $0 == entry.id }) {
                throw .malformed("The request id \(unknown) that \(entry.id) depends on is not valid.")
            }
            entries.append(entry)
        }
        return entries
    }

    private static func entry(_ json: JSONValue, _ caller: Caller) throws(GraphProblem) -> Entry {
        guard let id = json["id"]?.string, !id.isEmpty, let method = json["method"]?.string,
            let url = json["url"]?.string
        else { throw .malformed("Invalid batch payload format: id, method and url are required.") }
        var headers: [String: String] = [:]
        for (name, value) in json["headers"]?.object ?? [:] { headers[name.lowercased()] = value.string }
        let body = json["body"]
        guard body == nil || headers["content-type"] != nil else {
            throw .malformed("Write request id : \(id) does not contain Content-Type header or body.")
        }
        guard var call = GraphCall(method: method.uppercased(), target: url, headers: headers, body: body) else {
            throw .malformed("The url of request id : \(id) is invalid.")
        }
        call.caller = caller
        return Entry(id: id, call: call, dependsOn: (json["dependsOn"]?.array ?? []).compactMap(\.string))
    }

    /// Carries out the calls; one whose predecessor failed is not carried out.
    ///
    /// - Parameters:
    ///   - throttledStatus: of the whole where an entry was throttled.
    ///   - answer: carries out one call.
    static func reply(
        _ entries: [Entry],
        throttledStatus: Int,
        random: inout SeededRandom,
        answer: (GraphCall) -> GraphReply
    ) -> GraphReply {
        var statuses: [String: Int] = [:]
        var responses: [JSONValue] = []
        var whole = GraphReply(status: 200)
        for entry in entries {
            let failed = entry.dependsOn.contains { !(200...299).contains(statuses[$0.lowercased()] ?? 0) }
            let reply = failed ? failedDependency : answer(entry.call)
            statuses[entry.id.lowercased()] = reply.status
            responses.append(json(reply, id: entry.id))
            whole.delay = max(whole.delay, reply.delay)
            whole.isDropped = whole.isDropped || reply.isDropped
            if reply.status == 429 { whole.status = throttledStatus }
        }
        responses.shuffle(using: &random)
        whole.body = ["responses": .array(responses)]
        return whole
    }

    private static let failedDependency = GraphReply(
        status: 424,
        body: ["error": ["code": "FailedDependency", "message": "A request this one depends on has failed."]]
    )

    private static func json(_ reply: GraphReply, id: String) -> JSONValue {
        var headers = reply.headers
        if reply.body != nil { headers["Content-Type"] = "application/json" }
        var response: [String: JSONValue] = [
            "id": .string(id), "status": .integer(Int64(reply.status)),
            "headers": .object(headers.mapValues(JSONValue.string)),
        ]
        if let body = reply.body ?? reply.text.map(JSONValue.string) { response["body"] = body }
        return .object(response)
    }
}

extension GraphCall {
    /// - Parameter target: path and query below the version, with or without a leading slash.
    init?(method: String, target: String, headers: [String: String], body: JSONValue?) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = GraphPath(parts.first ?? "") else { return nil }
        var query: [String: String] = [:]
        for pair in parts.count > 1 ? parts[1].split(separator: "&") : [] {
            let halves = pair.split(separator: "=", maxSplits: 1).map { $0.replacing("+", with: "%20") }
            guard let name = halves.first?.removingPercentEncoding else { return nil }
            query[name] = halves.count > 1 ? halves[1].removingPercentEncoding ?? "" : ""
        }
        self.init(method: method, path: path, query: query, headers: headers, body: body)
    }
}

import CausewayJSON
import Foundation

/// `$batch`: up to twenty calls in one, carried out and answered in any order (Graph, "JSON batching").
struct Batch {
    private static let limit = 20

    /// One call, as it was sent.
    private struct Entry {
        let id: String
        let call: GraphCall
        let dependsOn: [String]

        /// Ids are compared without regard to case.
        var key: String { id.lowercased() }
        var predecessors: [String] { dependsOn.map { $0.lowercased() } }
    }

    /// In the order in which they are carried out: any order in which each comes after those it depends on.
    private let entries: [Entry]

    /// Reads the body of a batch.
    ///
    /// - Parameter random: decides the order of independent calls.
    init(_ body: JSONValue?, caller: GraphCaller, random: inout SeededRandom) throws(GraphProblem) {
        guard let requests = body?["requests"]?.array else { throw .malformed("Invalid batch payload format.") }
        guard requests.count <= Self.limit else {
            throw .malformed("Number of requests inside batch exceeds the limit of \(Self.limit).")
        }
        var entries: [Entry] = []
        for request in requests { entries.append(try Self.entry(request, caller)) }
        try Self.checkIDs(entries)
        self.entries = Self.ordered(entries.shuffled(using: &random))
    }

    private static func checkIDs(_ entries: [Entry]) throws(GraphProblem) {
        var ids: Set<String> = []
        for entry in entries where !ids.insert(entry.key).inserted {
            throw .malformed("Request Id \(entry.id) has to be unique in a batch.")
        }
        var before: Set<String> = []
        for entry in entries {
            if let unknown = entry.predecessors.first(where: { !ids.contains($0) }) {
                throw .malformed("The request id \(unknown) that \(entry.id) depends on is not valid.")
            }
            if let later = entry.predecessors.first(where: { !before.contains($0) }) {
                throw .malformed("The request id \(later) that \(entry.id) depends on must come before it.")
            }
            before.insert(entry.key)
        }
    }

    /// Puts each entry after those that it depends on.
    private static func ordered(_ entries: [Entry]) -> [Entry] {
        var (waiting, ordered) = (entries, [Entry]())
        var done: Set<String> = []
        while let next = waiting.firstIndex(where: { done.isSuperset(of: $0.predecessors) }) {
            done.insert(waiting[next].key)
            ordered.append(waiting.remove(at: next))
        }
        return ordered
    }

    private static func entry(_ json: JSONValue, _ caller: GraphCaller) throws(GraphProblem) -> Entry {
        guard let id = json["id"]?.string, !id.isEmpty, let method = json["method"]?.string,
            let url = json["url"]?.string
        else { throw .malformed("Invalid batch payload format: id, method and url are required.") }
        var headers: [String: String] = [:]
        for (name, value) in json["headers"]?.object ?? [:] { headers[name.lowercased()] = value.string }
        let body = json["body"]?.isNull == false ? json["body"] : .none
        guard body == nil || headers["content-type"] != nil else {
            throw .malformed("Write request id : \(id) does not contain Content-Type header or body.")
        }
        let call = GraphCall(method: method.uppercased(), target: Self.belowVersion(url), headers: headers, body: body)
        guard var call else {
            throw .malformed("The url of request id : \(id) is invalid.")
        }
        call.caller = caller
        return Entry(id: id, call: call, dependsOn: (json["dependsOn"]?.array ?? []).compactMap(\.string))
    }

    /// Path and query below the version, also of absolute addresses: Microsoft's SDKs send those.
    private static func belowVersion(_ url: String) -> String {
        let lower = url.lowercased()
        guard lower.hasPrefix("https://") || lower.hasPrefix("http://") else { return url }
        let path = url.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" && $0 != "?" }
        let version = EmulatorResponder.version(of: path) ?? ""
        return String(path.dropFirst(version.count))
    }

    /// Carries out the calls; a call whose predecessor failed is not carried out.
    ///
    /// - Parameters:
    ///   - throttledStatus: the status of the batch if an entry was throttled.
    ///   - answer: carries out one call.
    func reply(throttledStatus: Int, answer: (GraphCall) -> GraphReply) -> GraphReply {
        var succeeded: Set<String> = []
        var responses: [JSONValue] = []
        var whole = GraphReply(status: 200)
        for entry in entries {
            let isReady = succeeded.isSuperset(of: entry.predecessors)
            let reply = isReady ? answer(entry.call) : Self.failedDependency
            if reply.isSuccess { succeeded.insert(entry.key) }
            responses.append(Self.json(reply, id: entry.id))
            whole.delay = max(whole.delay, reply.delay)
            whole.isDropped = whole.isDropped || reply.isDropped
            if reply.status == 429 { whole.status = throttledStatus }
        }
        whole.body = ["responses": .array(responses)]
        return whole
    }

    private static let failedDependency = GraphReply(
        status: 424,
        body: ["error": ["code": "FailedDependency", "message": "A request this one depends on has failed."]]
    )

    private static func json(_ reply: GraphReply, id: String) -> JSONValue {
        var headers = reply.headers
        headers["Cache-Control"] = "no-cache"
        if reply.body != nil { headers["Content-Type"] = "application/json" }
        // If there is no body, it is null.
        return [
            "id": .string(id), "status": .integer(Int64(reply.status)),
            "headers": .object(headers.mapValues(JSONValue.string)),
            "body": reply.body ?? JSONValue(reply.text),
        ]
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

import CausewayJSON

/// Up to twenty requests in one (Graph, "JSON batching"). Pure: it is packed and unpacked here, and sent elsewhere.
struct GraphBatch {
    /// The most requests that Graph takes in one batch.
    static let limit = 20

    let requests: [GraphRequest]

    /// The body of the `POST /$batch`.
    var body: JSONValue {
        let entries = requests.enumerated().map { number, request in
            var entry: [String: JSONValue] = [
                "id": .string("\(number + 1)"), "method": .string(request.method.rawValue),
                "url": .string(request.path),
            ]
            var headers = request.headers
            if let body = request.body {
                entry["body"] = body
                headers["Content-Type"] = "application/json"
            }
            if !headers.isEmpty { entry["headers"] = .object(headers.mapValues(JSONValue.string)) }
            return JSONValue.object(entry)
        }
        return ["requests": .array(entries)]
    }

    /// Assigns the answers to their requests.
    ///
    /// - Parameter body: the answer to the batch.
    /// - Returns: a result for each request, in order. A request that the answer does not mention is unanswered: it is unknown
    ///   whether it was carried out.
    func results(from body: JSONValue) -> [Result<GraphResponse, GraphFailure>] {
        var results: [Result<GraphResponse, GraphFailure>?] = Array(repeating: nil, count: requests.count)
        for entry in body["responses"]?.array ?? [] {
            guard let id = entry["id"]?.string, let number = Int(id), results.indices.contains(number - 1),
                results[number - 1] == nil, let status = entry["status"]?.integer, (100...599).contains(status)
            else { continue }
            results[number - 1] = Self.result(of: entry, status: Int(status), requests[number - 1])
        }
        return results.map { $0 ?? .failure(.unanswered("the batch's answer does not contain it")) }
    }

    private static func result(of entry: JSONValue, status: Int, _ request: GraphRequest) -> Result<
        GraphResponse, GraphFailure
    > {
        var headers: [String: String] = [:]
        for (name, value) in entry["headers"]?.object ?? [:] { headers[name.lowercased()] = value.string }
        let body = entry["body"]
        // Only Graph's own 404 counts, because an object that is gone loses its link.
        guard status != 404 || AnswerRules.isMissingObject(body) else {
            return .failure(.unanswered("the answer in the batch is 404 and does not say for what"))
        }
        guard (200...299).contains(status) else {
            return .failure(GraphFailure(status: status, headers: headers, body: body))
        }
        // An answer without its required members says nothing, and above all not that there is nothing.
        guard request.method != .get || request.isAnswered(inBatchBy: body) else {
            return .failure(.unanswered("the answer in the batch lacks the requested content"))
        }
        return .success(GraphResponse(status: status, headers: headers, body: body))
    }
}

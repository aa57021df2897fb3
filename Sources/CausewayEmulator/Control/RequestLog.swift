import CausewayJSON
import Synchronization

/// Counts what the tenant was asked, so that tests and benchmarks can tell what a client cost.
final class RequestLog: Sendable {
    private struct State {
        var requests = 0
        var batches = 0
        var reads = 0
        var writes = 0
        var throttled = 0
        var tokens = 0
        var operations: [String: Int] = [:]
    }

    private let state = Mutex(State())

    func countRequest(isBatch: Bool) {
        state.withLock { state in
            state.requests += 1
            if isBatch { state.batches += 1 }
        }
    }

    func countToken() { state.withLock { $0.tokens += 1 } }

    /// Counts a call, alone or of a batch.
    func count(_ call: GraphCall, status: Int) {
        let operation = call.operation
        state.withLock { state in
            if status == 429 {
                state.throttled += 1
            } else if call.method == "GET" {
                state.reads += 1
            } else {
                state.writes += 1
            }
            state.operations["\(operation) \(status)", default: 0] += 1
        }
    }

    /// Writes carried out since the last reset.
    var writes: Int { state.withLock { $0.writes } }

    func reset() { state.withLock { $0 = State() } }

    var json: JSONValue {
        let state = state.withLock { $0 }
        return [
            "requests": .integer(Int64(state.requests)), "batches": .integer(Int64(state.batches)),
            "reads": .integer(Int64(state.reads)), "writes": .integer(Int64(state.writes)),
            "throttled": .integer(Int64(state.throttled)), "tokens": .integer(Int64(state.tokens)),
            "operations": .object(state.operations.mapValues { .integer(Int64($0)) }),
        ]
    }
}

extension GraphCall {
    /// The operation without its keys: `PATCH /groups/{id}`.
    var operation: String {
        var names: [String] = []
        for (place, segment) in path.segments.enumerated() {
            switch segment {
            case .name(let name):
                names.append(place % 2 == 0 || name.hasPrefix("$") || Self.relations.contains(name) ? name : "{id}")
            case .key: names.append("{key}")
            }
        }
        return "\(method) /\(names.joined(separator: "/"))"
    }

    private static let relations: Set<String> = ["members", "deletedItems", "restore", "transitiveMembers", "memberOf"]
}

import CausewayJSON
import Foundation
import Synchronization

/// Counts what the tenant was asked, so that tests and benchmarks can tell what a client cost, and remembers the latest.
final class RequestLog: Sendable {
    private struct Latest {
        let date: Date
        let call: String
        let client: String
        let status: Int
        let units: Int
    }

    private struct State {
        var requests = 0
        var batches = 0
        var reads = 0
        var writes = 0
        var throttled = 0
        var tokens = 0
        var repeatedCreates = 0
        var operations: [String: Int] = [:]
        var latest: [Latest] = []
        /// Writes of each of the last seconds.
        var perSecond: [Int: Int] = [:]
        /// What was created, to notice a create that is sent again.
        var created: Set<Int> = []
    }

    private let state = Mutex(State())
    private let clock: any TenantClock

    private static let remembered = 100
    static let chartSeconds = 120

    init(clock: any TenantClock) { self.clock = clock }

    func countRequest(isBatch: Bool) {
        state.withLock { state in
            state.requests += 1
            if isBatch { state.batches += 1 }
        }
    }

    func countToken() { state.withLock { $0.tokens += 1 } }

    /// Counts a call as it was answered, alone or of a batch.
    func count(_ call: GraphCall, _ cost: CallCost, reply: GraphReply) {
        let operation = call.operation
        let now = clock.now()
        let latest = Latest(
            date: now,
            call: "\(call.method) \(call.pathText)",
            client: call.caller.clientID,
            status: reply.isDropped ? 0 : reply.status,
            units: Int(cost.units)
        )
        state.withLock { state in
            if reply.status == 429 {
                state.throttled += 1
            } else if cost.writes == 0 {
                state.reads += 1
            } else {
                state.writes += 1
                let second = Int(now.timeIntervalSince1970)
                state.perSecond[second, default: 0] += 1
                if state.perSecond.count > Self.chartSeconds * 2 {
                    state.perSecond = state.perSecond.filter { $0.key > second - Self.chartSeconds }
                }
            }
            state.operations["\(operation) \(reply.status)", default: 0] += 1
            if state.latest.count == Self.remembered { state.latest.removeFirst() }
            state.latest.append(latest)
        }
    }

    /// Notes a create that was carried out although the same one had been carried out before.
    ///
    /// - Parameter right: the right answer, before any fault; nil where the call was not carried out.
    func countWrite(_ call: GraphCall, right: GraphReply?, _ cost: CallCost) {
        guard cost.writes > 0, call.method == "POST", call.names.count == 1 else { return }
        var hasher = Hasher()
        hasher.combine(call.names)
        // A password is new each time that a careful client sends a user.
        hasher.combine(call.body?.object?.filter { $0.key != "passwordProfile" })
        let fingerprint = hasher.finalize()
        state.withLock { state in
            if state.created.contains(fingerprint) { state.repeatedCreates += 1 }
            if right?.status == 201 { state.created.insert(fingerprint) }
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
            "repeated_creates": .integer(Int64(state.repeatedCreates)),
            "operations": .object(state.operations.mapValues { .integer(Int64($0)) }),
        ]
    }

    /// The latest calls, newest first, and the writes of the last seconds, oldest first.
    var recent: JSONValue {
        let state = state.withLock { $0 }
        let second = Int(clock.now().timeIntervalSince1970)
        return [
            "latest": .array(
                state.latest.reversed().map {
                    [
                        "time": .string($0.date.graphText), "call": .string($0.call), "client": .string($0.client),
                        "status": .integer(Int64($0.status)), "units": .integer(Int64($0.units)),
                    ]
                }
            ),
            "writes_per_second": .array(
                (second - Self.chartSeconds + 1...second).map { .integer(Int64(state.perSecond[$0] ?? 0)) }
            ),
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
                let isKnown = place % 2 == 0 || name.hasPrefix("$") || Self.relations.contains(name)
                names.append(isKnown || name.hasPrefix("microsoft.graph.") ? name : "{id}")
            case .key: names.append("{key}")
            }
        }
        return "\(method) /\(names.joined(separator: "/"))"
    }

    /// The path as it came, keys included.
    var pathText: String {
        "/"
            + path.segments.map { segment in
                switch segment {
                case .name(let name): name
                case .key(let property, let value): "(\(property)='\(value)')"
                }
            }.joined(separator: "/")
    }

    private static let relations: Set<String> = [
        "members", "owners", "manager", "deletedItems", "restore", "transitiveMembers", "memberOf",
        "transitiveMemberOf",
        "delta", "getByIds", "assignLicense", "licenseDetails", "revokeSignInSessions", "checkMemberGroups",
        "getMemberGroups",
    ]
}

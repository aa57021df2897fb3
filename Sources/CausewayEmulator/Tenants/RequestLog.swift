import CausewayJSON
import Foundation
import Synchronization

/// Counts the requests to the tenant, so that tests and benchmarks can measure a client, and remembers the latest.
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
        var changes = 0
        var throttled = 0
        var tokens = 0
        var repeatedCreates = 0
        var duplicatedCreates = 0
        var operations: [String: Int] = [:]
        var latest: [Latest] = []
        /// Changes of each of the last seconds.
        var perSecond: [Int: Int] = [:]
        /// What was created, to notice a creation that is sent again.
        var created: Set<Int> = []
    }

    private let state = Mutex(State())
    private let clock: AdvancingClock

    private static let remembered = 100
    static let chartSeconds = 120

    init(clock: AdvancingClock) { self.clock = clock }

    func countRequest(isBatch: Bool) {
        state.withLock { state in
            state.requests += 1
            if isBatch { state.batches += 1 }
        }
    }

    func countToken() { state.withLock { $0.tokens += 1 } }

    /// Counts a call, alone or of a batch.
    ///
    /// - Parameters:
    ///   - right: the correct answer, before any fault; nil if the call was not carried out.
    ///   - reply: the answer that was sent.
    func count(_ call: GraphCall, _ cost: CallCost, right: GraphReply?, reply: GraphReply) {
        let fingerprint = Self.fingerprint(call)
        state.withLock { state in
            if reply.status == 429 {
                state.throttled += 1
            } else if cost.writes == 0 {
                state.reads += 1
            } else {
                state.writes += 1
            }
            if cost.writes > 0, right?.isSuccess == true { countChange(in: &state) }
            if let fingerprint { Self.countCreate(fingerprint, right, in: &state) }
            note(call, units: Int(cost.units), reply, in: &state)
        }
    }

    /// Counts a request that was refused as a whole: without a valid token, or a batch.
    func countRefused(_ call: GraphCall, reply: GraphReply) {
        state.withLock { note(call, units: 0, reply, in: &$0) }
    }

    private func note(_ call: GraphCall, units: Int, _ reply: GraphReply, in state: inout State) {
        let outcome = reply.isDropped ? "dropped" : "\(reply.status)"
        state.operations["\(call.operation) \(outcome)", default: 0] += 1
        if state.latest.count == Self.remembered { state.latest.removeFirst() }
        state.latest.append(
            Latest(
                date: clock.now(),
                call: "\(call.method) \(call.pathText)",
                client: call.caller.clientID,
                status: reply.isDropped ? 0 : reply.status,
                units: units
            )
        )
    }

    private func countChange(in state: inout State) {
        state.changes += 1
        let second = Int(clock.now().timeIntervalSince1970)
        state.perSecond[second, default: 0] += 1
        if state.perSecond.count > Self.chartSeconds * 2 {
            state.perSecond = state.perSecond.filter { $0.key > second - Self.chartSeconds }
        }
    }

    private static func countCreate(_ fingerprint: Int, _ right: GraphReply?, in state: inout State) {
        let isRepeated = state.created.contains(fingerprint)
        if isRepeated { state.repeatedCreates += 1 }
        guard right?.status == 201 else { return }
        if isRepeated { state.duplicatedCreates += 1 }
        state.created.insert(fingerprint)
    }

    /// Identifies creations of the same object; nil for any other call.
    private static func fingerprint(_ call: GraphCall) -> Int? {
        guard call.method == "POST", call.path.segments.count == 1 else { return nil }
        var hasher = Hasher()
        hasher.combine(call.names)
        // A careful client sends a new password each time.
        hasher.combine(call.body?.object?.filter { $0.key != "passwordProfile" })
        return hasher.finalize()
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
            "changes": .integer(Int64(state.changes)),
            "repeated_creates": .integer(Int64(state.repeatedCreates)),
            "duplicated_creates": .integer(Int64(state.duplicatedCreates)),
            "operations": .object(state.operations.mapValues { .integer(Int64($0)) }),
        ]
    }

    /// The latest calls, newest first, and the changes of the last seconds, oldest first.
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
            "changes_per_second": .array(
                (second - Self.chartSeconds + 1...second).map { .integer(Int64(state.perSecond[$0] ?? 0)) }
            ),
        ]
    }
}

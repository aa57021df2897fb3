import CausewayJSON
import Synchronization

/// A fault that a call meets.
struct Fault: Sendable {
    let kind: FaultKind
    let seconds: Double
    let retryAfter: Int?
}

/// Decides which calls meet a fault. Calls are counted rule by rule, so that a run can be repeated.
final class FaultInjector: Sendable {
    private struct State {
        var rules: [FaultRule] = []
        var seen: [Int] = []
        var fired: [Int] = []
        var counts: [String: Int] = [:]
        var random: SeededRandom
    }

    private let state: Mutex<State>

    init(settings: TenantSettings) {
        state = Mutex(State(random: SeededRandom(seed: settings.seed &+ 31)))
        set(settings.faults)
    }

    /// Puts other rules in place; their counts start anew.
    func set(_ rules: [FaultRule]) {
        state.withLock { state in
            state.rules = rules
            state.seen = rules.map { _ in 0 }
            state.fired = rules.map { _ in 0 }
        }
    }

    /// How often each kind of fault was met.
    var counts: JSONValue { state.withLock { .object($0.counts.mapValues { .integer(Int64($0)) }) } }

    /// - Parameter operation: as in ``GraphCall/operation``.
    func fault(for operation: String) -> Fault? {
        state.withLock { state in
            for (place, rule) in state.rules.enumerated() where operation.hasPrefix(rule.operation) {
                state.seen[place] += 1
                guard let kind = Self.kind(rule, place, &state) else { continue }
                state.fired[place] += 1
                state.counts[kind.rawValue, default: 0] += 1
                return Fault(kind: kind, seconds: rule.seconds, retryAfter: rule.retryAfter)
            }
            return nil
        }
    }

    private static func kind(_ rule: FaultRule, _ place: Int, _ state: inout State) -> FaultKind? {
        let number = state.seen[place]
        if !rule.script.isEmpty {
            guard number <= rule.script.count, case .fault(let kind) = rule.script[number - 1] else { return nil }
            return kind
        }
        guard number > rule.skip, state.fired[place] < rule.count ?? .max else { return nil }
        return rule.rate >= 1 || Double.random(in: 0..<1, using: &state.random) < rule.rate ? rule.kind : nil
    }
}

extension Fault {
    /// The answer in place of the right one.
    ///
    /// - Parameter right: what would be answered, where the call was carried out.
    func reply(inPlaceOf right: GraphReply?, _ context: AnswerContext) -> GraphReply {
        // What was refused anyway stays refused: a fault hides successes only.
        if let right, !(200...299).contains(right.status) { return right }
        var reply = right ?? context.reply(problem)
        switch kind {
        case .slow: reply.delay = seconds
        case .dropped, .droppedAfterCommit: reply.isDropped = true
        default: reply = context.reply(problem)
        }
        if let retryAfter { reply.headers["Retry-After"] = "\(retryAfter)" }
        return reply
    }

    private var problem: GraphProblem {
        switch kind {
        case .internalError, .internalErrorAfterCommit:
            GraphProblem(
                status: 500,
                code: "Service_InternalServerError",
                message: "Encountered an internal server error."
            )
        case .gatewayTimeout, .gatewayTimeoutAfterCommit:
            GraphProblem(status: 504, code: "UnknownError", message: "")
        case .badGateway: GraphProblem(status: 502, code: "UnknownError", message: "")
        case .netIDInvalid, .netIDInvalidAfterCommit: .badRequest("Property netId is invalid.")
        case .replicaUnavailable:
            GraphProblem(
                status: 503,
                code: "Directory_ReplicaUnavailable",
                message: "The directory replica is unavailable."
            )
        case .concurrencyViolation:
            GraphProblem(
                status: 503,
                code: "Directory_ConcurrencyViolation",
                message: "The directory object is being written by somebody else."
            )
        case .throttledWithoutRetryAfter:
            GraphProblem(status: 429, code: "TooManyRequests", message: "Too many requests.")
        case .quotaExceeded: .quotaExceeded
        case .unauthorized: .unauthorised("Access token has expired or is not yet valid.")
        default:
            GraphProblem(status: 503, code: "serviceNotAvailable", message: "The service is temporarily unavailable.")
        }
    }
}

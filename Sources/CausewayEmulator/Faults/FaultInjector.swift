import CausewayJSON
import Synchronization

/// Decides which calls are affected by a fault. Calls are counted by rule, so that a run can be repeated.
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

    /// Sets the rules; all counts start again.
    func set(_ rules: [FaultRule]) {
        state.withLock { state in
            state.rules = rules
            state.counts = [:]
            state.seen = rules.map { _ in 0 }
            state.fired = rules.map { _ in 0 }
        }
    }

    /// How often each kind of fault occurred.
    var counts: JSONValue { state.withLock { .object($0.counts.mapValues { .integer(Int64($0)) }) } }

    /// - Parameter operation: as in ``GraphCall/operation``.
    func fault(for operation: String) -> Fault? {
        state.withLock { state in
            for (index, rule) in state.rules.enumerated() where rule.covers(operation) {
                state.seen[index] += 1
                guard let kind = Self.kind(rule, index, &state), kind.happens(to: operation) else { continue }
                state.fired[index] += 1
                state.counts[kind.rawValue, default: 0] += 1
                return Fault(kind: kind, seconds: rule.seconds, retryAfter: rule.retryAfter)
            }
            return nil
        }
    }

    private static func kind(_ rule: FaultRule, _ index: Int, _ state: inout State) -> FaultKind? {
        let number = state.seen[index]
        if !rule.script.isEmpty {
            guard number <= rule.script.count, case .fault(let kind) = rule.script[number - 1] else { return nil }
            return kind
        }
        guard number > rule.skip, state.fired[index] < rule.count ?? .max else { return nil }
        return rule.rate >= 1 || Double.random(in: 0..<1, using: &state.random) < rule.rate ? rule.kind : nil
    }
}

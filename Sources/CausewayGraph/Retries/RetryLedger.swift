import CausewayJSON
import Synchronization

/// What all requests of a client share: how many repetitions are left, and what was created recently.
final class RetryLedger: Sendable {
    private struct State {
        var budget = RetryBudget()
        var fresh: FreshObjects
    }

    private let state = Mutex(State(fresh: FreshObjects()))

    /// Records a success, and what it created.
    func noteSuccess(_ response: GraphResponse, of request: GraphRequest, now: ContinuousClock.Instant) {
        let isNew = response.status == 201 || request.path.hasSuffix("/restore")
        let created = isNew ? response.body?["invitedUser"]?["id"]?.string ?? response.body?["id"]?.string : nil
        state.withLock { state in
            state.budget.deposit()
            if let created { state.fresh.insert(created, now: now) }
        }
    }

    /// Records an answer that shows that the service works.
    func noteAnswer() { state.withLock { $0.budget.deposit() } }

    /// Whether a repetition may be made.
    func takeRepetition() -> Bool { state.withLock { $0.budget.take() } }

    /// Whether a request refers to an object so new that Graph may not show it on all replicas yet.
    func isFresh(_ request: GraphRequest, now: ContinuousClock.Instant) -> Bool {
        let references = request.references
        return state.withLock { state in references.contains { state.fresh.contains($0, now: now) } }
    }
}

/// Allows no more repetitions than answered requests, plus a reserve: when nothing works any more, repetitions do not make an
/// outage worse. Pure.
struct RetryBudget: Sendable {
    private static let most = 200

    private var level = Self.most

    mutating func deposit() { level = min(Self.most, level + 1) }

    mutating func take() -> Bool {
        guard level > 0 else { return false }
        level -= 1
        return true
    }
}

/// Objects created recently, the oldest forgotten first. Pure: callers pass the time.
struct FreshObjects: Sendable {
    /// How long it is worth waiting for a new object: replication rarely takes longer.
    private static let age: Duration = .seconds(30)
    private static let most = 50_000

    private var born: [String: ContinuousClock.Instant] = [:]
    /// Ids in the order of their creation; those before `first` are forgotten.
    private var order: [String] = []
    private var first = 0

    mutating func insert(_ id: String, now: ContinuousClock.Instant) {
        born[id] = now
        order.append(id)
        while let oldest = oldest, born.count > Self.most || born[oldest].map({ now - $0 > Self.age }) ?? true {
            born[oldest] = nil
            first += 1
        }
        if first > Self.most {
            order.removeFirst(first)
            first = 0
        }
    }

    func contains(_ id: String, now: ContinuousClock.Instant) -> Bool {
        born[id].map { now - $0 <= Self.age } ?? false
    }

    private var oldest: String? { first < order.count ? order[first] : nil }
}

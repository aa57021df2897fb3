import Synchronization

/// How many forms this process keeps for clients without a session, in some time: anyone can send one.
final class StrangerBudget: Sendable {
    private struct State {
        var end: ContinuousClock.Instant
        var kept: [String: Int] = [:]
    }

    private let most: Int
    private let mostOfOne: Int
    private let time: Duration
    private let state: Mutex<State>

    /// - Parameters:
    ///   - most: of all clients together.
    ///   - mostOfOne: of one subscriber of the network.
    ///   - time: after which counting begins again.
    init(most: Int, mostOfOne: Int, time: Duration) {
        (self.most, self.mostOfOne, self.time) = (most, mostOfOne, time)
        state = Mutex(State(end: .now + time))
    }

    /// Counts a form.
    ///
    /// - Returns: false if there were too many; then it does not count.
    func admits(_ subscriber: String, at now: ContinuousClock.Instant = .now) -> Bool {
        state.withLock { state in
            if state.end <= now { state = State(end: now + time) }
            let kept = state.kept[subscriber] ?? 0
            guard kept < mostOfOne, state.kept.values.reduce(0, +) < most else { return false }
            state.kept[subscriber] = kept + 1
            return true
        }
    }
}

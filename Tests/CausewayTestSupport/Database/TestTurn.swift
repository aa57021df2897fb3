import Synchronization

/// Limits how many tests use a server at once: each of them has several connections, and all tests begin at the same time.
final class TestTurn: Sendable {
    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>
    /// Whether the present test has its turn; what it begins needs no other.
    @TaskLocal private static var isTaken = false

    static let server = TestTurn(atOnce: 24)

    init(atOnce free: Int) { state = Mutex(State(free: free)) }

    func with<Value>(_ body: () async throws -> Value) async rethrows -> Value {
        guard !Self.isTaken else { return try await body() }
        await take()
        defer { giveBack() }
        return try await Self.$isTaken.withValue(true) { try await body() }
    }

    private func take() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.free == 0 {
                    state.waiting.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    private func giveBack() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}

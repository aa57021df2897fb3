import Synchronization

/// The connections on which closures only read: a bounded number, handed out in turn.
final class PostgreSQLReaders: Sendable {
    private struct State {
        var idle: [PostgreSQLWorker]
        var waiting: [CheckedContinuation<PostgreSQLWorker, Never>] = []
    }

    private static let size = 4
    private let all: [PostgreSQLWorker]
    private let state: Mutex<State>

    /// They are used after the writer.
    init(_ address: PostgreSQLAddress) {
        all = (1...Self.size).map {
            PostgreSQLWorker(address, label: "causeway.postgresql.reader.\($0)", isKnown: true)
        }
        state = Mutex(State(idle: all))
    }

    /// Does something with a connection that no other caller uses.
    func use<Value>(_ body: (PostgreSQLWorker) async throws -> Value) async rethrows -> Value {
        let worker = await take()
        defer { giveBack(worker) }
        return try await body(worker)
    }

    /// Ends all connections, each after what it does at present.
    func close() async {
        for worker in all { await worker.close() }
    }

    /// The one that was used last: the others need no connection while there is little to do.
    private func take() async -> PostgreSQLWorker {
        await withCheckedContinuation { continuation in
            let idle = state.withLock { state in
                if state.idle.isEmpty { state.waiting.append(continuation) }
                return state.idle.popLast()
            }
            if let idle { continuation.resume(returning: idle) }
        }
    }

    private func giveBack(_ worker: PostgreSQLWorker) {
        let next = state.withLock { state -> CheckedContinuation<PostgreSQLWorker, Never>? in
            guard !state.waiting.isEmpty else {
                state.idle.append(worker)
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume(returning: worker)
    }
}

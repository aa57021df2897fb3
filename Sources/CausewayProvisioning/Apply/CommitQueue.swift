import CausewayStore

/// Commits what several batches write at the same time in one transaction: a commit costs as much as many changes. What comes while a
/// transaction is in progress waits for the next one.
actor CommitQueue {
    private let store: Store
    private var waiting: [Waiting] = []
    private var isWriting = false

    /// How many writes one transaction contains at most: others than the run's wait for it too.
    private static let most = 8

    init(store: Store) { self.store = store }

    private struct Waiting {
        let body: @Sendable (Transaction) throws -> Void
        let turn: CheckedContinuation<Turn, any Error>
    }

    /// What a write that waited learns.
    private enum Turn {
        /// It is committed.
        case done
        /// It begins the next transaction.
        case begin
    }

    /// Runs a closure that writes: what it wrote is committed when this returns, and none of it when this throws. The closure may run
    /// again.
    func write(_ body: @escaping @Sendable (Transaction) throws -> Void) async throws {
        if isWriting, try await wait(body) == .done { return }
        isWriting = true
        defer { passOn() }
        let others = Array(waiting.prefix(Self.most - 1))
        waiting.removeFirst(others.count)
        do {
            try await store.write { transaction in
                try body(transaction)
                for other in others { try other.body(transaction) }
            }
            for other in others { other.turn.resume(returning: .done) }
        } catch {
            guard !others.isEmpty else { throw error }
            // It may be about only one of them.
            for other in others { await commit(other) }
            try await store.write(body)
        }
    }

    private func wait(_ body: @escaping @Sendable (Transaction) throws -> Void) async throws -> Turn {
        try await withCheckedThrowingContinuation { waiting.append(Waiting(body: body, turn: $0)) }
    }

    private func commit(_ one: Waiting) async {
        do {
            try await store.write(one.body)
            one.turn.resume(returning: .done)
        } catch { one.turn.resume(throwing: error) }
    }

    /// The first that waits begins the next transaction, before any newcomer.
    private func passOn() {
        isWriting = !waiting.isEmpty
        if isWriting { waiting.removeFirst().turn.resume(returning: .begin) }
    }
}

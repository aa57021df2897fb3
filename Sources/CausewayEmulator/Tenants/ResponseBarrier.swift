import Synchronization

/// Holds back all answers of Graph after a number of writes: a client whose connection hangs after its
/// requests were served sees the same.
final class ResponseBarrier: Sendable {
    private let limit = Mutex<Int?>(nil)

    private static let step: Duration = .milliseconds(5)

    /// - Parameter writes: from which count on; nil to release everything.
    func set(after writes: Int?) { limit.withLock { $0 = writes } }

    /// Returns when an answer may be given.
    ///
    /// - Parameter writes: the number of writes that were carried out.
    /// - Throws: `CancellationError` when the tenant or the connection ends.
    func pass(_ writes: @Sendable () -> Int) async throws {
        while let limit = limit.withLock({ $0 }), writes() >= limit { try await Task.sleep(for: Self.step) }
    }
}

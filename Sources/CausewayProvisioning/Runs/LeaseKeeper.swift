import CausewayModel
import CausewayStore

/// Holds the right to run a provider during the work, for one process at a time.
struct LeaseKeeper {
    let store: Store
    let lease: RunLease

    private static let duration: Duration = .seconds(60)

    init(store: Store) {
        self.store = store
        lease = RunLease(owner: ProcessIdentity.current.text, duration: Self.duration)
    }

    /// Stores the beginning of a run, unless another run of the provider is in progress.
    ///
    /// - Returns: whether it began.
    func begin(_ run: Run, in transaction: Transaction) throws -> Bool {
        try transaction.beginRun(run, lease: lease, isGone: { ProcessIdentity($0)?.isGone ?? false })
    }

    /// Does the work while renewing the lease; losing the lease ends the work.
    func renewing<Value: Sendable>(_ run: RunID, while work: @escaping @Sendable () async throws -> Value) async throws
        -> Value
    {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask { [store, lease] in
                repeat {
                    try await Task.sleep(for: lease.duration / 4)
                } while try await store.write { try $0.renew(lease, of: run) }
                return nil
            }
            defer { group.cancelAll() }
            while let end = try await group.next() {
                if let value = end { return value }
            }
            throw CancellationError()
        }
    }
}

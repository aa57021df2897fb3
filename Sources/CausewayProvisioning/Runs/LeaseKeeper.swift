import CausewayGraph
import CausewayModel
import CausewayStore

/// Holds the right to run a provider during the work, for one process at a time.
///
/// The database ends a lease by its clock, and the holder stops sending earlier by its own, which also counts while the process or the
/// machine is stopped. So a process that was stopped for longer finds its fence closed when it goes on.
struct LeaseKeeper {
    let fence: SendingFence
    private let store: Store
    private let times: LeaseTimes
    private let lease: RunLease

    init(store: Store, times: LeaseTimes, fence: SendingFence) {
        (self.store, self.times, self.fence) = (store, times, fence)
        lease = RunLease(owner: OwnProcess.name, duration: times.duration)
    }

    /// Stores the beginning of a run, unless another run of the provider is in progress.
    ///
    /// - Returns: what the run shows when it writes, and when it asked; nil if it did not begin.
    func begin(_ run: Run, in transaction: Transaction) throws -> Held? {
        let asked = ContinuousClock.now
        return try transaction.beginRun(run, lease: lease, isGone: OwnProcess.isGone).map {
            Held(token: $0, asked: asked)
        }
    }

    /// A lease that a run begins with.
    struct Held: Sendable {
        let token: LeaseToken
        /// By the clock of this process, before the database looked at its own.
        let asked: ContinuousClock.Instant
    }

    /// The lease is stored: from now on the run may send.
    func hold(_ lease: Held) { fence.open(until: lease.asked + times.sending) }

    /// Does the work while renewing the lease; losing the lease ends the work.
    ///
    /// - Throws: `StoreError` of code `leaseLost`, and what the work throws. The fence is then closed: something may still wait to be sent.
    ///   What the work throws because its time was over is no failure of the provider.
    func renewing<Value: Sendable>(_ run: RunID, while work: @escaping @Sendable () async throws -> Value) async throws
        -> Value
    {
        do {
            let value = try await workAndRenewal(work, run)
            fence.lift()
            return value
        } catch {
            let isOver = fence.isClosed
            fence.close()
            throw isOver ? StoreError.leaseLost : error
        }
    }

    private func workAndRenewal<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value, _ run: RunID)
        async throws -> Value
    {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await renew(run)
                return nil
            }
            group.addTask {
                try await watch()
                return nil
            }
            defer { group.cancelAll() }
            while let end = try await group.next() {
                if let value = end { return value }
            }
            throw CancellationError()
        }
    }

    /// Renews the lease until the run has ended. A database that does not answer may answer in time.
    private func renew(_ run: RunID) async throws {
        while true {
            try await Task.sleep(for: times.renewal)
            do {
                let asked = try await store.writeRows { [lease] transaction in
                    let asked = ContinuousClock.now
                    return try transaction.renew(lease, of: run) ? asked : nil
                }
                // The work may have ended since, and the fence with it.
                guard let asked, !Task.isCancelled else { return }
                fence.open(until: asked + times.sending)
            } catch let error as StoreError where error.code != .leaseLost { continue }
        }
    }

    private func watch() async throws {
        while let end = fence.end {
            guard end > .now else { throw StoreError.leaseLost }
            try await Task.sleep(until: end, clock: .continuous)
        }
    }
}

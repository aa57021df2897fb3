import CausewayGraph
import CausewayJSON
package import CausewayModel
package import CausewayStore
import Foundation
import Logging

/// Runs providers: discovers, plans, and carries out.
package struct Provisioner: Sendable {
    private let store: Store
    private let runtime: ProvisioningRuntime

    private static let leaseLength: Duration = .seconds(60)

    package init(store: Store, runtime: ProvisioningRuntime) {
        self.store = store
        self.runtime = runtime
    }

    /// What a run may do.
    package enum Mode: Sendable {
        /// Plan, and change nothing.
        case planOnly
        /// Plan and carry out; what the guard objects to waits.
        case apply
        /// Plan and carry out whatever the guard says: a person has approved it.
        case applyApproved
    }

    /// One run from beginning to end.
    ///
    /// - Returns: the run as it ended; failures of single objects are in its actions.
    /// - Throws: ``ProvisioningError`` or another error of ours where it could not start or go on; the run then says why.
    @discardableResult
    package func run(
        _ provider: EntraProvider,
        trigger: RunTrigger,
        mode: Mode,
        progress: @escaping ProgressObserver = { _ in }
    ) async throws -> Run {
        try Self.checkReady(provider)
        let run = Run(provider: provider.id, trigger: trigger, startedAt: .now())
        let lease = RunLease(owner: ProcessIdentity.current.text, duration: Self.leaseLength)
        let isBegun = try await store.write { transaction in
            let isBegun = try transaction.beginRun(run, lease: lease, isGone: { ProcessIdentity($0)?.isGone ?? false })
            if isBegun { try transaction.settleUnanswered(provider: provider.id, before: run.id) }
            return isBegun
        }
        guard isBegun else { throw RunUnderWay(provider: provider.name) }
        do {
            try await whileRenewing(lease, of: run.id) {
                try await carryOut(run.id, provider, mode: provider.dryRun ? .planOnly : mode, progress)
            }
        } catch {
            await note(error, run, provider)
            throw error
        }
        return try await store.read { try $0.run(run.id) } ?? run
    }

    /// Writes down why a run ended before its time; the error itself is what the caller hears.
    ///
    /// In a task of its own, since the store refuses a cancelled one, and a cancelled run must not seem to be under way.
    private func note(_ error: any Error, _ run: Run, _ provider: EntraProvider) async {
        await Task { [store] in
            _ = try? await store.write { transaction in
                if error is CancellationError {
                    return try transaction.setStatus(.interrupted, of: run.id, message: "Stopped before its end.")
                }
                try transaction.setStatus(.failed, of: run.id, message: "\(error)")
                try transaction.insertEvent(Self.failureEvent(error, run, provider, transaction.now))
            }
        }.value
    }

    private static func failureEvent(_ error: any Error, _ run: Run, _ provider: EntraProvider, _ now: Timestamp)
        -> Event
    {
        Event(
            action: "system_task_exception",
            app: "causeway.provisioning",
            actor: "causeway",
            context: [
                "provider": .string(provider.name), "run": .string(run.id.text), "message": .string("\(error)"),
            ],
            created: now
        )
    }

    private static func checkReady(_ provider: EntraProvider) throws {
        if let group = provider.vanishedFilterGroup {
            throw ProvisioningError(
                "The filter group '\(group)' of '\(provider.name)' was deleted; choose another, or none. Until then nothing is "
                    + "synced, since everyone would be in scope."
            )
        }
        guard provider.application != nil else {
            throw ProvisioningError(
                "'\(provider.name)' is not assigned to an application; name it as a backchannel provider of one."
            )
        }
    }

    private func carryOut(
        _ run: RunID,
        _ provider: EntraProvider,
        mode: Mode,
        _ progress: @escaping ProgressObserver
    ) async throws {
        try await SyncSession.with(
            store: store,
            provider: provider,
            run: run,
            runtime: runtime,
            progress: progress
        ) { session in
            let vanished = try await Discovery(session: session).run()
            try await store.write { try $0.setStatus(.planning, of: run) }
            let dangerous = try await Planner(session: session, vanished: vanished).run()
            let objection = try await objection(to: dangerous, provider, mode)
            guard mode != .planOnly else {
                return try await store.write { try $0.setStatus(.planned, of: run, message: objection ?? "") }
            }
            try await store.write { try $0.setStatus(.applying, of: run) }
            let held: Set<ActionPhase> = objection == nil ? [] : [.removals, .suspensions, .deletions]
            try await Applier(session: session, held: held).run()
            try await finish(run, objection: objection)
        }
    }

    private func objection(to dangerous: Int, _ provider: EntraProvider, _ mode: Mode) async throws -> String? {
        guard mode != .applyApproved, dangerous > 0 else { return nil }
        let managed = try await store.read { try $0.managedCount(provider: provider.id) }
        return Guard(settings: provider.settings).objection(to: Guard.Danger(actions: dangerous, managed: managed))
    }

    private func finish(_ run: RunID, objection: String?) async throws {
        try await store.write { transaction in
            let counts = try transaction.actionCounts(of: run)
            let hasFailures = counts.contains { [.failed, .retry].contains($0.status) }
            if let objection {
                let message = "\(objection) The rest is done; look at the plan and approve it."
                try transaction.holdForApproval(run, message: message)
            } else {
                try transaction.setStatus(hasFailures ? .warning : .succeeded, of: run)
            }
        }
    }

    /// Does the work while showing signs of life; losing the lease ends the work.
    private func whileRenewing(_ lease: RunLease, of run: RunID, _ work: @escaping @Sendable () async throws -> Void)
        async throws
    {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await work()
                return true
            }
            group.addTask { [store] in
                while true {
                    try await Task.sleep(for: lease.duration / 4)
                    try await store.write { try $0.renew(lease, of: run) }
                }
            }
            defer { group.cancelAll() }
            _ = try await group.next()
        }
    }
}

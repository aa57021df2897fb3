package import CausewayModel
package import CausewayStore

/// The decisions of people about runs that wait for them. Nothing is sent: a separate run applies what was approved.
package struct Approvals: Sendable {
    private let store: Store

    package init(store: Store) { self.store = store }

    /// Approves what the guard of a run held back, and requests the run that applies it.
    ///
    /// - Parameter origin: who approves, and in which way.
    /// - Throws: ``ProvisioningError`` if the run does not wait, or no longer waits, if a newer sync is in progress, or if the provider
    ///   may only plan or is not assigned to an application.
    @discardableResult
    package func approve(_ run: RunID, by origin: EventOrigin) async throws -> Approval {
        try await decide(run, by: origin) { transaction, run, provider in
            guard !provider.dryRun else {
                throw ProvisioningError("'\(provider.name)' is set to dry run, so nothing would be applied.")
            }
            if let newer = try transaction.fullSyncUnderWay(of: provider.id),
                !(ProcessIdentity(newer.owner)?.isGone ?? false)
            {
                throw ProvisioningError(
                    "A newer sync, run \(newer.run.text), is in progress and plans everything again; when it has ended, decide "
                        + "about what it holds back."
                )
            }
            guard try transaction.requestRun(of: provider.id, .approval) else {
                throw ProvisioningError(
                    "'\(provider.name)' is not assigned to an application, so nothing would be applied."
                )
            }
            let approval = Approval(
                run: run.id,
                provider: provider.id,
                approvedBy: origin.actor,
                approvedAt: transaction.now,
                expiresAt: transaction.now + provider.approvalLifetime
            )
            let message = "Approved by \(origin.actor)."
            try transaction.insertApproval(approval)
            try transaction.endWaiting(of: run.id, as: .approved, message: message)
            try transaction.insertEvent(
                .run(.approvalGranted, by: origin, provider, run.id, message, at: transaction.now)
            )
            return approval
        }
    }

    /// Rejects what the guard of a run held back, or withdraws an approval that is not being applied yet.
    /// The next full sync holds the same changes back again, unless the directory has changed.
    ///
    /// - Throws: ``ProvisioningError`` if the run does not wait, or no longer waits, or if its approval is being applied.
    package func reject(_ run: RunID, by origin: EventOrigin) async throws {
        if try await withdraw(run, by: origin) { return }
        try await decide(run, by: origin) { transaction, run, provider in
            let message = "Rejected by \(origin.actor)."
            try transaction.endWaiting(of: run.id, as: .rejected, message: message)
            try transaction.insertEvent(
                .run(.approvalRejected, by: origin, provider, run.id, message, at: transaction.now)
            )
        }
    }

    /// Withdraws an approval.
    ///
    /// - Returns: false if there is none that can be withdrawn.
    private func withdraw(_ id: RunID, by origin: EventOrigin) async throws -> Bool {
        try Self.check(origin)
        return try await store.write { transaction in
            guard let approval = try transaction.approval(of: id), approval.endedAt == nil,
                let provider = try transaction.provider(approval.provider)
            else { return false }
            if let run = try approval.appliedBy.flatMap(transaction.run), !run.status.isFinal {
                throw ProvisioningError("Run \(run.id.text) is already applying what was approved.")
            }
            let message = "Approved by \(approval.approvedBy), then rejected by \(origin.actor)."
            try transaction.withdraw(approval, by: origin.actor, message: message)
            try transaction.insertEvent(
                .run(.approvalRejected, by: origin, provider, id, message, at: transaction.now)
            )
            return true
        }
    }

    private static func check(_ origin: EventOrigin) throws {
        guard !origin.actor.allSatisfy(\.isWhitespace) else {
            throw ProvisioningError("A decision about a plan needs a name.")
        }
    }

    /// Checks that the run waits, then records the decision; it also records that the run has waited too long.
    private func decide<Value: Sendable>(
        _ id: RunID,
        by origin: EventOrigin,
        _ decision: @Sendable (Transaction, Run, EntraProvider) throws -> Value
    ) async throws -> Value {
        try Self.check(origin)
        let result: Result<Value, ProvisioningError> = try await store.write { transaction in
            guard let run = try transaction.run(id), let provider = try transaction.provider(run.provider) else {
                throw StoreError.notFound("run", id.text)
            }
            let rule = ApprovalEligibility(lifetime: provider.approvalLifetime)
            guard let obstacle = rule.obstacle(to: run, now: transaction.now) else {
                return .success(try decision(transaction, run, provider))
            }
            if case .overdue(let sentence) = obstacle {
                try transaction.endWaiting(of: id, as: .expired, message: sentence)
            }
            return .failure(ProvisioningError(obstacle.sentence))
        }
        return try result.get()
    }
}

extension EntraProvider {
    /// How long a run waits for approval and how long an approval is valid. An unreadable setting counts as no time at all.
    fileprivate var approvalLifetime: Duration { DurationText(settings.approvalLifetime)?.duration ?? .zero }
}

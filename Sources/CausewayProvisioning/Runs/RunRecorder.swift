import CausewayJSON
import CausewayModel
import CausewayStore

/// Records how runs end: the run itself, the request that it answers, the provider's quarantine, and its position in the journal.
struct RunRecorder {
    let store: Store
    let instruction: RunInstruction
    /// The attempt in whose name a request is taken up.
    let claim = RunRequestClaim()

    /// Takes up the waiting request. A change after that makes a new request.
    func takeRequest(in transaction: Transaction) throws {
        if instruction.answersRequest { try transaction.takeRequest(of: instruction.provider, by: claim) }
    }

    /// A run that could not begin.
    func didNotBegin(_ error: any Error) async throws {
        guard !Task.isCancelled, RunFailure.isOfProvider(error) else { return }
        try await store.write { transaction in
            // Several nodes try this at the same time, and no person asked for it.
            let runState = try transaction.runState(of: instruction.provider)
            guard !instruction.isByItself || !runState.isQuarantined(at: transaction.now) else { return }
            try takeRequest(in: transaction)
            try recordFailure("\(error)", in: transaction)
        }
    }

    /// A run that was stopped. The store refuses a canceled task, and a canceled run must not appear to be in progress: so a separate
    /// task records it, and this one waits for it.
    func failed(_ begun: BegunRun, _ error: any Error) async {
        let (run, provider) = (begun.run, begun.provider)
        await Task {
            // What another process has taken over is no longer this one's.
            _ = try? await begun.store.write { transaction in
                if error is CancellationError || (error as? StoreError)?.code == .leaseLost {
                    if try transaction.cancellation(of: run.id) != nil { return try conclude(begun, in: transaction) }
                    return try transaction.setStatus(.interrupted, of: run.id, message: "Stopped before it finished.")
                }
                try transaction.setStatus(.failed, of: run.id, message: "\(error)")
                try transaction.endApprovals(takenBy: run.id, .failed(run.id))
                try transaction.insertEvent(Self.event(error, run, provider, transaction.now))
                if RunFailure.isOfProvider(error) { try recordFailure("\(error)", in: transaction) }
            }
        }.value
    }

    /// A run that was canceled before it sent anything.
    func canceled(_ begun: BegunRun) async throws -> Run {
        try await Task {
            try await begun.store.write { transaction in
                try conclude(begun, in: transaction)
                return try transaction.run(begun.run.id) ?? begun.run
            }
        }.value
    }

    private func conclude(_ begun: BegunRun, in transaction: Transaction) throws {
        try transaction.concludeCancellation(of: begun.run.id)
        let run = try transaction.run(begun.run.id) ?? begun.run
        try ended(run, journalEnd: begun.canceledPosition(in: transaction), in: transaction)
    }

    /// A run that ended normally.
    ///
    /// - Parameter journalEnd: the last journal entry that it covered; nil if it applied nothing.
    func ended(_ run: Run, journalEnd: Int64?, in transaction: Transaction) throws {
        if let end = instruction.journalEnd ?? journalEnd { try transaction.setJournalPosition(end, of: run.provider) }
        try transaction.trimJournal()
        guard !instruction.isStale(after: run) else { return }
        switch run.status {
        case .failed: try recordFailure(run.message, in: transaction)
        case .succeeded, .warning, .awaitingApproval:
            let isFullSync = try run.isFull && !transaction.waitsForFirstSync(run)
            if isFullSync { try recordEnd(of: run, in: transaction) }
            try transaction.recordSuccess(of: run.provider, by: claim, isFullSync: isFullSync)
        case .planned: try transaction.recordSuccess(of: run.provider, by: claim, isFullSync: false)
        case .canceled:
            // Changes that it leaves to the next full sync are not read from the journal again.
            try transaction.forgetEvaluation(of: run.provider)
            try transaction.recordCancellation(of: run.provider, by: claim)
            // They would begin the same work again.
            try transaction.postponeRetries(of: run.provider, pause: RetryPause.after)
        case .interrupted, .discovering, .planning, .applying, .approved, .rejected, .superseded, .expired: break
        }
    }

    /// The log has the end of every full sync, with its counts.
    private func recordEnd(of run: Run, in transaction: Transaction) throws {
        guard let provider = try transaction.provider(run.provider) else { return }
        let counts = try transaction.actionCounts(of: run.id)
        func count(_ statuses: Set<OutcomeStatus>) -> Int {
            counts.filter { statuses.contains($0.status) }.reduce(0) { $0 + $1.count }
        }
        let (failed, held) = (count([.failed, .retry]), count([.held]))
        var words = ["\(count([.applied])) applied"]
        if failed > 0 { words.append("\(failed) failed") }
        if held > 0 { words.append("\(held) held back") }
        let message = "Actions: \(words.joined(separator: ", "))."
        try transaction.insertEvent(
            .run(.fullSyncEnded, by: .engine, provider, run.id, message, at: transaction.now)
        )
    }

    /// A run that only plans is not retried as a sync.
    private func recordFailure(_ reason: String, in transaction: Transaction) throws {
        try transaction.recordFailure(
            of: instruction.provider,
            by: claim,
            reason: reason,
            isRetried: instruction.mode != .planOnly
        )
    }

    private static func event(_ error: any Error, _ run: Run, _ provider: EntraProvider, _ now: Timestamp) -> Event {
        .run(.runFailed, by: .engine, provider, run.id, "\(error)", at: now)
    }
}

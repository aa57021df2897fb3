import CausewayModel
import CausewayStore

/// A person canceled a run before it sent anything.
struct RunCanceledError: Error {}

/// Ends runs that people cancel. The wish is stored, so that it reaches the process that runs the provider, whichever was asked. What is in
/// flight is settled, and nothing new begins.
struct Cancellation: Sendable {
    let store: Store

    /// How often a run looks whether it is canceled.
    private static let pause: Duration = .milliseconds(500)

    /// Stores the wish. A run whose process is gone ends here.
    ///
    /// - Returns: the run, which may still settle what is in flight.
    /// - Throws: ``ProvisioningError`` if the run is not in progress.
    func request(_ id: RunID, by origin: EventOrigin) async throws -> Run {
        guard !origin.actor.allSatisfy(\.isWhitespace) else { throw ProvisioningError("To cancel a run needs a name.") }
        return try await store.write { transaction in
            guard let run = try transaction.run(id), let provider = try transaction.provider(run.provider) else {
                throw StoreError.notFound("run", id.text)
            }
            try Self.check(run)
            if try transaction.cancellation(of: id) == nil {
                try transaction.requestCancellation(of: id, by: origin.actor)
                let message = "Canceled by \(origin.actor)."
                try transaction.insertEvent(
                    .run(.runCanceled, by: origin, provider, id, message, at: transaction.now)
                )
            }
            // However the run ends, even with its process, what it was asked for does not begin again by itself.
            if run.isFull, run.trigger != .preview { try transaction.endTakenRequest(of: provider.id) }
            // If its process has ended, there is no one else to end it.
            try transaction.endRun(id, isGone: OwnProcess.isGone)
            return try transaction.run(id) ?? run
        }
    }

    private static func check(_ run: Run) throws {
        switch run.status {
        case .discovering, .planning, .applying: return
        case .awaitingApproval:
            throw ProvisioningError("Run \(run.id.text) waits for approval and does nothing; reject it instead.")
        case .planned, .succeeded, .warning, .failed, .interrupted, .canceled, .approved, .rejected, .superseded,
            .expired:
            throw ProvisioningError("Run \(run.id.text) has ended; its status is '\(run.status.rawValue)'.")
        }
    }

    /// Does the work of a run. While nothing is sent, a cancellation stops the work at once; a run that applies its plan
    /// ends by itself when it has settled what is in flight.
    ///
    /// - Throws: ``RunCanceledError`` if the run was canceled before it sent anything.
    func watching<Value: Sendable>(_ run: RunID, while work: @escaping @Sendable () async throws -> Value) async throws
        -> Value
    {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await waitForCancellation(of: run)
                return nil
            }
            defer { group.cancelAll() }
            while let end = try await group.next() {
                if let value = end { return value }
            }
            throw CancellationError()
        }
    }

    private func waitForCancellation(of run: RunID) async throws {
        repeat {
            try await Task.sleep(for: Self.pause)
        } while try await !store.read { transaction in
            let status = try transaction.run(run)?.status
            return try (status == .discovering || status == .planning) && transaction.cancellation(of: run) != nil
        }
        throw RunCanceledError()
    }

    /// - Throws: ``RunCanceledError`` if the run was canceled: from here on it would send something.
    static func stop(_ run: Run, in transaction: Transaction) throws {
        if try transaction.cancellation(of: run.id) != nil { throw RunCanceledError() }
    }

    /// Whether a canceled run has left actions of its plan; one that was done anyway ends as usual.
    static func hasCutShort(_ run: Run, in transaction: Transaction) throws -> Bool {
        try transaction.cancellation(of: run.id) != nil && transaction.actionProgress(of: run.id).left > 0
    }
}

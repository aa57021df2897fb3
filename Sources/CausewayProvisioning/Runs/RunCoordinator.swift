import CausewayGraph
package import CausewayModel
package import CausewayStore

/// Runs providers. Every run starts here.
///
/// A run is stored before any of its work is done. Its lease (``LeaseKeeper``), its records (``RunRecorder``) and its work
/// (``RunPipeline``) have one owner each.
package struct RunCoordinator: Sendable {
    private let store: Store
    private let pipeline: Pipeline
    private let sessions: SessionOpener?
    private let leases: LeaseTimes
    /// Does the work of runs that continue after their caller has an answer.
    package let queue = WorkQueue()
    /// Whether this process takes up work by itself, or for others.
    package let gate = WorkGate()

    /// Does the work of a run that has begun.
    package typealias Pipeline = @Sendable (BegunRun) async throws -> RunConclusion

    /// - Parameter leases: nil for the usual ones of such a database.
    package init(store: Store, runtime: ProvisioningRuntime, leases: LeaseTimes? = nil) {
        let leases = leases ?? .usual(of: store)
        let sessions = SessionOpener(store: store, runtime: runtime, leases: leases)
        self.init(store, leases, sessions, pipeline: RunPipeline(sessions: sessions).run)
    }

    /// - Parameter pipeline: does the work instead of the engine.
    package init(store: Store, leases: LeaseTimes? = nil, pipeline: @escaping Pipeline) {
        self.init(store, leases ?? .usual(of: store), nil, pipeline: pipeline)
    }

    private init(_ store: Store, _ leases: LeaseTimes, _ sessions: SessionOpener?, pipeline: @escaping Pipeline) {
        self.store = store
        self.leases = leases
        self.sessions = sessions
        self.pipeline = pipeline
    }

    /// Records, in the transaction in which a run begins, who wants it.
    package typealias RunRecord = @Sendable (Run, Transaction) throws -> Void

    /// One run from beginning to end, in the caller's task.
    ///
    /// - Returns: the run as it ended; failures of single objects are in its actions.
    /// - Throws: ``ProviderBusyError``, ``StalePlanError``, ``ProvisioningError`` or a `StoreError` if it could not start or continue; the
    ///   run then says why. A request that it took up waits for another attempt.
    @discardableResult
    package func run(
        _ instruction: RunInstruction,
        progress: @escaping ProgressObserver = { _ in },
        record: @escaping RunRecord = { _, _ in }
    ) async throws -> Run {
        try await finish(try await begin(instruction, in: nil, progress: progress, record: record))
    }

    /// The same in an open session of the provider.
    @discardableResult
    func run(_ instruction: RunInstruction, in session: SyncSession?, progress: @escaping ProgressObserver = { _ in })
        async throws
        -> Run
    {
        try await finish(try await begin(instruction, in: session, progress: progress))
    }

    /// Begins a run whose work continues independently of the caller.
    ///
    /// - Returns: once the run is stored.
    /// - Throws: as ``run(_:progress:)`` if it cannot start.
    package func start(_ instruction: RunInstruction) async throws -> RunHandle {
        if let obstacle = gate.obstacle { throw ProvisioningError(obstacle) }
        let leased = try await begin(instruction, in: nil, progress: { _ in })
        let handle = RunHandle(leased.begun.run)
        let isTaken = queue.submit {
            do { handle.finish(.success(try await finish(leased))) } catch { handle.finish(.failure(error)) }
        }
        guard isTaken else {
            await leased.recorder.failed(leased.begun, CancellationError())
            throw ProvisioningError("The server is shutting down; try again when it has started.")
        }
        return handle
    }

    /// Cancels a run in progress, in whichever process it is: what is in flight is settled, and nothing new begins.
    ///
    /// - Parameter origin: who cancels, and in which way.
    /// - Returns: the run, which may still settle what is in flight.
    /// - Throws: ``ProvisioningError`` if the run is not in progress.
    @discardableResult
    package func cancel(_ run: RunID, by origin: EventOrigin) async throws -> Run {
        try await Cancellation(store: store).request(run, by: origin)
    }

    /// Opens a session for several runs of a provider.
    ///
    /// - Throws: ``ProvisioningError`` if the sign-in to the tenant fails or the mappings cannot be compiled.
    func withSession<Value>(_ source: SessionSource, _ body: (SyncSession) async throws -> Value) async throws -> Value
    {
        guard let sessions else { throw ProvisioningError("There is no engine to open a session with.") }
        var isOpen = false
        do {
            try RunReadiness.check(source.provider)
            return try await sessions.open(source, run: .random()) { session in
                isOpen = true
                return try await body(session)
            }
        } catch {
            // Its runs record what happens in the session.
            if !isOpen {
                let none = PlanSelection.changes(ChangedObjects())
                let instruction = RunInstruction(source.provider.id, trigger: .change, mode: .apply, selection: none)
                try await RunRecorder(store: store, instruction: instruction).didNotBegin(error)
            }
            throw error
        }
    }

    // MARK: One run

    /// A run that is stored as begun, and the lease that it holds.
    private struct LeasedRun: Sendable {
        let begun: BegunRun
        let recorder: RunRecorder
        let lease: LeaseKeeper
    }

    private func begin(
        _ instruction: RunInstruction,
        in session: SyncSession?,
        progress: @escaping ProgressObserver,
        record: @escaping RunRecord = { _, _ in }
    ) async throws -> LeasedRun {
        let recorder = RunRecorder(store: store, instruction: instruction)
        let lease = LeaseKeeper(
            store: store,
            times: leases,
            fence: session?.fence ?? SendingFence(arrival: leases.arrival)
        )
        do {
            let (run, provider, journalEnd, held) = try await store.write { transaction in
                guard let provider = try session?.provider ?? transaction.provider(instruction.provider) else {
                    throw StoreError.notFound("provider", "\(instruction.provider)")
                }
                let (run, held) = try begin(instruction, provider, recorder, lease, in: transaction)
                try record(run, transaction)
                return (run, provider, try transaction.journalEnd(), held)
            }
            lease.hold(held)
            let begun = BegunRun(
                run: run,
                provider: provider,
                mode: instruction.mode(at: provider),
                selection: instruction.selection,
                comparesEverything: instruction.comparesEverything || instruction.mode(at: provider) != .apply,
                journalEnd: journalEnd,
                store: store.fenced(by: held.token),
                fence: lease.fence,
                session: session,
                progress: progress
            )
            return LeasedRun(begun: begun, recorder: recorder, lease: lease)
        } catch {
            try await recorder.didNotBegin(error)
            throw error
        }
    }

    private func begin(
        _ instruction: RunInstruction,
        _ provider: EntraProvider,
        _ recorder: RunRecorder,
        _ lease: LeaseKeeper,
        in transaction: Transaction
    ) throws -> (Run, LeaseKeeper.Held) {
        try transaction.requireUsableSchema()
        guard try instruction.isStillDue(in: transaction) else { throw NothingDueError() }
        try RunReadiness.check(provider)
        try RunReadiness.check(instruction, provider, in: transaction)
        let run = Run(
            provider: provider.id,
            trigger: instruction.trigger,
            isFull: instruction.selection.isEverything,
            startedAt: transaction.now
        )
        guard let held = try lease.begin(run, in: transaction) else {
            throw ProviderBusyError(provider: provider.name)
        }
        try recorder.takeRequest(in: transaction)
        try transaction.resetPendingActions(provider: provider.id, before: run.id)
        if instruction.trigger == .approval, run.isFull, instruction.mode(at: provider) == .apply {
            try transaction.takeApprovals(of: provider.id, by: run.id)
        }
        // A caller that asks for some objects wants them retried.
        if instruction.retriesRefusals { try transaction.forgetRefusals(of: provider.id) }
        if instruction.trigger == .manual, let objects = instruction.selection.objects {
            try transaction.forgetRefusals(of: objects, provider: provider.id)
        }
        return (run, held)
    }

    private func finish(_ leased: LeasedRun) async throws -> Run {
        let (begun, recorder) = (leased.begun, leased.recorder)
        let ended: Run
        do {
            let cancellation = Cancellation(store: store)
            let conclude = try await leased.lease.renewing(begun.run.id) { [pipeline] in
                try await cancellation.watching(begun.run.id) { try await pipeline(begun) }
            }
            ended = try await begun.store.write { transaction in
                let journalEnd = try conclude(transaction)
                let ended = try transaction.run(begun.run.id) ?? begun.run
                try recorder.ended(ended, journalEnd: journalEnd, in: transaction)
                return ended
            }
        } catch is RunCanceledError {
            return try await recorder.canceled(begun)
        } catch {
            await recorder.failed(begun, error)
            throw error
        }
        if recorder.instruction.isStale(after: ended) { throw StalePlanError(ended.message) }
        return ended
    }
}

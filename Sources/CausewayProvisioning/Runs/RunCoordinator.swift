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
    /// Does the work of runs that continue after their caller has an answer.
    package let queue = WorkQueue()

    /// Does the work of a run that has begun.
    package typealias Pipeline = @Sendable (RunTask) async throws -> RunConclusion

    package init(store: Store, runtime: ProvisioningRuntime) {
        let sessions = SessionOpener(store: store, runtime: runtime)
        self.init(store: store, sessions: sessions, pipeline: RunPipeline(store: store, sessions: sessions).run)
    }

    /// - Parameter pipeline: does the work instead of the engine.
    package init(store: Store, pipeline: @escaping Pipeline) {
        self.init(store: store, sessions: nil, pipeline: pipeline)
    }

    private init(store: Store, sessions: SessionOpener?, pipeline: @escaping Pipeline) {
        self.store = store
        self.sessions = sessions
        self.pipeline = pipeline
    }

    /// One run from beginning to end, in the caller's task.
    ///
    /// - Returns: the run as it ended; failures of single objects are in its actions.
    /// - Throws: ``ProviderBusyError``, ``StalePlanError``, ``ProvisioningError`` or a `StoreError` if it could not start or continue; the
    ///   run then says why. A request that it took up waits for another attempt.
    @discardableResult
    package func run(_ order: RunOrder, progress: @escaping ProgressObserver = { _ in }) async throws -> Run {
        try await run(order, in: nil, progress: progress)
    }

    /// The same in an open session of the provider.
    @discardableResult
    func run(_ order: RunOrder, in session: SyncSession?, progress: @escaping ProgressObserver = { _ in }) async throws
        -> Run
    {
        try await finish(try await begin(order, in: session, progress: progress))
    }

    /// Begins a run whose work continues independently of the caller.
    ///
    /// - Returns: once the run is stored.
    /// - Throws: as ``run(_:progress:)`` if it cannot start.
    package func start(_ order: RunOrder) async throws -> RunHandle {
        let begun = try await begin(order, in: nil, progress: { _ in })
        let handle = RunHandle(begun.task.run)
        let isTaken = queue.submit {
            do { handle.finish(.success(try await finish(begun))) } catch { handle.finish(.failure(error)) }
        }
        guard isTaken else {
            await begun.recorder.failed(begun.task.run, of: begun.task.provider, CancellationError())
            throw ProvisioningError("The server is shutting down; try again when it has started.")
        }
        return handle
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
                let order = RunOrder(source.provider.id, trigger: .change, mode: .apply, selection: none)
                try await RunRecorder(store: store, order: order).refused(error)
            }
            throw error
        }
    }

    // MARK: One run

    /// A run that is stored as begun.
    private struct BegunRun: Sendable {
        let task: RunTask
        let recorder: RunRecorder
        let lease: LeaseKeeper
    }

    private func begin(_ order: RunOrder, in session: SyncSession?, progress: @escaping ProgressObserver) async throws
        -> BegunRun
    {
        let recorder = RunRecorder(store: store, order: order)
        let lease = LeaseKeeper(store: store)
        do {
            let (run, provider) = try await store.write { transaction in
                guard let provider = try session?.provider ?? transaction.provider(order.provider) else {
                    throw StoreError.notFound("provider", "\(order.provider)")
                }
                return (try begin(order, provider, recorder, lease, in: transaction), provider)
            }
            let task = RunTask(
                run: run,
                provider: provider,
                mode: order.mode(at: provider),
                selection: order.selection,
                session: session,
                progress: progress
            )
            return BegunRun(task: task, recorder: recorder, lease: lease)
        } catch {
            try await recorder.refused(error)
            throw error
        }
    }

    private func begin(
        _ order: RunOrder,
        _ provider: EntraProvider,
        _ recorder: RunRecorder,
        _ lease: LeaseKeeper,
        in transaction: Transaction
    ) throws -> Run {
        try RunReadiness.check(provider)
        try RunReadiness.check(order, provider, in: transaction)
        let run = Run(
            provider: provider.id,
            trigger: order.trigger,
            isFull: order.selection.objects == nil,
            startedAt: transaction.now
        )
        guard try lease.begin(run, in: transaction) else { throw ProviderBusyError(provider: provider.name) }
        try recorder.claim(in: transaction)
        try transaction.resetPendingActions(provider: provider.id, before: run.id)
        if order.trigger == .approval, run.isFull, order.mode(at: provider) == .apply {
            try transaction.takeApprovals(of: provider.id, by: run.id)
        }
        // A caller that asks for some objects wants them retried.
        if order.trigger == .manual, let objects = order.selection.objects {
            try transaction.forgetRefusals(of: objects, provider: provider.id)
        }
        return run
    }

    private func finish(_ begun: BegunRun) async throws -> Run {
        let (task, recorder) = (begun.task, begun.recorder)
        let ended: Run
        do {
            let conclude = try await begun.lease.renewing(task.run.id) { [pipeline] in try await pipeline(task) }
            ended = try await store.write { transaction in
                let journalEnd = try conclude(transaction)
                let ended = try transaction.run(task.run.id) ?? task.run
                try recorder.ended(ended, journalEnd: journalEnd, in: transaction)
                return ended
            }
        } catch {
            await recorder.failed(task.run, of: task.provider, error)
            throw error
        }
        if recorder.order.isStale(after: ended) { throw StalePlanError(ended.message) }
        return ended
    }
}

package import CausewayModel
package import CausewayStore

/// Runs providers and keeps the books on it: which request a run has answered, and whether the provider is in quarantine.
package struct RunSupervisor: Sendable {
    /// Carries out one run; throws where it fails as a whole.
    package typealias Sync =
        @Sendable (EntraProvider, RunTrigger, Provisioner.Mode, @escaping ProgressObserver)
        async throws -> Run

    private let store: Store
    private let sync: Sync

    /// - Parameter sync: what carries out the runs.
    package init(store: Store, sync: @escaping Sync) {
        self.store = store
        self.sync = sync
    }

    package init(store: Store, provisioner: Provisioner) {
        self.init(store: store) { provider, trigger, mode, progress in
            try await provisioner.run(provider, trigger: trigger, mode: mode, progress: progress)
        }
    }

    /// One full sync of a provider, with the settings of this moment.
    ///
    /// - Returns: the run as it ended; failures of single objects are in its actions.
    /// - Throws: what the run threw. A request it took up then waits for another attempt.
    @discardableResult
    package func run(
        _ provider: ProviderID,
        trigger: RunTrigger,
        mode: Provisioner.Mode,
        progress: @escaping ProgressObserver = { _ in }
    ) async throws -> Run {
        let holder = RunRequestHolder()
        let settings = try await takeUp(provider, holder)
        do {
            let run = try await sync(settings, trigger, mode, progress)
            try await record(run, holder)
            return run
        } catch {
            // A failing database says nothing of the provider, nor does a run that was stopped or never began.
            if !Task.isCancelled, RunFailure.isOfProvider(error) {
                try await store.write { try $0.recordFailure(of: provider, by: holder, reason: "\(error)") }
            }
            throw error
        }
    }

    /// Together, so that a change after the request that is taken up cannot be missed: it makes a new one.
    private func takeUp(_ provider: ProviderID, _ holder: RunRequestHolder) async throws -> EntraProvider {
        try await store.write { transaction in
            guard let found = try transaction.provider(provider) else {
                throw StoreError.notFound("provider", "\(provider)")
            }
            try transaction.takeRequest(of: provider, by: holder)
            return found
        }
    }

    private func record(_ run: Run, _ holder: RunRequestHolder) async throws {
        try await store.write { transaction in
            switch run.status {
            case .failed:
                try transaction.recordFailure(of: run.provider, by: holder, reason: run.message)
            case .succeeded, .warning, .awaitingApproval:
                let isDone = try !transaction.waitsForFirstSync(run)
                try transaction.recordSuccess(of: run.provider, by: holder, isFullSync: isDone)
            case .planned:
                try transaction.recordSuccess(of: run.provider, by: holder, isFullSync: false)
            case .interrupted, .discovering, .planning, .applying, .approved, .rejected, .superseded, .expired: break
            }
        }
    }
}

/// Tells what a run that ended with an error says about its provider. Pure.
enum RunFailure {
    /// Whether the provider, its tenant or its mappings are the cause.
    static func isOfProvider(_ error: any Error) -> Bool {
        switch error {
        case is CancellationError, is RunUnderWay, is PlanRefused: false
        case let error as StoreError: error.code == .secretKey
        default: true
        }
    }
}

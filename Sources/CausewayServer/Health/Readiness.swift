package import CausewayStore
package import Logging

/// The conditions for the server to be ready.
package struct ReadinessLimits: Sendable {
    /// The folder whose disk must have free space; nil for no check.
    package var folder: String?
    /// Bytes that must be free there.
    package var leastFreeSpace: Int64
    /// How long the database may take for a change.
    package var patience: Duration
    /// How long an answer is valid: more frequent requests make no more changes.
    package var validity: Duration

    package init(
        folder: String? = nil,
        leastFreeSpace: Int64 = 64 << 20,
        patience: Duration = .seconds(5),
        validity: Duration = .seconds(1)
    ) {
        self.folder = folder
        self.leastFreeSpace = leastFreeSpace
        self.patience = patience
        self.validity = validity
    }
}

/// Checks whether the server can do its work: the database accepts a change, and its disk is not full.
package actor Readiness {
    private let store: Store
    private let limits: ReadinessLimits
    private let isDrained: @Sendable () -> Bool
    private let logger: Logger
    /// The last result; without a sentence if all was well.
    private var latest: (problem: String?, at: ContinuousClock.Instant)?
    private var attempt: Task<String?, Never>?

    /// - Parameter isDrained: whether requests should go to other nodes.
    package init(
        store: Store,
        limits: ReadinessLimits,
        isDrained: @escaping @Sendable () -> Bool = { false },
        logger: Logger
    ) {
        self.store = store
        self.limits = limits
        self.isDrained = isDrained
        self.logger = logger
    }

    /// Whether it is ready; a line in the log says why not, and when it is ready again.
    package func isReady() async -> Bool {
        if let latest, latest.at + limits.validity > .now { return latest.problem == nil }
        let problem = await problem()
        if problem != latest?.problem {
            if let problem {
                logger.error("not ready", metadata: ["reason": "\(problem)"])
            } else if latest != nil {
                logger.notice("ready again")
            }
        }
        latest = (problem, .now)
        return problem == nil
    }

    private func problem() async -> String? {
        if isDrained() { return "This node takes up no work, and others do." }
        if let folder = limits.folder, let free = DataFolder.freeSpace(at: folder), free < limits.leastFreeSpace {
            return "Only \(free >> 20) MB are free on the disk of \(folder), fewer than \(limits.leastFreeSpace >> 20)."
        }
        return await answer(of: attempt ?? begin())
    }

    /// One at a time: a database that does not answer is not asked again until it does.
    private func begin() -> Task<String?, Never> {
        let task = Task { [store] () -> String? in
            do {
                try await store.requireWritable()
                return nil
            } catch {
                return "\(error)"
            }
        }
        attempt = task
        Task {
            _ = await task.value
            attempt = nil
        }
        return task
    }

    /// The result of the attempt, or that it takes too long.
    private func answer(of attempt: Task<String?, Never>) async -> String? {
        let (answers, answer) = AsyncStream.makeStream(of: String?.self)
        let waiting = Task { [patience = limits.patience] in
            try? await Task.sleep(for: patience)
            answer.yield("The database did not accept a change in time.")
        }
        Task { answer.yield(await attempt.value) }
        defer { waiting.cancel() }
        for await found in answers { return found }
        return nil
    }
}

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

/// Checks whether the server should get requests: the database accepts a change, its disk is not full, and other nodes are not to do the
/// work.
package actor Readiness {
    /// Why it should get none.
    private enum Obstacle: Equatable {
        /// It cannot do its work.
        case trouble(String)
        /// Other nodes do its work, as a person wants.
        case handover(String)
    }

    private let store: Store
    private let limits: ReadinessLimits
    private let handover: @Sendable () -> String?
    private let logger: Logger
    /// The last result; without an obstacle if all was well.
    private var latest: (obstacle: Obstacle?, at: ContinuousClock.Instant)?
    private var attempt: Task<String?, Never>?

    /// - Parameter handover: why requests should go to other nodes; nil if they need not.
    package init(
        store: Store,
        limits: ReadinessLimits,
        handover: @escaping @Sendable () -> String? = { nil },
        logger: Logger
    ) {
        self.store = store
        self.limits = limits
        self.handover = handover
        self.logger = logger
    }

    /// Whether it is ready; a line in the log says why not, and when it is ready again.
    package func isReady() async -> Bool {
        if let latest, latest.at + limits.validity > .now { return latest.obstacle == nil }
        let obstacle = await obstacle()
        if obstacle != latest?.obstacle { log(obstacle) }
        latest = (obstacle, .now)
        return obstacle == nil
    }

    private func log(_ obstacle: Obstacle?) {
        switch obstacle {
        case .trouble(let reason): logger.error("not ready", metadata: ["reason": "\(reason)"])
        case .handover(let reason): logger.notice("not ready", metadata: ["reason": "\(reason)"])
        case nil: if latest != nil { logger.notice("ready again") }
        }
    }

    private func obstacle() async -> Obstacle? {
        if let reason = handover() { return .handover(reason) }
        return await trouble().map(Obstacle.trouble)
    }

    private func trouble() async -> String? {
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

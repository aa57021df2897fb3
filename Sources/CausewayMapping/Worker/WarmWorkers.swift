import Synchronization

/// Idle workers that wait for the next evaluation with the same configuration, so that it does not start Python.
///
/// A worker is configured once. It serves only evaluations whose configuration has the same bytes: the same mappings and the same
/// provider settings. One evaluation at a time takes it. A worker that is idle for too long ends.
package final class WarmWorkers: Sendable {
    private struct Resting: Sendable {
        let worker: WorkerProcess
        let configuration: [UInt8]
    }

    private struct State: Sendable {
        /// The worker that has been idle longest comes first.
        var resting: [Resting] = []
        var isShutDown = false
    }

    private let capacity: Int
    private let idleLimit: Duration
    private let state = Mutex(State())

    /// - Parameters:
    ///   - capacity: the largest number of idle processes. If there are more, the one that has been idle longest ends.
    ///   - idleLimit: the idle time after which a process ends.
    package init(capacity: Int = 4, idleLimit: Duration = .seconds(300)) {
        self.capacity = capacity
        self.idleLimit = idleLimit
    }

    deinit { shutdown() }

    /// Ends all idle workers. Busy workers end when they are given back.
    package func shutdown() {
        let ended = state.withLock { state in
            defer { state = State(resting: [], isShutDown: true) }
            return state.resting
        }
        ended.forEach { $0.worker.stop() }
    }

    /// Takes an idle worker with a configuration, for one evaluation; nil if there is none.
    func take(_ configuration: [UInt8]) -> WorkerProcess? {
        state.withLock { state in
            guard let index = state.resting.firstIndex(where: { $0.configuration == configuration }) else { return nil }
            let worker = state.resting.remove(at: index).worker
            return worker.endRest() ? worker : nil
        }
    }

    /// Takes a worker back after an evaluation. At most one worker with each configuration is kept.
    func keep(_ worker: WorkerProcess, _ configuration: [UInt8]) {
        worker.rest(for: idleLimit)
        let kept = Resting(worker: worker, configuration: configuration)
        let ended = state.withLock { state in
            guard !state.isShutDown else { return [kept] }
            var ended = state.resting.filter { $0.configuration == configuration }
            state.resting.removeAll { $0.worker.isStopped || $0.configuration == configuration }
            state.resting.append(kept)
            while state.resting.count > capacity { ended.append(state.resting.removeFirst()) }
            return ended
        }
        ended.forEach { $0.worker.stop() }
    }
}

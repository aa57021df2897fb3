import Synchronization

/// Workers that have answered one evaluation and wait for the next with the same configuration, so that it need not start Python.
///
/// A worker is configured once: it serves only evaluations with the very bytes of its configuration, which hold the mappings and the
/// settings of their provider. It is taken out for an evaluation, so no two share it. A worker that has rested too long ends.
package final class WarmWorkers: Sendable {
    private struct Resting: Sendable {
        let worker: WorkerProcess
        let configuration: [UInt8]
    }

    private struct State: Sendable {
        /// The one that has rested longest comes first.
        var resting: [Resting] = []
        var isShutDown = false
    }

    private let capacity: Int
    private let idleLimit: Duration
    private let state = Mutex(State())

    /// - Parameters:
    ///   - capacity: processes that rest at the same time, at most; the one that has rested longest makes room.
    ///   - idleLimit: how long a process rests before it ends.
    package init(capacity: Int = 4, idleLimit: Duration = .seconds(300)) {
        self.capacity = capacity
        self.idleLimit = idleLimit
    }

    deinit { shutdown() }

    /// Ends all that rest. Those that are at work end when they come back.
    package func shutdown() {
        let ended = state.withLock { state in
            defer { state = State(resting: [], isShutDown: true) }
            return state.resting
        }
        ended.forEach { $0.worker.stop() }
    }

    /// A worker with a configuration, for one evaluation; nil where none rests.
    func take(_ configuration: [UInt8]) -> WorkerProcess? {
        state.withLock { state in
            guard let place = state.resting.firstIndex(where: { $0.configuration == configuration }) else { return nil }
            let worker = state.resting.remove(at: place).worker
            return worker.endRest() ? worker : nil
        }
    }

    /// Takes a worker back after an evaluation. One with each configuration is kept.
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

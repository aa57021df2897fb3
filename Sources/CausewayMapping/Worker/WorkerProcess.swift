import Foundation
import Synchronization

/// A sandboxed Python process, and the thread that communicates with it.
///
/// The process asks the kernel to end with the thread that started it, so that thread must live as long as the process; and
/// reading with a deadline blocks. So each of the few workers has its own thread, and no library is used that spawns on
/// short-lived threads.
final class WorkerProcess: Sendable {
    private struct Job {
        /// Sent first and not answered; for the first job only.
        let program: [UInt8]?
        let message: [UInt8]
        let timeLimit: Duration
        let reply: CheckedContinuation<WorkerReply, any Error>
    }

    private struct State {
        var job: Job?
        var isStopped = false
        /// Why there is no thread.
        var obstacle: WorkerFailure?
        var processorSeconds = 0
        /// The time at which it ends unless it gets a job before.
        var restEnds: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)

    /// Starts the process; its first job finds out whether that worked.
    ///
    /// - Parameter stackSize: of the thread, in bytes; nil for the system's default.
    init(command: WorkerCommand, stackSize: Int? = nil) {
        do { try WorkerThread.start(stackSize: stackSize) { [self] in serve(command) } } catch {
            state.withLock { $0.obstacle = error }
        }
    }

    /// Sends a message and waits for the reply. One at a time.
    ///
    /// - Throws: ``WorkerFailure``; the process is gone then.
    func exchange(_ message: [UInt8], timeLimit: Duration) async throws -> WorkerReply {
        try await submit(program: nil, message, timeLimit)
    }

    /// Sends the program that the process runs and its first message, and waits for the reply.
    func begin(program: [UInt8], configuration: [UInt8], timeLimit: Duration) async throws -> [UInt8] {
        try await submit(program: program, configuration, timeLimit).bytes
    }

    private func submit(program: [UInt8]?, _ message: [UInt8], _ timeLimit: Duration) async throws -> WorkerReply {
        try await withCheckedThrowingContinuation { reply in
            let refusal = state.withLock { state -> WorkerFailure? in
                if let obstacle = state.obstacle { return obstacle }
                guard !state.isStopped else { return .ended("it was stopped") }
                state.job = Job(program: program, message: message, timeLimit: timeLimit, reply: reply)
                return nil
            }
            if let refusal { reply.resume(throwing: refusal) } else { wake.signal() }
        }
    }

    /// Seconds of computing time that the process had used at its latest reply.
    var processorSeconds: Int { state.withLock { $0.processorSeconds } }

    /// Whether it accepts no more jobs.
    var isStopped: Bool { state.withLock(\.isStopped) }

    /// Makes the process end by itself unless ``endRest()`` is called in time.
    func rest(for limit: Duration) {
        state.withLock { $0.restEnds = .now + limit }
        wake.signal()
    }

    /// - Returns: whether it accepts jobs; false if it was idle for too long.
    func endRest() -> Bool {
        state.withLock { state in
            state.restEnds = nil
            return !state.isStopped
        }
    }

    /// Ends the process.
    func stop() {
        state.withLock { $0.isStopped = true }
        wake.signal()
    }

    // MARK: On the thread

    private func serve(_ command: WorkerCommand) {
        var process: RunningProcess?
        while let job = nextJob() {
            do {
                let running: RunningProcess
                if let process { running = process } else { running = try RunningProcess(command.arguments) }
                process = running
                if let program = job.program { try running.send(program, timeLimit: job.timeLimit) }
                let reply = try running.exchange(job.message, timeLimit: job.timeLimit)
                state.withLock { $0.processorSeconds = running.processorSeconds }
                job.reply.resume(returning: reply)
            } catch {
                state.withLock { $0.isStopped = true }
                process?.end()
                job.reply.resume(throwing: error)
                return
            }
        }
        process?.end()
    }

    private func nextJob() -> Job? {
        while true {
            waitForSignal()
            let (job, isStopped) = state.withLock { state in
                defer { state.job = nil }
                if let end = state.restEnds, end <= .now { state.isStopped = true }
                return (state.job, state.isStopped)
            }
            if let job { return job }
            if isStopped { return nil }
        }
    }

    private func waitForSignal() {
        guard let end = state.withLock(\.restEnds) else { return wake.wait() }
        let left = end - .now
        let milliseconds = Int(left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000)
        _ = wake.wait(timeout: .now() + .milliseconds(max(0, milliseconds) + 1))
    }
}

/// What a worker answered.
struct WorkerReply: Sendable {
    let bytes: [UInt8]
    /// How long that took the process. The task that waits for it may run again only after other work.
    let took: Duration
}

/// How a worker failed.
enum WorkerFailure: Error, Equatable {
    /// No reply in time: probably an endless loop.
    case timedOut
    /// The process ended by itself; with its last message.
    case ended(String)
    /// The reply is longer than any page of objects.
    case outputTooLarge
    /// The system has no process, thread or pipe to spare; with its message.
    case notStarted(String)
    /// The reply does not belong to the message: a mapping wrote to the pipe itself.
    case protocolViolation
    /// It asked the directory more often than a page may.
    case tooManyQueries
    /// It changed something that the evaluations of all objects share.
    case leaking(String)

    /// What the author of the mapping should check.
    var remedy: String {
        switch self {
        case .tooManyQueries:
            "Look users up by pk, username, email or an attribute, and groups by name, instead of iterating over all."
        case .leaking: "Keep what you compute in variables of the expression; change no modules, classes or functions."
        case .notStarted:
            "Nothing is wrong with the mapping; raise the limits of the server's user (open files, processes)."
        case .protocolViolation: "Return the properties; nothing else may be written."
        case .timedOut, .ended, .outputTooLarge: "Look for endless loops and large values in the expression."
        }
    }
}

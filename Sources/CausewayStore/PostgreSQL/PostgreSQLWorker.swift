import Dispatch

/// A connection with a thread of its own, on which libpq may wait for the server. It connects when it is needed, and again after the
/// connection was lost.
actor PostgreSQLWorker {
    private nonisolated let executor: QueueExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let address: PostgreSQLAddress
    private var session: PostgreSQLSession?

    init(_ address: PostgreSQLAddress, label: String) {
        self.address = address
        executor = QueueExecutor(label)
    }

    /// Does something with the connection.
    func use<Value: Sendable>(_ body: @Sendable (PostgreSQLSession) throws -> Value) throws -> Value {
        let session = try self.session ?? PostgreSQLSession(address)
        self.session = session
        defer { if !session.isUsable { self.session = nil } }
        return try body(session)
    }
}

/// Runs an actor on a serial queue, so that waiting blocks none of the threads that all tasks share.
private final class QueueExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(_ label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}

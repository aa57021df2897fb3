import Dispatch

/// A connection with a thread of its own, on which libpq may wait for the server. It connects when it is needed, and again after the
/// connection was lost.
actor PostgreSQLWorker {
    private nonisolated let executor: QueueExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let address: PostgreSQLAddress
    private var session: PostgreSQLSession?
    /// Whether the server has answered this program before: then it comes back.
    private var wasConnected: Bool
    private var isClosed = false

    /// - Parameter isKnown: whether another connection of this program comes before the first use.
    init(_ address: PostgreSQLAddress, label: String, isKnown: Bool = false) {
        self.address = address
        wasConnected = isKnown
        executor = QueueExecutor(label)
    }

    /// Does something with the connection.
    ///
    /// - Throws: ``PostgreSQLInterruption`` if it may be repeated, also when a server that was there before is away.
    func use<Value: Sendable>(_ body: @Sendable (PostgreSQLSession) throws -> Value) throws -> Value {
        let session = try self.session ?? connect()
        self.session = session
        defer { if isClosed || !session.isUsable { self.session = nil } }
        return try body(session)
    }

    private func connect() throws -> PostgreSQLSession {
        guard !isClosed else { throw StoreError(.unavailable, "The database is closed.") }
        do {
            let session = try PostgreSQLSession.connect(to: address)
            wasConnected = true
            return session
        } catch {
            guard wasConnected, error.code == .unavailable else { throw error }
            throw PostgreSQLInterruption(error: error)
        }
    }

    /// Ends the connection for good.
    func close() { (session, isClosed) = (nil, true) }
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

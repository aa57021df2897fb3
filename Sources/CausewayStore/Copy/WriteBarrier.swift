import CausewayModel
import GRDB

/// Keeps all others from writing to a database until it is closed: a copy is of one state, although it is read in many transactions.
/// Others go on reading.
enum WriteBarrier: Sendable {
    /// A connection in a transaction that has SQLite's write lock.
    case file(DatabaseQueue)
    /// A session in a transaction that has locked the tables. Not the lock of Causeway's own writers: they end who holds it in silence.
    case server(PostgreSQLWorker, process: Int64)

    /// - Parameter tables: those that are locked on a server; a file is locked as a whole.
    /// - Throws: ``StoreError`` of code `locked` if others are writing.
    init(on place: DatabasePlace, _ tables: [TableShape]) async throws {
        switch place {
        case .file(let path): self = .file(try Self.lock(path))
        case .server(let address):
            let worker = PostgreSQLWorker(address, label: "causeway.postgresql.barrier")
            do {
                let process = try await worker.use { session in
                    _ = try session.executeAndCount("SET idle_in_transaction_session_timeout = 0", [])
                    _ = try session.executeAndCount("BEGIN", [])
                    let names = tables.map { "\"\($0.name)\"" }.joined(separator: ", ")
                    _ = try session.executeAndCount("LOCK TABLE \(names) IN SHARE MODE", [])
                    return try session.process()
                }
                self = .server(worker, process: process)
            } catch {
                await worker.close()
                throw error
            }
        }
    }

    private static func lock(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        configuration.busyMode = .timeout(15)
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.writeWithoutTransaction { try $0.beginTransaction(.immediate) }
            return queue
        } catch let error as DatabaseError { throw StoreError(error) }
    }

    /// Makes sure that it has held all the time.
    ///
    /// - Throws: ``StoreError`` if its connection was lost in between.
    func requireHeld() async throws {
        guard case .server(let worker, let process) = self else { return }
        guard let present = try? await worker.use({ try $0.process() }), present == process else {
            throw StoreError(
                .unavailable,
                "The connection that keeps others from writing to the source was lost; run the same command again."
            )
        }
    }

    func close() {
        switch self {
        case .file(let queue):
            try? queue.writeWithoutTransaction { try $0.rollback() }
            try? queue.close()
        case .server(let worker, _): Task { await worker.close() }
        }
    }
}

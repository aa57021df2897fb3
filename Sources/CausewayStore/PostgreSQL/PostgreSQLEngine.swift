/// PostgreSQL through the system's libpq: a database that several nodes can share.
///
/// Writes follow each other, in one process by their one connection, among processes by an advisory lock: what a closure has read
/// is still true when it writes, as with SQLite. Leases, signs of life and budgets are apart from that (``writeRows(_:)``): rows that change
/// on their own, under locks of the server.
final class PostgreSQLEngine: DatabaseEngine {
    let dialect = SQLDialect.postgreSQL
    private let writer: PostgreSQLWorker
    /// For writes that wait for no others.
    private let rowWriter: PostgreSQLWorker
    private let readers: PostgreSQLReaders
    private let address: PostgreSQLAddress

    /// Any number that all nodes share: "causew" in ASCII.
    private static let writeLock: Int64 = 0x6361_7573_6577
    /// The pauses before a transaction is repeated: in this time a server starts again.
    private static let pauses: [Duration] = [
        .milliseconds(50), .milliseconds(200), .milliseconds(800), .seconds(2), .seconds(4), .seconds(8),
    ]
    /// A transaction that has waited for so long, in whatever line, is not begun.
    private static let patience: Duration = .seconds(60)

    /// - Throws: ``StoreError`` that says what is wrong.
    init(_ address: PostgreSQLAddress) async throws {
        self.address = address
        writer = PostgreSQLWorker(address, label: "causeway.postgresql.writer")
        rowWriter = PostgreSQLWorker(address, label: "causeway.postgresql.rows", isKnown: true)
        readers = PostgreSQLReaders(address)
        try await requireSessions()
    }

    /// With a pooler in between, makes sure that each connection keeps its session of the server.
    private func requireSessions() async throws {
        guard let writing = try await writer.use({ $0.pooledProcess }) else { return }
        let reading = try await readers.use { try await $0.use { try $0.process() } }
        let again = try await writer.use { try $0.process() }
        guard reading != writing, again == writing else { throw StoreError.transactionPooling }
    }

    func read<Value: Sendable>(_ body: @Sendable (any DatabaseConnection) throws -> Value) async throws -> Value {
        try await withoutActuallyEscaping(body) { body in
            try await readers.use { reader in
                try await Self.repeating {
                    try await reader.use { session in try session.reading { try body(PostgreSQLConnection(session)) } }
                }
            }
        }
    }

    func write<Value: Sendable>(_ body: @Sendable (any DatabaseConnection) throws -> Value) async throws -> Value {
        try await write(on: writer, lock: Self.writeLock, body)
    }

    func writeRows<Value: Sendable>(_ body: @Sendable (any DatabaseConnection) throws -> Value) async throws -> Value {
        try await write(on: rowWriter, lock: nil, body)
    }

    private func write<Value: Sendable>(
        on writer: PostgreSQLWorker,
        lock: Int64?,
        _ body: @Sendable (any DatabaseConnection) throws -> Value
    ) async throws -> Value {
        let end = ContinuousClock.now + Self.patience
        return try await withoutActuallyEscaping(body) { body in
            try await Self.repeating {
                let outcome = try await writer.use { session in
                    guard .now < end else { throw StoreError.waitedTooLong }
                    return try session.writing(lock: lock) { try body(PostgreSQLConnection(session)) }
                }
                return try await Self.settle(outcome, on: writer)
            }
        }
    }

    func listen(_ heard: @escaping @Sendable () -> Void) async { await PostgreSQLListener(address).run(heard) }

    /// Looks up whether a transaction was committed whose answer was lost with the connection.
    private static func settle<Value: Sendable>(_ outcome: PostgreSQLOutcome<Value>, on writer: PostgreSQLWorker)
        async throws -> Value
    {
        guard let transaction = outcome.uncertain else { return outcome.value }
        let isCommitted: Bool
        do {
            isCommitted = try await repeating {
                try await writer.use { session in try session.reading { try session.isCommitted(transaction) } }
            }
        } catch { throw StoreError.uncertainCommit }
        guard isCommitted else { throw PostgreSQLInterruption(error: .lostConnection) }
        return outcome.value
    }

    /// Repeats a transaction that others have ended, or whose connection was lost before it was committed.
    private static func repeating<Value>(_ work: () async throws -> Value) async throws -> Value {
        for pause in pauses {
            do { return try await work() } catch is PostgreSQLInterruption { try await Task.sleep(for: pause) }
        }
        do { return try await work() } catch let interruption as PostgreSQLInterruption { throw interruption.error }
    }

    /// Each connection ends after what it does at present.
    func close() {
        Task { [writer, rowWriter, readers] in
            await writer.close()
            await rowWriter.close()
            await readers.close()
        }
    }
}

/// How a transaction ended.
struct PostgreSQLOutcome<Value> {
    let value: Value
    /// The transaction, if it is not known whether it was committed.
    let uncertain: String?
}

extension PostgreSQLOutcome: Sendable where Value: Sendable {}

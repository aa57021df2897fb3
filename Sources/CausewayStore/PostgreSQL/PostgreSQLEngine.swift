/// PostgreSQL through the system's libpq: a database that several nodes can share.
///
/// Writes follow each other, in one process by their one connection, among processes by an advisory lock: what a closure has read
/// is still true when it writes, as with SQLite.
final class PostgreSQLEngine: DatabaseEngine {
    private let writer: PostgreSQLWorker
    private let readers: PostgreSQLReaders

    /// Any number that all nodes share: "causew" in ASCII.
    private static let writeLock: Int64 = 0x6361_7573_6577
    /// The pauses before a transaction is repeated.
    private static let pauses: [Duration] = [.milliseconds(50), .milliseconds(200), .milliseconds(800), .seconds(2)]

    /// - Throws: ``StoreError`` that says what is wrong.
    init(_ address: PostgreSQLAddress) async throws {
        writer = PostgreSQLWorker(address, label: "causeway.postgresql.writer")
        readers = PostgreSQLReaders(address)
        try await writer.use { _ in }
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
        try await withoutActuallyEscaping(body) { body in
            try await Self.repeating { [writer] in
                let outcome = try await writer.use { session in
                    try session.writing(lock: Self.writeLock) { try body(PostgreSQLConnection(session)) }
                }
                return try await Self.settle(outcome, on: writer)
            }
        }
    }

    /// Looks up whether a transaction was committed whose answer was lost with the connection.
    private static func settle<Value: Sendable>(_ outcome: PostgreSQLOutcome<Value>, on writer: PostgreSQLWorker)
        async throws -> Value
    {
        guard let transaction = outcome.uncertain else { return outcome.value }
        let isCommitted = try await repeating {
            try await writer.use { session in try session.reading { try session.isCommitted(transaction) } }
        }
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

    /// Once the schema is up to date: adds what speeds up searches if the server has it, and notes the names of constraints.
    func prepareForUse() async throws {
        let hasTrigrams = (try? await writer.use { try $0.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm", []) }) != nil
        try await writer.use { session in
            if hasTrigrams {
                try session.execute(
                    "CREATE INDEX IF NOT EXISTS user_search_trigrams ON user_search USING gin (text gin_trgm_ops)",
                    []
                )
            }
            try session.readConstraints()
        }
    }

    func translate(definition sql: String) -> String {
        // The order of bytes, as in SQLite.
        sql.replacing(/\bTEXT\b/, with: "TEXT COLLATE \"C\"")
    }

    /// Connections end with the engine.
    func close() {}
}

/// A transaction that the server or the connection ended, and that may run again.
struct PostgreSQLInterruption: Error {
    let error: StoreError
}

extension StoreError {
    static let lostConnection = StoreError(
        .unavailable,
        "The connection to the database was lost, and nothing was changed; try again."
    )
}

/// How a transaction ended.
struct PostgreSQLOutcome<Value> {
    let value: Value
    /// The transaction, if it is not known whether it was committed.
    let uncertain: String?
}

extension PostgreSQLOutcome: Sendable where Value: Sendable {}

import Foundation
import GRDB
import GRDBSQLite
import Glibc
import Synchronization

/// SQLite through GRDB: one file, with concurrent readers and one writer (write-ahead log). For one node.
final class SQLiteEngine: DatabaseEngine {
    let dialect = SQLDialect.sqlite
    private let pool: DatabasePool
    private let mark = WholenessMark()
    /// Whether the file was found without a write-ahead log, or with an empty one. Once opened, it has a log.
    let wasAlone: Bool
    private let keepsMark = Atomic(false)

    /// Opens or creates the file, for its owner only; SQLite gives its additional files the same mode.
    ///
    /// - Throws: ``StoreError`` that says what is wrong.
    init(path: String) throws(StoreError) {
        let file = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if file >= 0 { Glibc.close(file) }
        wasAlone = SQLiteFile(path: path).isAlone
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(15)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { [mark] database in
            mark.follow(database)
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
            // In KiB. A reader that misses its cache finds the page in the system's, which all readers share.
            let cache = database.configuration.readonly ? 4096 : 16384
            try database.execute(sql: "PRAGMA cache_size = -\(cache)")
        }
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
        } catch {
            throw StoreError(opening: path, error)
        }
    }

    func read<Value: Sendable>(_ body: @Sendable (any DatabaseConnection) throws -> Value) async throws -> Value {
        try await translatingErrors {
            try await withoutActuallyEscaping(body) { body in
                try await pool.read { database in try body(SQLiteConnection(database: database)) }
            }
        }
    }

    func write<Value: Sendable>(_ body: @Sendable (any DatabaseConnection) throws -> Value) async throws -> Value {
        let keepsMark = keepsMark.load(ordering: .relaxed)
        // A database that refuses this refuses what follows too, and says why.
        if keepsMark, mark.isToBegin { try? await checkpoint() }
        let value = try await translatingErrors {
            try await withoutActuallyEscaping(body) { body in
                try await pool.write { database in try body(SQLiteConnection(database: database)) }
            }
        }
        // The change is done; if this fails, it is tried again after the next change.
        if keepsMark, mark.isDue { try? await checkpoint() }
        return value
    }

    /// There are no other nodes, and commands announce nothing.
    func listen(_ heard: @escaping @Sendable () -> Void) async {}

    private func checkpoint() async throws {
        try await pool.writeWithoutTransaction { [mark] in try mark.checkpoint($0) }
    }

    /// From now on the schema has what the mark needs.
    func keepMark() { keepsMark.store(true, ordering: .relaxed) }

    private func translatingErrors<Value>(_ work: () async throws -> Value) async throws -> Value {
        do { return try await work() } catch let error as DatabaseError { throw StoreError(error) }
    }

    /// FTS5 deletes by adding: what was deleted leaves the index only when its parts are merged into one.
    func compactIndexes(isFirst: Bool) async throws -> Bool {
        try await write { connection in
            func changes() throws -> Int64 {
                var count: Int64 = 0
                try connection.query("SELECT total_changes() AS count", []) { count = try $0.integer("count") }
                return count
            }
            var isGoingOn = false
            for index in ["event_trigrams", "user_trigrams"] {
                let before = try changes()
                try connection.execute(
                    "INSERT INTO \(index) (\(index), rank) VALUES ('merge', ?)",
                    [.integer(isFirst ? -Self.mergedPages : Self.mergedPages)]
                )
                // One change is the statement itself.
                if try changes() - before > 1 { isGoingOn = true }
            }
            return isGoingOn
        }
    }

    /// How much of an index is merged at a time: writers wait some hundredths of a second.
    private static let mergedPages: Int64 = 16

    /// Readers first: only a writer that closes last empties the write-ahead log into the file, and a copy of the file
    /// alone must be complete.
    func close() throws {
        do { try pool.writeWithoutTransaction { [mark] in try mark.restore(in: $0) } } catch {
            // If it were closed, it would be a file without the mark and without a log. Left open until the process ends, it keeps its log.
            _ = Unmanaged.passRetained(pool)
            throw error
        }
        pool.invalidateReadOnlyConnections()
        try pool.close()
    }
}

private final class SQLiteConnection: DatabaseConnection {
    let dialect = SQLDialect.sqlite
    private let database: Database
    /// The queries of this transaction, each with its row.
    private var queries: [String: (statement: Statement, row: SQLRow)] = [:]

    init(database: Database) { self.database = database }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws { _ = try executeAndCount(sql, arguments) }

    func require(_ sql: String, _ arguments: [SQLValue], orThrow error: StoreError) throws {
        var isMet = false
        try query(sql, arguments) { _ in isMet = true }
        guard isMet else { throw error }
    }

    /// Each statement is done when this returns.
    func settle() {}

    func executeAndCount(_ sql: String, _ arguments: [SQLValue]) throws -> Int {
        let statement = try database.cachedStatement(sql: sql)
        try statement.execute(arguments: StatementArguments(arguments.map(\.databaseValue)))
        return database.changesCount
    }

    func query(_ sql: String, _ arguments: [SQLValue], visit: (SQLRow) throws -> Void) throws {
        let (statement, row) = try prepared(sql)
        let rows = try Step.fetchCursor(statement, arguments: StatementArguments(arguments.map(\.databaseValue)))
        while try rows.next() != nil { try visit(row) }
    }

    func queryAll(_ statements: [SQLStatement], visit: (Int, SQLRow) throws -> Void) throws {
        for (position, statement) in statements.enumerated() {
            try query(statement.sql, statement.arguments) { try visit(position, $0) }
        }
    }

    private func prepared(_ sql: String) throws -> (statement: Statement, row: SQLRow) {
        if let known = queries[sql] { return known }
        let statement = try database.cachedStatement(sql: sql)
        let columns = ResultColumns(of: sql, statement.columnNames)
        let query = (statement, SQLRow(columns, SQLiteFields(of: statement)))
        queries[sql] = query
        return query
    }
}

/// What GRDB makes of each row: nothing, since fields are read from the statement. Its own `Row` makes a list of names in lower case
/// for every query, which takes as long as finding a row by its key.
private struct Step: DatabaseValueConvertible, StatementColumnConvertible {
    let databaseValue = DatabaseValue.null

    init() {}
    init(sqliteStatement: SQLiteStatement, index: CInt) {}

    static func fromStatement(_ statement: SQLiteStatement, atUncheckedIndex index: CInt) -> Step? { Step() }
    static func fromDatabaseValue(_ value: DatabaseValue) -> Step? { Step() }
}

/// The fields of the current row of a statement.
private final class SQLiteFields: SQLFields {
    private let statement: SQLiteStatement

    init(of statement: Statement) { self.statement = statement.sqliteStatement }

    func value(at position: Int) -> SQLValue {
        let column = Int32(position)
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
        case SQLITE_TEXT: return .text(sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "")
        case SQLITE_BLOB:
            let bytes = sqlite3_column_blob(statement, column)
            let count = Int(sqlite3_column_bytes(statement, column))
            return .blob(Array(UnsafeRawBufferPointer(start: bytes, count: count)))
        case SQLITE_FLOAT: return .number(sqlite3_column_double(statement, column))
        default: return .null
        }
    }
}

extension SQLValue {
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let value): value.databaseValue
        case .number(let value): value.databaseValue
        case .text(let value): value.databaseValue
        case .bool(let value): value.databaseValue
        case .blob(let value): Data(value).databaseValue
        }
    }
}

extension StoreError {
    /// What SQLite reports, in sentences that say what to do.
    init(_ error: DatabaseError) {
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.locked, "The database is locked by another process; wait until it has finished, or stop it.")
        case .SQLITE_READONLY:
            self.init(
                .readOnly,
                "The database cannot be written; give this user write permission for its file and folder."
            )
        case .SQLITE_FULL, .SQLITE_IOERR:
            self.init(
                .full,
                "The database cannot be written (\(error.message ?? "input/output error")); check the disk."
            )
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            self.init(.unreadable, "The database file is damaged or not a database; restore it from a backup.")
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(.unavailable, "The database file cannot be opened; check that it exists, and its permissions.")
        case .SQLITE_CONSTRAINT:
            self.init(.conflict, Self.constraintMessage(error))
        default:
            self.init(.engine, "The database reports: \(error.message ?? "\(error.resultCode)").")
        }
    }

    fileprivate init(opening path: String, _ error: any Error) {
        guard let error = error as? DatabaseError else {
            self.init(.unavailable, "The database \(path) cannot be opened: \(error.localizedDescription)")
            return
        }
        let reason = StoreError(error)
        self.init(reason.code, "\(path): \(reason.message)")
    }

    private static func constraintMessage(_ error: DatabaseError) -> String {
        switch error.extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY:
            "There is already one with this \(columns(error))."
        case .SQLITE_CONSTRAINT_FOREIGNKEY:
            "It refers to something that does not exist, or is still referred to."
        default:
            "The values break a rule of the database: \(error.message ?? "constraint failed")."
        }
    }

    /// `UNIQUE constraint failed: users.username` names the column.
    private static func columns(_ error: DatabaseError) -> String {
        let names = (error.message ?? "").split(separator: ":").last ?? "key"
        return names.split(separator: ",")
            .map { $0.split(separator: ".").last.map(String.init) ?? "key" }
            .joined(separator: " and ")
    }
}

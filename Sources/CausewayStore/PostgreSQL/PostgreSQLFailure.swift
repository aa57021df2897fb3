import CLibpq

/// What the server, or the connection to it, reports.
struct PostgreSQLFailure: Error {
    /// Five characters, such as `23505`; empty if the server did not answer.
    ///
    /// Source: https://www.postgresql.org/docs/15/errcodes-appendix.html
    private let state: String
    private let message: String
    /// What exactly, such as `Key (username)=(ada) already exists.`
    private let detail: String
    /// Whether the connection cannot be used any more.
    let isLost: Bool

    /// - Parameters:
    ///   - result: what a statement gave; nil if it could not be sent.
    ///   - connection: has no further results of the statement: only then its state is the present one.
    init(_ result: OpaquePointer?, on connection: OpaquePointer) {
        func field(_ code: Unicode.Scalar) -> String {
            PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) } ?? ""
        }
        state = field("C")
        detail = field("D")
        let own = field("M")
        message = own.isEmpty ? String(cString: PQerrorMessage(connection)) : own
        // After a failed write the status is that of a sound connection until the next read. What the server reports has a code.
        let hasNoAnswer = result != nil && PQresultStatus(result) == PGRES_FATAL_ERROR && state.isEmpty
        isLost = hasNoAnswer || PQstatus(connection) == CONNECTION_BAD || Self.endings.contains(state)
    }

    /// The server ends, has ended, or ended this connection because it was idle for too long.
    private static let endings: Set = ["57P01", "57P02", "57P03", "57P05", "25P03"]

    /// Whether others had a lock for too long.
    var isOfWaiting: Bool { state == "55P03" }

    /// Whether the same transaction may succeed when it runs again: others have ended it, kept it waiting, or changed tables.
    var mayBeRepeated: Bool { isLost || isOfWaiting || isOfChangedTables || ["40001", "40P01"].contains(state) }

    /// Whether tables have other columns than when their statements were prepared.
    var isOfChangedTables: Bool { state == "0A000" }
}

extension PostgreSQLFailure {
    /// The same in sentences that say what to do.
    var storeError: StoreError {
        if isLost { return .lostConnection }
        switch state {
        case "23505": return StoreError(.conflict, "There is already one with this \(columns).")
        case "23503":
            return StoreError(.conflict, "It refers to something that does not exist, or is still referred to.")
        case "54000": return StoreError(.conflict, "A value is too long for the database: \(reason).")
        case _ where state.hasPrefix("23"):
            return StoreError(.conflict, "The values break a rule of the database: \(reason).")
        case "55P03", "40001", "40P01":
            return .waitedTooLong
        case "25006":
            return StoreError(
                .readOnly,
                "The database can only be read: connect to the primary server, and not to a replica."
            )
        case "42501":
            return StoreError(
                .readOnly,
                "The database refuses its user (\(reason)); make this user the owner of the database, or grant it all rights on the schema."
            )
        case "53100": return StoreError(.full, "The database cannot be written (\(reason)); check the server's disk.")
        case "57014": return StoreError(.locked, "The database took too long to answer; try again.")
        // A statement that this connection has prepared, or the name of one that it has not prepared.
        case "26000", "42P05": return .transactionPooling
        default: return StoreError(.engine, "The database reports: \(reason).")
        }
    }

    /// The columns of the key that exists already: the first words in parentheses, in every language of the server.
    private var columns: String {
        guard let start = detail.firstIndex(of: "("), let end = detail.firstRange(of: ")=")?.lowerBound, start < end
        else { return "key" }
        return detail[detail.index(after: start)..<end].split(separator: ",").joined(separator: " and")
    }

    /// The message as a part of a sentence.
    private var reason: String {
        let line = message.split(whereSeparator: \.isNewline).first.map(String.init) ?? "no answer"
        return line.hasSuffix(".") ? String(line.dropLast()) : line
    }
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

    static let waitedTooLong = StoreError(
        .locked,
        "The database is locked by another process; wait until it has finished, or stop it."
    )

    static let uncertainCommit = StoreError(
        .unavailable,
        "The connection to the database was lost while it stored a change, and it does not answer: whether the change was made shows when "
            + "it does."
    )

    static let transactionPooling = StoreError(
        .unsuitable,
        "The database is behind a pooler that gives each transaction another connection, as PgBouncer does with pool_mode = transaction: "
            + "connect to the server itself, or to a pool with pool_mode = session."
    )
}

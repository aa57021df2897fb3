import CLibpq

/// What the server, or the connection to it, reports.
struct PostgreSQLFailure: Error {
    /// Five characters, such as `23505`; empty if the server did not answer.
    ///
    /// Source: https://www.postgresql.org/docs/15/errcodes-appendix.html
    let state: String
    let message: String
    /// The constraint that was broken.
    let constraint: String
    /// Whether the connection cannot be used any more.
    let isLost: Bool

    /// - Parameter result: what a statement gave; nil if it could not be sent.
    init(_ result: OpaquePointer?, on connection: OpaquePointer) {
        func field(_ code: Character) -> String {
            guard let result, let ascii = code.asciiValue else { return "" }
            return PQresultErrorField(result, Int32(ascii)).map { String(cString: $0) } ?? ""
        }
        state = field("C")
        constraint = field("n")
        let own = field("M")
        message = own.isEmpty ? String(cString: PQerrorMessage(connection)) : own
        isLost = PQstatus(connection) == CONNECTION_BAD
    }

    /// Whether the same transaction may succeed when it runs again: the server ended it because of others.
    var isConflictOfTransactions: Bool { ["40001", "40P01"].contains(state) }
}

extension PostgreSQLFailure {
    /// The same in sentences that say what to do.
    ///
    /// - Parameter columns: the columns of a unique constraint, by its name.
    func storeError(columns: [String: [String]]) -> StoreError {
        if isLost { return StoreError(.unavailable, "The connection to the database was lost: \(reason).") }
        switch state {
        case "23505":
            let names = (columns[constraint] ?? ["key"]).joined(separator: " and ")
            return StoreError(.conflict, "There is already one with this \(names).")
        case "23503":
            return StoreError(.conflict, "It refers to something that does not exist, or is still referred to.")
        case _ where state.hasPrefix("23"):
            return StoreError(.conflict, "The values break a rule of the database: \(reason).")
        case "55P03", "40001", "40P01":
            return StoreError(.locked, "The database is locked by another process; try again when it has finished.")
        case "25006":
            return StoreError(
                .readOnly,
                "The database can only be read: connect to the primary server, and not to a standby."
            )
        case "42501":
            return StoreError(.readOnly, "The database refuses this role (\(reason)); grant it all rights on its schema.")
        case "53100": return StoreError(.full, "The database cannot be written (\(reason)); check the server's disk.")
        case "57014": return StoreError(.locked, "The database took too long to answer; try again.")
        default: return StoreError(.engine, "The database reports: \(reason).")
        }
    }

    /// The message as a part of a sentence.
    private var reason: String {
        let line = message.split(whereSeparator: \.isNewline).first.map(String.init) ?? "no answer"
        return line.hasSuffix(".") ? String(line.dropLast()) : line
    }
}

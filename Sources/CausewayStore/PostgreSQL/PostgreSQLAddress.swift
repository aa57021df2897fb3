import CLibpq

/// Where a database is, and how to sign in: a URL, completed by libpq from its environment variables, service file and password file.
///
/// Source: https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING
package struct PostgreSQLAddress: Sendable {
    /// Contains a password, if the URL does.
    private let url: String

    /// Whether a setting is the address of a PostgreSQL database.
    package static func isOne(_ text: String) -> Bool {
        ["postgres://", "postgresql://"].contains { text.hasPrefix($0) }
    }

    /// - Throws: ``StoreError`` of code `unavailable` if libpq cannot read it. Its own message would repeat parts of the URL.
    package init(url: String) throws(StoreError) {
        guard Self.isOne(url), let options = PQconninfoParse(url, nil) else {
            throw StoreError(
                .unavailable,
                "The address of the database cannot be read; write it as postgres://USER@HOST:PORT/DATABASE, with %-escapes for special "
                    + "characters in the password, or leave the password to ~/.pgpass or PGPASSWORD."
            )
        }
        PQconninfoFree(options)
        self.url = url
    }

    /// Opens a connection.
    ///
    /// - Throws: ``StoreError`` of code `unavailable` that says why it is not possible.
    func connect() throws(StoreError) -> OpaquePointer {
        let connection = Self.connect([
            ("application_name", "causeway"), ("client_encoding", "UTF8"), ("connect_timeout", "10"),
            ("tcp_user_timeout", "30000"), ("target_session_attrs", "read-write"), ("dbname", url),
        ])
        guard let connection else { throw StoreError(.unavailable, "There is no memory for a connection.") }
        guard PQstatus(connection) == CONNECTION_OK else {
            let message = String(cString: PQerrorMessage(connection))
            PQfinish(connection)
            throw Self.refusal(message)
        }
        guard PQserverVersion(connection) >= 130_000 else {
            let version = PQserverVersion(connection) / 10_000
            PQfinish(connection)
            throw StoreError(.unavailable, "The database server is PostgreSQL \(version); Causeway needs version 13 or newer.")
        }
        return connection
    }

    /// Later keywords override earlier ones: those of the URL count.
    private static func connect(_ options: [(keyword: String, value: String)]) -> OpaquePointer? {
        withCStrings(options.map(\.keyword)) { keywords in
            withCStrings(options.map(\.value)) { values in PQconnectdbParams(keywords, values, 1) }
        }
    }

    private static func withCStrings<Result>(
        _ texts: [String],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        var memory: [CChar] = []
        let offsets = texts.map { text in
            defer { memory += text.utf8CString }
            return memory.count
        }
        return memory.withUnsafeBufferPointer { memory in
            body(offsets.map { memory.baseAddress?.advanced(by: $0) } + [nil])
        }
    }

    private static func refusal(_ message: String) -> StoreError {
        let lines = message.split(whereSeparator: \.isNewline).map { $0.trimmingPrefix(while: \.isWhitespace) }
        let reason = lines.joined(separator: "; ")
        return StoreError(
            .unavailable,
            "The database cannot be reached: \(reason). Check that the server runs, and the setting 'database'."
        )
    }
}

import CLibpq

/// Where a database is, and how to sign in: a URL, completed by libpq from its environment variables, service file and password file.
///
/// Source: https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING
package struct PostgreSQLAddress: Sendable {
    /// Contains a password, if the URL does.
    private let url: String
    /// The server and the database for people, without a password.
    package let name: String

    /// Whether a setting is the address of a PostgreSQL database.
    package static func isOne(_ text: String) -> Bool {
        ["postgres://", "postgresql://"].contains { text.hasPrefix($0) }
    }

    /// - Throws: ``StoreError`` of code `unsuitable` if libpq cannot read it. Its own message would repeat parts of the URL.
    package init(url: String) throws(StoreError) {
        guard Self.isOne(url), let options = PQconninfoParse(url, nil) else {
            throw StoreError(
                .unsuitable,
                "The address of the database cannot be read; write it as postgres://USER@HOST:PORT/DATABASE, with %-escapes for special "
                    + "characters, and leave the password to ~/.pgpass or PGPASSWORD."
            )
        }
        defer { PQconninfoFree(options) }
        self.url = url
        name = Self.name(of: options)
    }

    private static func name(of options: UnsafeMutablePointer<PQconninfoOption>) -> String {
        var values: [String: String] = [:]
        var next = options
        while let keyword = next.pointee.keyword {
            if let value = next.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            next += 1
        }
        let port = values["port"].map { ":\($0)" } ?? ""
        let service = values["service"].map { "?service=\($0)" } ?? ""
        return "postgres://\(values["host"] ?? "")\(port)/\(values["dbname"] ?? "")\(service)"
    }

    /// Opens a connection.
    ///
    /// - Throws: ``StoreError`` that says why it is not possible.
    func connect() throws(StoreError) -> OpaquePointer {
        let connection = Self.connect([
            ("application_name", "causeway"), ("client_encoding", "UTF8"), ("connect_timeout", "10"),
            ("tcp_user_timeout", "30000"), ("keepalives_idle", "30"), ("keepalives_interval", "10"),
            ("target_session_attrs", "read-write"), ("dbname", url),
        ])
        guard let connection else { throw StoreError(.unavailable, "There is no memory for a connection.") }
        guard PQstatus(connection) == CONNECTION_OK else {
            let message = String(cString: PQerrorMessage(connection))
            PQfinish(connection)
            throw StoreError(refusal: message)
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
}

extension StoreError {
    /// What libpq says when it cannot connect. Such messages have no code: the words of the usual ones are told apart.
    fileprivate init(refusal message: String) {
        let lines = message.split(whereSeparator: \.isNewline).map { $0.trimmingPrefix(while: \.isWhitespace) }
        let reason = lines.joined(separator: "; ")
        if message.contains(/session is read-only/) {
            self.init(
                .unavailable,
                "The database server is a replica that can only be read: set 'database' to the primary server, or list all of "
                    + "them: postgres://USER@HOST1,HOST2/DATABASE."
            )
        } else if message.contains(/too many (clients|connections)|remaining connection slots/) {
            self.init(
                .unavailable,
                "The database server has no connection left: raise its max_connections, or stop other programs that use it (\(reason))."
            )
        } else if message.contains(/does not exist|no pg_hba\.conf entry|authentication failed|no password supplied/) {
            self.init(
                .unsuitable,
                "The database server refuses to connect: \(reason). Check the user, the password and the name of the database."
            )
        } else {
            self.init(
                .unavailable,
                "The database cannot be reached: \(reason). Check that the server runs, and the setting 'database'."
            )
        }
    }
}

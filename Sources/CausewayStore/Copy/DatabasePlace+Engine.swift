import CausewayModel

extension DatabasePlace {
    /// Opens the database as it is, without bringing its schema up to date.
    func engine() async throws -> any DatabaseEngine {
        switch self {
        case .file(let path): try SQLiteEngine(path: path)
        case .server(let address): try await PostgreSQLEngine(address)
        }
    }

    /// Opens a database that contains an installation, as it is.
    ///
    /// - Throws: ``StoreError`` if there is none.
    func existingEngine() async throws -> any DatabaseEngine {
        guard try await Store.hasContent(at: self) else {
            throw StoreError(.notFound, "There is no installation of Causeway in \(name).")
        }
        return try await engine()
    }
}

extension DatabaseEngine {
    /// Does something with a transaction that seals nothing: keys are not needed to copy and to check.
    func reading<Value: Sendable>(_ body: @Sendable (Transaction) throws -> Value) async throws -> Value {
        try await read { try body(try Transaction(keyless: $0)) }
    }

    /// The same, with a transaction that may write.
    @discardableResult
    func writing<Value: Sendable>(_ body: @Sendable (Transaction) throws -> Value) async throws -> Value {
        try await write { try body(try Transaction(keyless: $0)) }
    }
}

extension DatabaseEngine {
    /// What tells a database of a server from all others, whatever its names are; nil for a file.
    func identity() async throws -> String? {
        guard dialect == .postgreSQL else { return nil }
        return try await reading { transaction in
            try transaction.first(
                """
                SELECT EXTRACT(EPOCH FROM pg_postmaster_start_time())::text || '/' || current_database()::text || '/'
                    || COALESCE(current_schema()::text, '') AS identity
                """
            ) { try $0.text("identity") }
        }
    }

    /// Makes sure that a file needs no write-ahead log, or has it. Such a log moves into the file when the engine is closed, so the file is
    /// whole then, and says so.
    ///
    /// - Throws: ``StoreError`` of code `incompleteCopy`.
    func requireWhole(_ name: String) async throws {
        guard let file = self as? SQLiteEngine else { return }
        let isAccepted = !file.wasAlone
        guard try await reading({ try $0.exists("SELECT 1 FROM installation WHERE NOT is_whole") }) else { return }
        try await writing { try $0.requireWhole(name, isAccepted: isAccepted) }
    }
}

extension Transaction {
    fileprivate init(keyless connection: any DatabaseConnection) throws {
        self.init(
            connection: connection,
            now: .now(),
            installationID: "",
            // Any key does.
            secrets: try SecretBox(keyText: Secret("nothing is sealed with this")),
            marks: WriteMarks()
        )
    }
}

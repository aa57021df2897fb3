package import CausewayModel
package import CausewayNetwork
import Foundation

/// The one place where everything is stored: the directory, providers and their links, runs and events.
///
/// All SQL is here, in functions of ``Transaction`` that are combined freely inside ``read(_:)`` and ``write(_:)``:
///
/// ```swift
/// try await store.write { transaction in
///     let user = try transaction.createUser(UserProfile(username: "ada"))
///     try transaction.addMember(user.id, to: group.id)
/// }
/// ```
package struct Store: Sendable {
    private let engine: any DatabaseEngine
    private let secrets: SecretBox
    private let endpoints: EndpointRule
    private let clock: @Sendable () -> Timestamp
    /// Whether the time of leases is the database server's, and not the clock's.
    private let asksServerTime: Bool
    private let serverOffset: ServerOffset
    /// The lease in whose name writes are made.
    private var token: LeaseToken?
    /// The most that writes may hand out.
    private var ceiling = AccessCeiling.none
    /// Who must have the turn for writes (``Transaction/takeTurn(for:holder:time:)``); nil without a turn.
    private var turnHolder: String?
    private let signal = JournalNotifier()
    private let memory = ListMemory()
    private let clockWatch = ClockWatch()
    private let schemaWatch = SchemaWatch()
    /// Set once, when the database was created; part of every user's `uid`.
    package let installationID: String

    /// Opens or creates a database and brings its schema up to date.
    ///
    /// - Parameters:
    ///   - place: where it is.
    ///   - secrets: seals secrets before they are stored.
    ///   - endpoints: where stored secrets may be sent to.
    ///   - clock: the time of this machine.
    ///   - asksServerTime: whether the time of the database's server counts, if there is one, and not this machine's.
    ///   - accepted: the troubles that do not stop it, because a person accepts them.
    ///   - upgrading: is told the present and the new version of the schema before an existing database is changed.
    /// - Throws: ``StoreError`` that says what is wrong and what to do.
    package static func open(
        at place: DatabasePlace,
        secrets: SecretBox,
        endpoints: EndpointRule = .standard,
        clock: @escaping @Sendable () -> Timestamp = { .now() },
        asksServerTime: Bool = true,
        accepting accepted: Set<OpeningTrouble> = [],
        upgrading: @escaping @Sendable (Int64, Int64) -> Void = { _, _ in }
    ) async throws -> Store {
        let opening = StoreOpening(
            secrets: secrets,
            endpoints: endpoints,
            clock: clock,
            asksServerTime: asksServerTime,
            accepted: accepted,
            upgrading: upgrading
        )
        switch place {
        case .file(let path): return try await openFile(path, opening)
        case .server(let address):
            let engine = try await PostgreSQLEngine(address)
            return try await closing(engine) {
                try await open(engine, opening, before: { try $0.requireOwnDatabase() }) { try $0.addOwnIndexes() }
            }
        }
    }

    /// Whether a database contains anything: only then can a secret have been stored in it.
    ///
    /// - Throws: ``StoreError`` if the server cannot be asked.
    package static func hasContent(at place: DatabasePlace) async throws -> Bool {
        switch place {
        case .file(let path): SQLiteFile(path: path).hasContent
        case .server(let address):
            try await PostgreSQLWorker(address, label: "causeway.postgresql.opening").use { try $0.hasInstallation() }
        }
    }

    private static func openFile(_ path: String, _ opening: StoreOpening) async throws -> Store {
        let engine = try SQLiteEngine(path: path)
        return try await closing(engine) {
            let isAccepted = opening.accepted.contains(.incompleteCopy)
            let store = try await open(engine, opening) { transaction in
                if engine.wasAlone { try transaction.requireWhole(path, isAccepted: isAccepted) }
            }
            engine.keepMark()
            return store
        }
    }

    private static func closing(_ engine: any DatabaseEngine, _ work: () async throws -> Store) async throws -> Store {
        do { return try await work() } catch {
            try? engine.close()
            throw error
        }
    }

    /// - Parameters:
    ///   - before: what comes before the migrations.
    ///   - after: what comes after them.
    private static func open(
        _ engine: any DatabaseEngine,
        _ opening: StoreOpening,
        before: @Sendable (Transaction) throws -> Void = { _ in },
        after: @Sendable (Transaction) throws -> Void
    ) async throws -> Store {
        let serverOffset = ServerOffset()
        let installationID = try await engine.write { connection in
            if opening.asksServerTime { try serverOffset.measure(on: connection, now: opening.clock()) }
            let transaction = Transaction(
                connection: connection,
                now: opening.clock() + serverOffset.present,
                asksServerTime: opening.asksServerTime,
                installationID: "",
                secrets: opening.secrets,
                marks: WriteMarks()
            )
            try before(transaction)
            try transaction.requireNoUnfinishedCopy()
            // Changes of tables wait for long reads of others, and are not repeated for each of them.
            if let patience = connection.dialect.migrationPatience { try transaction.execute(patience) }
            try transaction.migrate(Migration.all, upgrading: opening.upgrading)
            let installationID = try transaction.loadInstallationID()
            try transaction.followClock()
            try after(transaction)
            if !opening.accepted.contains(.lostKey) { try transaction.requireKey() }
            return installationID
        }
        return Store(
            engine: engine,
            secrets: opening.secrets,
            endpoints: opening.endpoints,
            clock: opening.clock,
            asksServerTime: opening.asksServerTime,
            serverOffset: serverOffset,
            installationID: installationID
        )
    }

    /// Whether programs on several machines can use the database at once.
    package var isShared: Bool { engine.dialect != .sqlite }

    /// Runs a closure that only reads, on one consistent state of the database.
    package func read<Value: Sendable>(_ body: @Sendable (Transaction) throws -> Value) async throws -> Value {
        try await engine.read { try body(transaction($0, memory: SeenListMemory(memory))) }
    }

    /// The same store, for a caller who may not hand out more access than a ceiling: a write that does is refused, whatever else it does,
    /// with `AccessCeilingError`.
    package func limited(by ceiling: AccessCeiling) -> Store {
        var store = self
        store.ceiling = ceiling
        return store
    }

    /// The same store, for a run: what it writes is refused once another process has taken over its lease, with ``StoreError`` of code
    /// `leaseLost`.
    package func fenced(by token: LeaseToken) -> Store {
        var store = self
        store.token = token
        return store
    }

    /// The same store, for a change in turn: what it writes is refused once another change has the turn, with ``StoreError`` of code
    /// `turnTaken`.
    package func inTurn(of holder: String?) -> Store {
        var store = self
        store.turnHolder = holder
        return store
    }

    /// Runs a closure that may write: all of it is committed when it returns, none of it when it throws.
    @discardableResult
    package func write<Value: Sendable>(_ body: @Sendable (Transaction) throws -> Value) async throws -> Value {
        try schemaWatch.require()
        let (value, hasJournal, noted) = try await engine.write { connection in
            // The clock of this machine may have been set: no time is written before that is known.
            let isClockDue = clockWatch.isDue(at: clock() + serverOffset.present)
            if isClockDue, asksServerTime { try serverOffset.measure(on: connection, now: clock()) }
            var transaction = transaction(connection)
            transaction.sequences = UsedSequences()
            if let token { try transaction.require(token) }
            if let turnHolder { try transaction.requireTurn(of: turnHolder) }
            if isClockDue { try transaction.followClock() }
            let before = ceiling.isNone ? nil : try transaction.accessState()
            let value = try body(transaction)
            if let before { try ceiling.requireCovering(before, try transaction.accessState()) }
            try transaction.storeSequences()
            if transaction.marks.hasLinks { try transaction.countLinkChange() }
            if transaction.marks.hasJournal, let sql = connection.dialect.announcement {
                try transaction.execute(sql)
            }
            return (value, transaction.marks.hasJournal, isClockDue ? transaction.now : nil)
        }
        if let noted { clockWatch.note(noted) }
        if hasJournal { signal.send() }
        return value
    }

    /// Runs a closure that changes single rows, and reads nothing that others change at the same time. It does not wait until long writes of
    /// others have ended.
    package func writeRows<Value: Sendable>(_ body: @Sendable (Transaction) throws -> Value) async throws -> Value {
        try await engine.writeRows { try body(transaction($0)) }
    }

    /// Looks whether a newer program has changed the schema in a way that is not safe for this one. From then on nothing is written.
    ///
    /// - Throws: ``StoreError`` of code `unreadable` if so.
    package func checkSchema() async throws {
        do {
            try await read { try $0.requireUsableSchema() }
            schemaWatch.note(nil)
        } catch let error as StoreError where error.code == .unreadable {
            schemaWatch.note(error)
            throw error
        }
    }

    /// Writes something, to find out whether that is possible.
    ///
    /// - Throws: ``StoreError`` that says why it is not.
    package func requireWritable() async throws { try await write { try $0.followClock() } }

    /// Lets the followers of the journal hear of other nodes, until the task is canceled.
    package func listen() async { await engine.listen { [signal] in signal.send() } }

    /// A stream with an element whenever this process has added to the journal, or another of which it hears (``listen()``).
    package func journalGrowth() -> AsyncStream<Void> { signal.follow() }

    /// Does a small part of what makes the indexes of words smaller after rows were changed or deleted.
    ///
    /// - Parameter isFirst: whether to begin; otherwise it goes on.
    /// - Returns: false if nothing is left to do.
    func compactIndexes(isFirst: Bool) async throws -> Bool { try await engine.compactIndexes(isFirst: isFirst) }

    /// Ends all work with the database.
    package func close() throws { try engine.close() }

    private func transaction(
        _ connection: any DatabaseConnection,
        memory: SeenListMemory? = nil
    ) -> Transaction {
        Transaction(
            connection: connection,
            now: clock() + serverOffset.present,
            asksServerTime: asksServerTime,
            installationID: installationID,
            secrets: secrets,
            endpoints: endpoints,
            marks: WriteMarks(),
            memory: memory
        )
    }
}

/// What keeps a database from being opened, unless a person accepts it.
package enum OpeningTrouble: Sendable {
    /// The secrets in it are sealed with a key that is lost.
    case lostKey
    /// The file was copied without its write-ahead log.
    case incompleteCopy
}

/// Where a database is.
package enum DatabasePlace: Sendable {
    /// A file of SQLite.
    case file(String)
    /// A database of a PostgreSQL server.
    case server(PostgreSQLAddress)

    /// The path, or the address without a password.
    package var name: String {
        switch self {
        case .file(let path): path
        case .server(let address): address.name
        }
    }
}

/// How a store is opened, wherever its database is.
private struct StoreOpening: Sendable {
    let secrets: SecretBox
    let endpoints: EndpointRule
    let clock: @Sendable () -> Timestamp
    let asksServerTime: Bool
    let accepted: Set<OpeningTrouble>
    let upgrading: @Sendable (Int64, Int64) -> Void
}

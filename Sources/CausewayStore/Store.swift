package import CausewayModel
package import CausewayNetwork
import Foundation

/// The one place where everything is kept: the directory, providers and their connections, runs and events.
///
/// All SQL lives here, in functions of ``Transaction`` that are combined freely inside ``read(_:)`` and ``write(_:)``:
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
    /// The most that writes may hand out.
    private var ceiling = AccessCeiling.none
    private let signal = JournalSignal()
    private let userSearches = UserSearchMemory()
    private let clockWatch = ClockWatch()
    /// Set once, when the database was made; part of every user's `uid`.
    package let installationID: String

    /// Opens or creates the SQLite database of a data folder and brings its schema up to date.
    ///
    /// - Parameters:
    ///   - path: the database file.
    ///   - secrets: seals secrets before they are stored.
    ///   - endpoints: where stored secrets may be sent to.
    ///   - clock: tells the time of changes.
    ///   - accepted: what is opened all the same, since a person says so.
    /// - Throws: ``StoreError`` that says what is in the way and what to do.
    package static func open(
        path: String,
        secrets: SecretBox,
        endpoints: EndpointRule = .standard,
        clock: @escaping @Sendable () -> Timestamp = { .now() },
        accepting accepted: Set<OpeningTrouble> = []
    ) async throws -> Store {
        let engine = try SQLiteEngine(path: path)
        do {
            let installationID = try await prepare(engine, path, secrets, clock, accepted)
            engine.keepMark()
            return Store(
                engine: engine,
                secrets: secrets,
                endpoints: endpoints,
                clock: clock,
                installationID: installationID
            )
        } catch {
            try? engine.close()
            throw error
        }
    }

    /// - Returns: the installation's id.
    private static func prepare(
        _ engine: SQLiteEngine,
        _ path: String,
        _ secrets: SecretBox,
        _ clock: @Sendable () -> Timestamp,
        _ accepted: Set<OpeningTrouble>
    ) async throws -> String {
        try await engine.write { connection in
            let transaction = Transaction(
                connection: connection,
                now: clock(),
                installationID: "",
                secrets: secrets,
                journalMark: JournalMark()
            )
            try transaction.migrate(Migration.all, translate: engine.translate)
            let installationID = try transaction.loadInstallationID()
            try transaction.followClock()
            if engine.wasAlone {
                try transaction.requireWhole(path, isAccepted: accepted.contains(.incompleteCopy))
            }
            if !accepted.contains(.lostKey) { try transaction.requireKey() }
            return installationID
        }
    }

    /// Runs a closure that only reads, on one consistent state of the database.
    package func read<Value: Sendable>(_ body: @Sendable (Transaction) throws -> Value) async throws -> Value {
        try await engine.read { try body(transaction($0, userSearches: userSearches)) }
    }

    /// The same store, for somebody who may not hand out more access than a ceiling: a write that does is refused, whatever it does
    /// otherwise, with `AccessCeilingError`.
    package func limited(by ceiling: AccessCeiling) -> Store {
        var store = self
        store.ceiling = ceiling
        return store
    }

    /// Runs a closure that may write: all of it is committed when it returns, none of it when it throws.
    @discardableResult
    package func write<Value: Sendable>(_ body: @Sendable (Transaction) throws -> Value) async throws -> Value {
        let (value, hasJournal, noted) = try await engine.write { connection in
            let transaction = transaction(connection)
            let isClockDue = clockWatch.isDue(at: transaction.now)
            if isClockDue { try transaction.followClock() }
            let before = ceiling.isNone ? nil : try transaction.accessState()
            let value = try body(transaction)
            if let before { try ceiling.requireCovering(before, try transaction.accessState()) }
            return (value, transaction.journalMark.isSet, isClockDue ? transaction.now : nil)
        }
        if let noted { clockWatch.note(noted) }
        if hasJournal { signal.send() }
        return value
    }

    /// Writes something, to find out whether that is possible.
    ///
    /// - Throws: ``StoreError`` that says why it is not.
    package func requireWritable() async throws { try await write { try $0.followClock() } }

    /// A stream with an element whenever this process has added to the journal.
    package func journalGrowth() -> AsyncStream<Void> { signal.follow() }

    /// Ends all work with the database.
    package func close() throws { try engine.close() }

    private func transaction(
        _ connection: any DatabaseConnection,
        userSearches: UserSearchMemory? = nil
    ) -> Transaction {
        Transaction(
            connection: connection,
            now: clock(),
            installationID: installationID,
            secrets: secrets,
            endpoints: endpoints,
            journalMark: JournalMark(),
            userSearches: userSearches
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

/// A transaction in progress: what the store can be asked and told. Valid only inside the closure it is given to.
package struct Transaction {
    let connection: any DatabaseConnection
    /// The time of every change made in this transaction.
    package let now: Timestamp
    let installationID: String
    let secrets: SecretBox
    /// Where stored secrets may be sent to.
    package var endpoints = EndpointRule.standard
    let journalMark: JournalMark
    /// Searches found before; none where this transaction may write, since what it sees may be undone.
    var userSearches: UserSearchMemory?
}

extension Transaction {
    @discardableResult
    func execute(_ sql: String, _ arguments: SQLValue...) throws -> Int {
        try connection.execute(sql, arguments)
    }

    func all<Value>(_ sql: String, _ arguments: SQLValue..., as value: (SQLRow) throws -> Value) throws -> [Value] {
        try all(sql, arguments, as: value)
    }

    func all<Value>(_ sql: String, _ arguments: [SQLValue], as value: (SQLRow) throws -> Value) throws -> [Value] {
        var values: [Value] = []
        try connection.query(sql, arguments) { values.append(try value($0)) }
        return values
    }

    func first<Value>(_ sql: String, _ arguments: SQLValue..., as value: (SQLRow) throws -> Value) throws -> Value? {
        var found: Value?
        try connection.query(sql, arguments) { row in
            if found == nil { found = try value(row) }
        }
        return found
    }

    func exists(_ sql: String, _ arguments: SQLValue...) throws -> Bool {
        var found = false
        try connection.query(sql, arguments) { _ in found = true }
        return found
    }

    /// - Parameter sql: a statement that gives one row with the column `count`.
    func count(_ sql: String, _ arguments: SQLValue...) throws -> Int { try count(sql, arguments) }

    func count(_ sql: String, _ arguments: [SQLValue]) throws -> Int {
        var count = 0
        try connection.query(sql, arguments) { count = try $0.int("count") }
        return count
    }

    /// Runs a part that is all or nothing within the transaction: where it throws, what it did is undone and the transaction
    /// goes on.
    package func attempt<Value>(_ part: () throws -> Value) throws -> Value {
        try execute("SAVEPOINT part")
        do {
            let value = try part()
            try execute("RELEASE SAVEPOINT part")
            return value
        } catch {
            try execute("ROLLBACK TO SAVEPOINT part")
            try execute("RELEASE SAVEPOINT part")
            throw error
        }
    }

    /// Takes the next numbers of a sequence.
    ///
    /// - Returns: the first of them.
    func take(_ count: Int64 = 1, of sequence: String) throws -> Int64 {
        let last = try first(
            "UPDATE sequences SET last_value = last_value + ? WHERE name = ? RETURNING last_value",
            .integer(count),
            .text(sequence)
        ) { try $0.integer("last_value") }
        guard let last else { throw StoreError(.unreadable, "The sequence '\(sequence)' is missing.") }
        return last - count + 1
    }

    /// The installation's id, made at the first opening.
    func loadInstallationID() throws -> String {
        if let id = try first("SELECT id FROM installation", as: { try $0.text("id") }) { return id }
        let id = UUID().uuidString.lowercased()
        try execute("INSERT INTO installation (id, created_at_ms) VALUES (?, ?)", .text(id), .integer(now.milliseconds))
        return id
    }
}

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
    /// The most that writes may hand out.
    private var ceiling = AccessCeiling.none
    private let signal = JournalNotifier()
    private let userSearches = UserSearchMemory()
    private let clockWatch = ClockWatch()
    /// Set once, when the database was created; part of every user's `uid`.
    package let installationID: String

    /// Opens or creates the SQLite database of a data folder and brings its schema up to date.
    ///
    /// - Parameters:
    ///   - path: the database file.
    ///   - secrets: seals secrets before they are stored.
    ///   - endpoints: where stored secrets may be sent to.
    ///   - clock: the time of changes.
    ///   - accepted: the troubles that do not stop it, because a person accepts them.
    ///   - upgrading: is told the present and the new version of the schema before an existing database is changed.
    /// - Throws: ``StoreError`` that says what is wrong and what to do.
    package static func open(
        path: String,
        secrets: SecretBox,
        endpoints: EndpointRule = .standard,
        clock: @escaping @Sendable () -> Timestamp = { .now() },
        accepting accepted: Set<OpeningTrouble> = [],
        upgrading: @escaping @Sendable (Int64, Int64) -> Void = { _, _ in }
    ) async throws -> Store {
        let engine = try SQLiteEngine(path: path)
        do {
            let opening = Opening(
                secrets: secrets,
                endpoints: endpoints,
                clock: clock,
                accepted: accepted,
                upgrading: upgrading
            )
            let store = try await open(engine, opening) { transaction in
                guard engine.wasAlone else { return }
                try transaction.requireWhole(path, isAccepted: accepted.contains(.incompleteCopy))
            }
            engine.keepMark()
            return store
        } catch {
            try? engine.close()
            throw error
        }
    }

    /// Opens a PostgreSQL database and brings its schema up to date.
    ///
    /// - Parameters: as ``open(path:secrets:endpoints:clock:accepting:upgrading:)``.
    /// - Throws: ``StoreError`` that says what is wrong and what to do.
    package static func open(
        _ address: PostgreSQLAddress,
        secrets: SecretBox,
        endpoints: EndpointRule = .standard,
        clock: @escaping @Sendable () -> Timestamp = { .now() },
        accepting accepted: Set<OpeningTrouble> = [],
        upgrading: @escaping @Sendable (Int64, Int64) -> Void = { _, _ in }
    ) async throws -> Store {
        let engine = try await PostgreSQLEngine(address)
        let opening = Opening(
            secrets: secrets,
            endpoints: endpoints,
            clock: clock,
            accepted: accepted,
            upgrading: upgrading
        )
        let store = try await open(engine, opening) { _ in }
        try await engine.prepareForUse()
        return store
    }

    private struct Opening: Sendable {
        let secrets: SecretBox
        let endpoints: EndpointRule
        let clock: @Sendable () -> Timestamp
        let accepted: Set<OpeningTrouble>
        let upgrading: @Sendable (Int64, Int64) -> Void
    }

    private static func open(
        _ engine: any DatabaseEngine,
        _ opening: Opening,
        check: @escaping @Sendable (Transaction) throws -> Void
    ) async throws -> Store {
        let installationID = try await engine.write { connection in
            let transaction = Transaction(
                connection: connection,
                now: opening.clock(),
                installationID: "",
                secrets: opening.secrets,
                journalMark: JournalWriteFlag()
            )
            try transaction.migrate(Migration.all, translate: engine.translate, upgrading: opening.upgrading)
            let installationID = try transaction.loadInstallationID()
            try transaction.followClock()
            try check(transaction)
            if !opening.accepted.contains(.lostKey) { try transaction.requireKey() }
            return installationID
        }
        return Store(
            engine: engine,
            secrets: opening.secrets,
            endpoints: opening.endpoints,
            clock: opening.clock,
            installationID: installationID
        )
    }

    /// Runs a closure that only reads, on one consistent state of the database.
    package func read<Value: Sendable>(_ body: @Sendable (Transaction) throws -> Value) async throws -> Value {
        try await engine.read { try body(transaction($0, userSearches: userSearches)) }
    }

    /// The same store, for a caller who may not hand out more access than a ceiling: a write that does is refused, whatever else it does,
    /// with `AccessCeilingError`.
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
            journalMark: JournalWriteFlag(),
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

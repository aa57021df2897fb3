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
            let installationID = try await prepare(engine, path, secrets, clock, accepted, upgrading)
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
        _ accepted: Set<OpeningTrouble>,
        _ upgrading: @Sendable (Int64, Int64) -> Void
    ) async throws -> String {
        try await engine.write { connection in
            let transaction = Transaction(
                connection: connection,
                now: clock(),
                installationID: "",
                secrets: secrets,
                journalMark: JournalWriteFlag()
            )
            try transaction.migrate(Migration.all, translate: engine.translate, upgrading: upgrading)
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

    /// Does a small part of what makes the indexes of words smaller after rows were changed or deleted.
    ///
    /// - Parameter isFirst: whether to begin; otherwise it goes on.
    /// - Returns: false if nothing is left to do.
    func compactIndexes(isFirst: Bool) async throws -> Bool { try await engine.compactIndexes(isFirst: isFirst) }

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

import GRDB
import GRDBSQLite
import Synchronization

/// Detects a database file that was copied without its write-ahead log (`-wal`).
///
/// SQLite cannot: such a copy looks like an older state of the database. So the file itself says that it is incomplete, and the log
/// says that it is complete: before pages move from the log into the file the mark is removed, and afterwards it is set again, which
/// stays in the log. A reader of both sees the mark, including SQLite's own ways to copy a database; a reader of the file alone does
/// not. The last one to close the database moves everything into the file, including the mark.
final class WholenessMark: Sendable {
    private struct State {
        /// Pages in the log, as of the latest commit.
        var pages = 0
        /// The number of pages from which on they are moved into the file.
        var limit = WholenessMark.pageLimit
        /// Whether this process has removed the mark from the file.
        var hasBegun = false
        /// Whether the log lacks the mark too.
        var isMissing = false
    }

    private let state = Mutex(State())

    /// Four times as many as SQLite's default: 16 megabytes. During a sync the same pages change again and again, and moving
    /// them is the larger part of what commits cost.
    private static let pageLimit = 4000

    /// Counts what the writer of a pool commits, instead of SQLite's own checkpoints.
    func follow(_ database: Database) {
        sqlite3_wal_hook(
            database.sqliteConnection,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                let mark = Unmanaged<WholenessMark>.fromOpaque(context).takeUnretainedValue()
                mark.state.withLock { $0.pages = Int(pages) }
                return SQLITE_OK
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    /// Whether to remove the mark before the next change: this process has not done so yet.
    var isToBegin: Bool { state.withLock { !$0.hasBegun } }

    /// Whether to move pages into the file.
    var isDue: Bool { state.withLock { $0.isMissing || $0.pages >= $0.limit } }

    /// Moves pages into the file. Call outside transactions.
    func checkpoint(_ database: Database) throws {
        if !state.withLock({ $0.isMissing }) {
            try Self.set(false, in: database)
            state.withLock { ($0.isMissing, $0.hasBegun) = (true, true) }
        }
        let (all, moved) = try database.checkpoint(.passive)
        try restore(in: database)
        // A long read holds pages back: the next attempt comes when there are as many more.
        state.withLock { $0.limit = moved < all ? $0.pages + Self.pageLimit : Self.pageLimit }
    }

    /// Sets the mark in the log, if it is missing.
    func restore(in database: Database) throws {
        guard state.withLock({ $0.isMissing }) else { return }
        try Self.set(true, in: database)
        state.withLock { $0.isMissing = false }
    }

    private static func set(_ isWhole: Bool, in database: Database) throws {
        try database.execute(sql: "UPDATE installation SET is_whole = ?", arguments: [isWhole])
    }
}

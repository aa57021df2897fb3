import Foundation
import GRDB
import Glibc

/// A complete copy of a SQLite database, made while others use it: all of it is as of the moment when the copying began. Others go on
/// reading and writing, because the copy is read in one read transaction, which no other transaction waits for.
package struct DatabaseCopy: Sendable {
    private let source: String
    private let target: String

    /// Pages between two reports of progress: four megabytes.
    private static let step: CInt = 1000

    /// - Parameters:
    ///   - source: the database file.
    ///   - target: the file that is made; it must not exist.
    package init(of source: String, to target: String) { (self.source, self.target) = (source, target) }

    /// Copies, and checks the copy. Without success there is no file.
    ///
    /// - Parameter progress: is told how many of how many pages are copied.
    /// - Throws: ``StoreError`` that says what is wrong with the source or the target.
    package func make(progress: @escaping (_ done: Int, _ total: Int) -> Void) throws -> DatabaseSummary {
        try requireDatabase()
        try create()
        do {
            let summary = try copy(progress)
            try check(summary)
            try synchronize()
            return summary
        } catch {
            SQLiteFile(path: target).remove()
            throw (error as? DatabaseError).map(StoreError.init) ?? error
        }
    }

    // MARK: Files

    private func requireDatabase() throws(StoreError) {
        let file = open(source, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw StoreError(.unavailable, "\(source) cannot be read (\(SystemError.text)).")
        }
        defer { close(file) }
        guard SQLiteFile.isDatabase(file) else {
            throw StoreError(.unreadable, "\(source) is not a database.")
        }
    }

    /// For its owner only, before anything is in it.
    private func create() throws(StoreError) {
        let file = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else {
            throw StoreError(.unavailable, "\(target) cannot be created (\(SystemError.text)).")
        }
        close(file)
    }

    private func synchronize() throws(StoreError) {
        let file = open(target, O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        guard file >= 0, fsync(file) == 0 else {
            throw StoreError(.full, "\(target) cannot be written (\(SystemError.text)).")
        }
    }

    // MARK: Content

    private func copy(_ progress: @escaping (Int, Int) -> Void) throws -> DatabaseSummary {
        let isAlone = SQLiteFile(path: source).isAlone
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(15)
        let reader = try DatabaseQueue(path: source, configuration: configuration)
        defer { try? reader.close() }
        let writer = try DatabaseQueue(path: target)
        defer { try? writer.close() }
        return try writer.writeWithoutTransaction { copy in
            let summary = try reader.read { original in
                let summary = try DatabaseSummary(of: original, at: source)
                if isAlone { try requireWhole(original) }
                try original.backup(to: copy, pagesPerStep: Self.step) { step in
                    progress(step.completedPageCount, step.totalPageCount)
                }
                return summary
            }
            // One file, without a log of its own; and it is whole, also if the original was writing at that moment.
            _ = try String.fetchOne(copy, sql: "PRAGMA journal_mode = DELETE")
            if try Self.hasMark(copy) {
                try copy.execute(sql: "UPDATE installation SET is_whole = 1 WHERE NOT is_whole")
            }
            return summary
        }
    }

    private static func hasMark(_ database: Database) throws -> Bool {
        try database.columns(in: "installation").contains { $0.name == "is_whole" }
    }

    /// A file without its log may lack the latest writes.
    private func requireWhole(_ database: Database) throws {
        guard try Self.hasMark(database) else { return }
        guard try Bool.fetchOne(database, sql: "SELECT is_whole FROM installation") == true else {
            throw StoreError(
                .incompleteCopy,
                "\(source) was copied while Causeway was running, without its write-ahead log \(source)-wal: the latest writes are "
                    + "missing. Use another copy, with both files."
            )
        }
    }

    /// Reads all of the copy.
    private func check(_ summary: DatabaseSummary) throws {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: target, configuration: configuration)
        defer { try? queue.close() }
        try queue.read { database in
            let finding = try String.fetchOne(database, sql: "PRAGMA integrity_check(1)") ?? "it cannot be read"
            guard finding == "ok" else {
                throw StoreError(.unreadable, "\(source) is damaged: \(finding). Use another copy.")
            }
            guard try DatabaseSummary(of: database, at: target) == summary else {
                throw StoreError(.unreadable, "The copy of \(source) differs from it; check the disk, and try again.")
            }
        }
    }
}

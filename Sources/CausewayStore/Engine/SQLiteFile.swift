import Glibc

/// The file of a SQLite database and those that SQLite puts next to it, as seen from outside.
struct SQLiteFile {
    let path: String

    /// The write-ahead log.
    var log: String { path + "-wal" }
    /// What readers and writers share.
    var sharedMemory: String { path + "-shm" }
    /// The database and all files that belong to it.
    var all: [String] { [path, log, sharedMemory, path + "-journal"] }

    /// Whether the write-ahead log is missing or empty.
    var isAlone: Bool { Self.isEmpty(log) }
    /// Whether anything is in the database.
    var hasContent: Bool { !Self.isEmpty(path) || !isAlone }

    func remove() {
        for file in all { unlink(file) }
    }

    /// Whether an open file begins as each database does.
    ///
    /// Source: https://www.sqlite.org/fileformat2.html#the_database_header
    static func isDatabase(_ file: Int32) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard pread(file, &bytes, bytes.count, 0) == bytes.count else { return false }
        return String(decoding: bytes, as: UTF8.self).hasPrefix("SQLite format 3\0")
    }

    private static func isEmpty(_ file: String) -> Bool { (FileStatus(of: file)?.size ?? 0) == 0 }
}

import Foundation
import Glibc

/// The folder that holds the database, the secret key and the settings. Nobody but its owner may enter it or read its files.
package struct DataFolder: Sendable {
    package let path: String
    /// What others could read when the folder was opened and can no longer, as sentences for the log.
    package private(set) var tightened: [String] = []

    package var database: String { path + "/causeway.db" }
    package var keyFile: String { path + "/secret.key" }
    var lockFile: String { path + "/causeway.lock" }

    /// Files that hold secrets, or what the directory says of people.
    private var privateFiles: [String] {
        [database, database + "-wal", database + "-shm", database + "-journal", keyFile, lockFile]
            + [path + "/causeway.yaml"]
    }

    /// Makes the folder, or takes the one that is there and closes it to others.
    ///
    /// - Throws: ``StoreError`` where it cannot be made, is no folder, belongs to somebody else, or stays open to others.
    package init(path: String) throws(StoreError) {
        self.path = path
        if FileStatus(of: path) == nil { try make() }
        guard let status = FileStatus(of: path) else {
            throw StoreError(.unavailable, "The data folder \(path) cannot be made; check who may write there.")
        }
        guard status.isFolder else {
            throw StoreError(.unavailable, "\(path) is a file, not a folder; give another folder with --data.")
        }
        try requireOwn(status)
        try close(status)
        for file in privateFiles { try close(file: file) }
    }

    /// Whether the database holds anything: only then can a secret have been stored in it.
    package var hasDatabase: Bool {
        (FileStatus(of: database)?.size ?? 0) > 0 || (FileStatus(of: database + "-wal")?.size ?? 0) > 0
    }

    /// Makes sure that the database, where there is one, is a database.
    ///
    /// - Throws: ``StoreError`` of code `unreadable`.
    package func requireDatabase() throws(StoreError) {
        guard let size = FileStatus(of: database)?.size, size > 0 else { return }
        let file = open(database, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { Glibc.close(file) }
        var bytes = [UInt8](repeating: 0, count: 16)
        guard pread(file, &bytes, bytes.count, 0) == bytes.count, bytes == Array("SQLite format 3\0".utf8) else {
            throw StoreError(
                .unreadable,
                "\(database): The database file is damaged or no database; restore it from a backup."
            )
        }
    }

    // MARK: Making

    /// `mkdir` sets the mode as it makes the folder, so there is no moment when others may enter it.
    private func make() throws(StoreError) {
        let parent = URL(filePath: path).deletingLastPathComponent().path
        try? FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw StoreError(
                .unavailable,
                "The data folder \(path) cannot be made (\(SystemError.text)); check who may write there, or give --data."
            )
        }
    }

    // MARK: Keeping others out

    /// Whoever owns the folder can read and replace what is in it, and files that this user makes would lock the owner out. A
    /// symbolic link is followed where its owner could as well have made the folder itself.
    private func requireOwn(_ status: FileStatus) throws(StoreError) {
        let me = geteuid()
        guard status.owner == me else {
            throw StoreError(
                .unavailable,
                "The data folder \(path) belongs to \(Self.name(status.owner)), and this is \(Self.name(me)). Run the "
                    + "program as \(Self.name(status.owner)), or give --data a folder of this user's own, such as one below it."
            )
        }
        guard let link = FileStatus(of: path, followingLinks: false), link.isLink, ![me, 0].contains(link.owner) else {
            return
        }
        throw StoreError(
            .unavailable,
            "The data folder \(path) is a symbolic link of \(Self.name(link.owner)), who can point it elsewhere; "
                + "give the folder itself with --data."
        )
    }

    private mutating func close(_ folder: FileStatus) throws(StoreError) {
        guard folder.isOpenToOthers else { return }
        _ = chmod(path, 0o700)
        guard FileStatus(of: path)?.isOpenToOthers == false else {
            throw StoreError(
                .unavailable,
                "Others may enter the data folder \(path), and its mode cannot be changed (\(SystemError.text)). Mount its "
                    + "file system so that files are for their owner alone, or give --data another folder."
            )
        }
        tightened.append("Others could enter the data folder \(path); its mode is 0700 now.")
    }

    private mutating func close(file: String) throws(StoreError) {
        guard let status = FileStatus(of: file), status.isFile, status.isOpenToOthers else { return }
        _ = chmod(file, status.mode & 0o600)
        if FileStatus(of: file)?.isOpenToOthers == false {
            tightened.append("Others could read \(file); its mode is 0600 now.")
        } else if file == keyFile {
            throw StoreError(
                .secretKey,
                "Others may read the key file \(file), and its mode cannot be changed (\(SystemError.text)); run: chmod 600 \(file)"
            )
        } else {
            tightened.append("Others may read \(file), and its mode cannot be changed (\(SystemError.text)).")
        }
    }

    private static func name(_ user: uid_t) -> String {
        guard let entry = getpwuid(user), let name = entry.pointee.pw_name else { return "user \(user)" }
        return "user '\(String(cString: name))'"
    }
}

extension DataFolder {
    /// Writes a small file and removes it again.
    ///
    /// - Throws: ``StoreError`` that says why the folder cannot be written.
    package func requireWritable() throws(StoreError) {
        let probe = path + "/causeway.probe"
        unlink(probe)
        defer { unlink(probe) }
        let file = open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw unwritable(errno) }
        defer { Glibc.close(file) }
        let page = [UInt8](repeating: 0, count: 4096)
        guard write(file, page, page.count) == page.count, fsync(file) == 0 else { throw unwritable(errno) }
    }

    func unwritable(_ code: Int32) -> StoreError {
        switch code {
        case EROFS:
            StoreError(
                .readOnly,
                "The data folder \(path) is on a file system that is mounted read-only; mount it for writing, or give --data."
            )
        case EACCES, EPERM:
            StoreError(
                .readOnly,
                "The data folder \(path) cannot be written by \(Self.name(geteuid())); run: chmod 700 \(path)"
            )
        case ENOSPC, EDQUOT:
            StoreError(.full, "There is no space left in the data folder \(path); make room, or give --data.")
        default:
            StoreError(.unavailable, "The data folder \(path) cannot be written (\(SystemError.text(code))).")
        }
    }

    /// Bytes that are free for this user; nil where the file system does not tell.
    package static func freeSpace(at path: String) -> Int64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }
}

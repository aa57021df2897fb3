import Foundation
import Glibc

/// The folder with the database, the secret key and the settings. Only its owner may enter it or read its files.
package struct DataFolder: Sendable {
    package let path: String
    /// What others could read when the folder was opened and no longer can, as sentences for the log.
    package private(set) var tightened: [String] = []

    package var database: String { Self.database(in: path) }
    package var keyFile: String { path + "/secret.key" }
    var lockFile: String { path + "/causeway.lock" }

    /// The SQLite database of a data folder.
    package static func database(in path: String) -> String { path + "/causeway.db" }

    /// Files that contain secrets, or the directory's data about people.
    private var privateFiles: [String] {
        SQLiteFile(path: database).all + [keyFile, lockFile, path + "/causeway.yaml"]
    }

    /// Creates the folder, or uses an existing one and closes it to others.
    ///
    /// - Throws: ``StoreError`` if it cannot be created, is not a folder, belongs to another user, or stays open to others.
    package init(path: String) throws(StoreError) {
        self.path = path
        if FileStatus(of: path) == nil { try make() }
        guard let status = FileStatus(of: path) else {
            throw StoreError(.unavailable, "The data folder \(path) cannot be created; check the permissions above it.")
        }
        guard status.isFolder else {
            throw StoreError(.unavailable, "\(path) is a file, not a folder; choose a folder with --data.")
        }
        try requireOwn(status)
        try close(status)
        for file in privateFiles { try close(file: file) }
    }

    /// Makes sure that the database, if there is one, is a database.
    ///
    /// - Throws: ``StoreError`` of code `unreadable`.
    package func requireDatabase() throws(StoreError) {
        guard let size = FileStatus(of: database)?.size, size > 0 else { return }
        let file = open(database, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { Glibc.close(file) }
        guard SQLiteFile.isDatabase(file) else {
            throw StoreError(
                .unreadable,
                "\(database): The database file is damaged or not a database; restore it from a backup."
            )
        }
    }

    // MARK: Creation

    /// `mkdir` sets the mode as it creates the folder, so others can never enter it.
    private func make() throws(StoreError) {
        let parent = URL(filePath: path).deletingLastPathComponent().path
        try? FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw StoreError(
                .unavailable,
                "The data folder \(path) cannot be created (\(SystemError.text)); check the permissions, or set --data."
            )
        }
    }

    // MARK: Access of others

    /// The folder's owner can read and replace its content, and files that this user creates would lock the owner out. A
    /// symbolic link is followed if its owner could as well have created the folder itself.
    private func requireOwn(_ status: FileStatus) throws(StoreError) {
        let me = geteuid()
        guard status.owner == me else {
            throw StoreError(
                .unavailable,
                "The data folder \(path) belongs to \(Self.name(status.owner)), and this is \(Self.name(me)). Run the "
                    + "program as \(Self.name(status.owner)), or set --data to a folder of this user, such as one below it."
            )
        }
        guard let link = FileStatus(of: path, followingLinks: false), link.isLink, ![me, 0].contains(link.owner) else {
            return
        }
        throw StoreError(
            .unavailable,
            "The data folder \(path) is a symbolic link of \(Self.name(link.owner)), who can point it elsewhere; "
                + "set --data to the folder itself."
        )
    }

    private mutating func close(_ folder: FileStatus) throws(StoreError) {
        guard folder.isOpenToOthers else { return }
        _ = chmod(path, 0o700)
        guard FileStatus(of: path)?.isOpenToOthers == false else {
            throw StoreError(
                .unavailable,
                "Other users can access the data folder \(path), and its mode cannot be changed (\(SystemError.text)). Mount its "
                    + "file system so that only owners can access files, or set --data to another folder."
            )
        }
        tightened.append("Other users could access the data folder \(path); its mode is 0700 now.")
    }

    private mutating func close(file: String) throws(StoreError) {
        guard let status = FileStatus(of: file), status.isFile, status.isOpenToOthers else { return }
        _ = chmod(file, status.mode & 0o600)
        if FileStatus(of: file)?.isOpenToOthers == false {
            tightened.append("Other users could read \(file); its mode is 0600 now.")
        } else if file == keyFile {
            throw StoreError(
                .secretKey,
                "Other users can read the key file \(file), and its mode cannot be changed (\(SystemError.text)); run: chmod 600 \(file)"
            )
        } else {
            tightened.append("Other users can read \(file), and its mode cannot be changed (\(SystemError.text)).")
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
                "The data folder \(path) is on a file system that is mounted read-only; mount it for writing, or set --data."
            )
        case EACCES, EPERM:
            StoreError(
                .readOnly,
                "The data folder \(path) cannot be written by \(Self.name(geteuid())); run: chmod 700 \(path)"
            )
        case ENOSPC, EDQUOT:
            StoreError(.full, "There is no space left in the data folder \(path); free some space, or set --data.")
        default:
            StoreError(.unavailable, "The data folder \(path) cannot be written (\(SystemError.text(code))).")
        }
    }

    /// Bytes that are free for this user; nil if the file system does not say.
    package static func freeSpace(at path: String) -> Int64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }
}

import Foundation
import Glibc

extension DataFolder {
    /// Where a database is prepared before it takes the present one's place.
    package var draftDatabase: String { database + ".restoring" }

    /// Removes what an earlier attempt has left.
    package func removeDraft() { SQLiteFile(path: draftDatabase).remove() }

    /// Puts the prepared database in the place of the present one, which is kept under another name. Whenever this is interrupted, either
    /// database is there, or one that is refused because its write-ahead log is missing; never an empty folder, which the
    /// server would take for a new installation.
    ///
    /// - Parameter suffix: of the names under which the files of the present database are kept.
    /// - Returns: the file with the present database; nil if there was none.
    /// - Throws: ``StoreError`` if the folder cannot be written.
    package func placeDraft(keeping suffix: String) throws(StoreError) -> String? {
        let (present, kept) = (SQLiteFile(path: database), SQLiteFile(path: "\(database).\(suffix)"))
        if FileStatus(of: present.log) != nil {
            guard rename(present.log, kept.log) == 0 else { throw unwritable(errno) }
        }
        unlink(present.sharedMemory)
        let hasFormer = FileStatus(of: database) != nil
        if hasFormer {
            guard link(database, kept.path) == 0 else { throw unwritable(errno) }
        }
        guard rename(draftDatabase, database) == 0 else { throw unwritable(errno) }
        try synchronize()
        return hasFormer ? kept.path : nil
    }

    /// Puts another key file in the place of the present one, which is kept under another name.
    ///
    /// - Throws: ``StoreError`` if it cannot be written.
    package func placeKey(_ key: [UInt8], keeping suffix: String) throws(StoreError) {
        let draft = keyFile + ".restoring"
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw unwritable(errno) }
        defer { Glibc.close(file) }
        guard write(file, key, key.count) == key.count, fsync(file) == 0 else { throw unwritable(errno) }
        if FileStatus(of: keyFile) != nil {
            guard link(keyFile, "\(keyFile).\(suffix)") == 0 else { throw unwritable(errno) }
        }
        guard rename(draft, keyFile) == 0 else { throw unwritable(errno) }
        try synchronize()
    }

    private func synchronize() throws(StoreError) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw unwritable(errno) }
        defer { Glibc.close(folder) }
        guard fsync(folder) == 0 else { throw unwritable(errno) }
    }
}

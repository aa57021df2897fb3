import CausewayStore
import Foundation

/// The file of a backup, and the one for its key.
struct BackupFile {
    let path: String

    init(path: String) { self.path = URL(filePath: path).absoluteURL.standardized.path }

    var keyPath: String { path + ".key" }
    private var draft: String { path + ".partial" }

    var bytes: Int64 {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? NSNumber)?.int64Value ?? 0
    }

    private var folder: String { URL(filePath: path).deletingLastPathComponent().resolvingSymlinksInPath().path }

    /// - Throws: ``UserError`` if it would be among the files that it is a backup of.
    func requireOutside(_ data: DataFolder) throws {
        guard folder != URL(filePath: data.path).resolvingSymlinksInPath().path else {
            throw UserError("\(path) is in the data folder itself; choose another folder, best on another disk.")
        }
    }

    /// - Throws: ``UserError`` if a file exists that may not be replaced.
    func requireFree(isReplaced: Bool, withKey: Bool) throws {
        for file in [path] + (withKey ? [keyPath] : [])
        where !isReplaced && FileManager.default.fileExists(atPath: file) {
            throw UserError("\(file) exists; choose another name, or --force to replace it.")
        }
    }

    /// Makes the file; it gets its name when it is complete and checked.
    func make(of database: String) throws -> DatabaseSummary {
        unlink(draft)
        let summary = try DatabaseCopy(of: database, to: draft).make(showing: "Copying the database")
        guard rename(draft, path) == 0 else {
            unlink(draft)
            throw UserError("\(path) cannot be created (\(String(cString: strerror(errno)))).")
        }
        return summary
    }

    /// Writes the key file, for its owner only.
    func write(key: Data) throws {
        unlink(keyPath)
        let made = FileManager.default.createFile(
            atPath: keyPath,
            contents: nil,
            attributes: [.posixPermissions: 0o600]
        )
        guard made, let file = FileHandle(forWritingAtPath: keyPath) else {
            throw UserError("\(keyPath) cannot be created; the backup itself is complete.")
        }
        try file.write(contentsOf: key)
        try file.synchronize()
        try file.close()
    }
}

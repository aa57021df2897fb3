import CausewayStore
import Foundation

/// A database that a command names: a data folder with its SQLite file, or the address of a PostgreSQL database.
struct DatabaseAddress {
    let place: DatabasePlace
    /// The data folder; nil for PostgreSQL.
    let folder: DataFolder?

    private static let file = "causeway.db"

    /// - Parameters:
    ///   - text: `postgres://…`, a data folder, or its `causeway.db`.
    ///   - mayBeNew: whether the folder is created if there is none.
    /// - Throws: ``UserError`` or ``StoreError`` that says what is wrong.
    init(_ text: String, mayBeNew: Bool) throws {
        if PostgreSQLAddress.isOne(text) {
            (place, folder) = (.server(try PostgreSQLAddress(url: text)), nil)
            return
        }
        // It may contain a password, so it is not repeated.
        guard !text.contains("://"), !text.isEmpty else {
            throw UserError(
                "An address is neither a data folder nor a PostgreSQL database; write postgres://USER@HOST/DATABASE."
            )
        }
        let url = URL(filePath: text).absoluteURL.standardized
        let path = url.lastPathComponent == Self.file ? url.deletingLastPathComponent().path : url.path
        guard mayBeNew || FileManager.default.fileExists(atPath: path) else {
            throw UserError("There is no data folder \(path).")
        }
        let folder = try DataFolder(path: path)
        try folder.requireDatabase()
        (place, self.folder) = (.file(folder.database), folder)
    }

    /// Keeps servers and other copies out of the data folder.
    ///
    /// - Returns: what keeps them out as long as it exists; nil for PostgreSQL.
    /// - Throws: ``StoreError`` of code `locked` if a server uses it.
    func lock() throws -> FolderLock? { try folder.map { try FolderLock($0) } }
}

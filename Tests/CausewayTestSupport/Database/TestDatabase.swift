package import CausewayStore
package import Foundation
package import Testing

/// The databases of the tests: files of SQLite in their folders; or, with the variable `CAUSEWAY_TEST_DATABASE`, databases of the
/// PostgreSQL server that it names, one for each folder.
package enum TestDatabase {
    /// The server; nil for SQLite.
    static let server = ProcessInfo.processInfo.environment["CAUSEWAY_TEST_DATABASE"].map(TestServer.init)

    /// The database of a data folder. It is empty at first, and removed with the folder.
    package static func place(in folder: URL) async throws -> DatabasePlace {
        try await place(in: folder, copyOf: nil)
    }

    static func place(in folder: URL, copyOf original: String?) async throws -> DatabasePlace {
        guard let server else { return .file(folder.appending(path: "causeway.db").path) }
        return .server(try PostgreSQLAddress(url: try await server.address(of: folder, copyOf: original)))
    }

    /// The variables that make a program use the database of its data folder.
    ///
    /// - Parameter arguments: those of the program, with `--data` if it has a folder.
    static func environment(of arguments: [String]) async throws -> [String: String] {
        guard let server, !arguments.contains("--database"), let flag = arguments.firstIndex(of: "--data"),
            flag + 1 < arguments.count
        else { return [:] }
        let folder = URL(filePath: arguments[flag + 1], directoryHint: .isDirectory)
        return ["CAUSEWAY_DATABASE": try await server.address(of: folder, copyOf: nil)]
    }
}

extension Trait where Self == ConditionTrait {
    /// For tests of what only SQLite has, such as its files.
    package static var onlySQLite: Self { .enabled(if: TestDatabase.server == nil, "only SQLite has this") }

    /// For tests that change the settings of a server, or stop it.
    package static var onlyPostgreSQL: Self { .enabled(if: TestDatabase.server != nil, "only PostgreSQL has this") }
}

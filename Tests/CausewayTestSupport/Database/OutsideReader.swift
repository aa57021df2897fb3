import CLibpq
package import Foundation
import GRDB

/// Reads a database of a data folder without Causeway's code, also while Causeway uses it.
package struct OutsideReader: Sendable {
    private enum Source {
        case file(DatabaseQueue)
        case server(String)
    }

    private let source: Source

    /// - Parameter folder: has a database already.
    package init(folder: URL) async throws {
        if let server = TestDatabase.server {
            source = .server(try await server.address(of: folder, copyOf: nil))
        } else {
            var configuration = Configuration()
            configuration.busyMode = .timeout(15)
            let path = folder.appending(path: "causeway.db").path
            source = .file(try DatabaseQueue(path: path, configuration: configuration))
        }
    }

    /// Whether it reads a file of SQLite.
    package var isFile: Bool { if case .file = source { true } else { false } }

    /// The rows of a statement that both engines understand.
    ///
    /// - Parameter arguments: those for `$1`, `$2` and so on.
    package func rows(_ sql: String, _ arguments: [String] = []) throws -> [[String?]] {
        switch source {
        case .file(let queue):
            try queue.read { database in
                try Row.fetchAll(database, sql: sql, arguments: StatementArguments(arguments)).map { row in
                    row.databaseValues.map {
                        String.fromDatabaseValue($0) ?? Int64.fromDatabaseValue($0).map { "\($0)" }
                    }
                }
            }
        case .server(let url): try TestServer.rows(sql, arguments, at: url)
        }
    }

    /// The texts of the first column.
    package func texts(_ sql: String, _ arguments: [String] = []) throws -> [String] {
        try rows(sql, arguments).compactMap { $0.first ?? nil }
    }
}

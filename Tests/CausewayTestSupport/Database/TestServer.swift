import CLibpq
import Foundation
import Synchronization

/// A PostgreSQL server with a database for each data folder.
actor TestServer {
    private let url: String
    /// The databases by the paths of their folders.
    private var databases: [String: Task<String, any Error>] = [:]

    init(url: String) { self.url = url }

    /// The address of a folder's database, which is created if there is none.
    ///
    /// - Parameter original: the name of the database that a new one is a copy of; nil for an empty one.
    func address(of folder: URL, copyOf original: String?) async throws -> String {
        let path = folder.standardizedFileURL.path
        if let known = databases[path] { return try await known.value }
        let name = "test_\(UUID().uuidString.lowercased().replacing("-", with: ""))"
        let made = Task { try await create(name, copyOf: original) }
        databases[path] = made
        return try await made.value
    }

    /// - Returns: the address.
    func create(_ name: String, copyOf original: String?) async throws -> String {
        try await run("CREATE DATABASE \(name)" + (original.map { " TEMPLATE \($0)" } ?? ""))
        return url.replacing(/\/[a-z]*\?/, with: "/\(name)?", maxReplacements: 1)
    }

    /// Removes the databases of all folders in a folder.
    func removeDatabases(below folder: URL) async throws {
        let path = folder.standardizedFileURL.path
        for (known, made) in databases where known == path || known.hasPrefix(path + "/") {
            databases[known] = nil
            guard let address = try? await made.value, let name = address.firstMatch(of: /\/(test_[a-z0-9]+)\?/)?.1
            else { continue }
            try await run("DROP DATABASE \(name) WITH (FORCE)")
        }
    }

    private func run(_ sql: String) async throws { try await Self.run(sql, at: url) }

    /// Each statement has a connection and a thread of its own: creating databases takes a while.
    static func run(_ sql: String, at url: String) async throws {
        let refusal: String? = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: Self.refusal(of: sql, at: url)) }
        }
        if let refusal { throw Refused(description: "\(sql): \(refusal)") }
    }

    private static func refusal(of sql: String, at url: String) -> String? {
        do { _ = try rows(sql, at: url) } catch { return "\(error)" }
        return nil
    }

    /// Runs a statement on a connection of its own, and waits for it.
    ///
    /// - Parameter arguments: those for `$1`, `$2` and so on; with them there can be one statement only.
    /// - Returns: the rows, each value as text.
    static func rows(_ sql: String, _ arguments: [String] = [], at url: String) throws -> [[String?]] {
        let connection = PQconnectdb(url)
        defer { PQfinish(connection) }
        let result = arguments.isEmpty ? PQexec(connection, sql) : run(sql, arguments, on: connection)
        defer { PQclear(result) }
        guard [PGRES_COMMAND_OK, PGRES_TUPLES_OK].contains(PQresultStatus(result)) else {
            throw Refused(description: String(cString: PQerrorMessage(connection)))
        }
        return (0..<PQntuples(result)).map { row in
            (0..<PQnfields(result)).map { column in
                PQgetisnull(result, row, column) == 1
                    ? nil : PQgetvalue(result, row, column).map { String(cString: $0) }
            }
        }
    }

    private static func run(_ sql: String, _ arguments: [String], on connection: OpaquePointer?) -> OpaquePointer? {
        let memory = arguments.map { strdup($0) }
        defer { for text in memory { free(text) } }
        let values = memory.map { UnsafePointer<CChar>($0) }
        return PQexecParams(connection, sql, Int32(values.count), nil, values, nil, nil, 0)
    }

    private struct Refused: Error, CustomStringConvertible {
        let description: String
    }
}

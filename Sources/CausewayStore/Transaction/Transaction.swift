import Algorithms
package import CausewayModel
package import CausewayNetwork
import Foundation

/// A transaction in progress: all reads and writes of the store. Valid only inside the closure it is given to.
package struct Transaction {
    let connection: any DatabaseConnection
    /// The time of every change made in this transaction.
    package let now: Timestamp
    /// Whether leases have the time of the server's clock, if there is a server.
    var asksServerTime = true
    let installationID: String
    let secrets: SecretBox
    /// Where stored secrets may be sent to.
    package var endpoints = EndpointRule.standard
    let marks: WriteMarks
    /// The sequences that it has used; nil if others may use them at the same time.
    var sequences: UsedSequences?
    /// What lists remember; nil if this transaction may write, since what it sees may be rolled back.
    var memory: SeenListMemory?
}

extension Transaction {
    func execute(_ sql: String, _ arguments: SQLValue...) throws { try connection.execute(sql, arguments) }

    /// - Returns: how many rows the statement changed.
    func executeAndCount(_ sql: String, _ arguments: SQLValue...) throws -> Int {
        try connection.executeAndCount(sql, arguments)
    }

    func all<Value>(_ sql: String, _ arguments: SQLValue..., as value: (SQLRow) throws -> Value) throws -> [Value] {
        try all(sql, arguments, as: value)
    }

    func all<Value>(_ sql: String, _ arguments: [SQLValue], as value: (SQLRow) throws -> Value) throws -> [Value] {
        var values: [Value] = []
        try connection.query(sql, arguments) { values.append(try value($0)) }
        return values
    }

    func first<Value>(_ sql: String, _ arguments: SQLValue..., as value: (SQLRow) throws -> Value) throws -> Value? {
        var found: Value?
        try connection.query(sql, arguments) { row in
            if found == nil { found = try value(row) }
        }
        return found
    }

    /// The rows of a query for each list of arguments, asked for together.
    func allOfEach<Value>(_ sql: String, _ lists: [[SQLValue]], as value: (SQLRow) throws -> Value) throws -> [[Value]]
    {
        var values = [[Value]](repeating: [], count: lists.count)
        try connection.queryAll(lists.map { SQLStatement(sql, $0) }) { values[$0].append(try value($1)) }
        return values
    }

    /// The rows of a query that have some keys, a page of keys at a time.
    ///
    /// - Parameters:
    ///   - sql: ends where `IN` and the list of keys follow.
    ///   - arguments: those before the keys.
    ///   - key: the key as an argument.
    func rows<Key: Hashable, Value>(
        _ sql: String,
        _ arguments: SQLValue...,
        in keys: [Key],
        _ key: (Key) -> SQLValue,
        as row: (SQLRow) throws -> (Key, Value)?
    ) throws -> [Key: Value] {
        var found: [Key: Value] = [:]
        for page in keys.chunks(ofCount: Self.mostKeys) {
            let list = SQLList(page.map(key))
            try connection.queryAll([SQLStatement("\(sql) IN \(list.sql)", arguments + list.arguments)]) {
                if let (key, value) = try row($1) { found[key] = value }
            }
        }
        return found
    }

    private static let mostKeys = 512

    func exists(_ sql: String, _ arguments: SQLValue...) throws -> Bool {
        var found = false
        try connection.query(sql, arguments) { _ in found = true }
        return found
    }

    /// - Parameter sql: a statement that gives one row with the column `count`.
    func count(_ sql: String, _ arguments: SQLValue...) throws -> Int { try count(sql, arguments) }

    func count(_ sql: String, _ arguments: [SQLValue]) throws -> Int {
        var count = 0
        try connection.query(sql, arguments) { count = try $0.int("count") }
        return count
    }

    /// Runs a part that is all or nothing within the transaction: if it throws, its changes are rolled back and the transaction
    /// continues.
    package func attempt<Value>(_ part: () throws -> Value) throws -> Value {
        try connection.settle()
        try execute("SAVEPOINT part")
        do {
            let value = try part()
            try execute("RELEASE SAVEPOINT part")
            try connection.settle()
            return value
        } catch {
            // The part's own error counts.
            try? connection.settle()
            try execute("ROLLBACK TO SAVEPOINT part")
            try execute("RELEASE SAVEPOINT part")
            try connection.settle()
            throw error
        }
    }

    /// The installation's id, made at the first opening.
    func loadInstallationID() throws -> String {
        if let id = try first("SELECT id FROM installation", as: { try $0.text("id") }) { return id }
        let id = UUID().uuidString.lowercased()
        try execute("INSERT INTO installation (id, created_at_ms) VALUES (?, ?)", .text(id), .integer(now.milliseconds))
        return id
    }
}

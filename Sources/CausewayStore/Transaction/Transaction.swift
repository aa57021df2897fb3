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
    let journalMark: JournalWriteFlag
    /// Searches found before; none if this transaction may write, since what it sees may be rolled back.
    var userSearches: UserSearchMemory?
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

    /// Takes the next numbers of a sequence.
    ///
    /// - Returns: the first of them.
    func take(_ count: Int64 = 1, of sequence: String) throws -> Int64 {
        let last = try first(
            "UPDATE sequences SET last_value = last_value + ? WHERE name = ? RETURNING last_value",
            .integer(count),
            .text(sequence)
        ) { try $0.integer("last_value") }
        guard let last else { throw StoreError(.unreadable, "The sequence '\(sequence)' is missing.") }
        return last - count + 1
    }

    /// The installation's id, made at the first opening.
    func loadInstallationID() throws -> String {
        if let id = try first("SELECT id FROM installation", as: { try $0.text("id") }) { return id }
        let id = UUID().uuidString.lowercased()
        try execute("INSERT INTO installation (id, created_at_ms) VALUES (?, ?)", .text(id), .integer(now.milliseconds))
        return id
    }
}

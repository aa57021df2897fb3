import CausewayJSON
import CausewayModel

// Rows are checked as they are read: a database is input too.

extension SQLRow {
    func requiredText(_ column: Int) throws -> String {
        guard let value = text(column) else { throw missing(column) }
        return value
    }

    func requiredInteger(_ column: Int) throws -> Int64 {
        guard let value = integer(column) else { throw missing(column) }
        return value
    }

    func bool(_ column: Int) throws -> Bool { try requiredInteger(column) != 0 }

    func timestamp(_ column: Int) throws -> Timestamp { Timestamp(milliseconds: try requiredInteger(column)) }

    func json(_ column: Int) throws -> JSONValue {
        do { return try JSONValue(parsing: try requiredText(column)) } catch let error as JSONError {
            throw StoreError(.unreadable, "A stored value is damaged: \(error). Restore the database from a backup.")
        }
    }

    func object(_ column: Int) throws -> [String: JSONValue] {
        guard case .object(let members) = try json(column) else { throw missing(column) }
        return members
    }

    func word<Word: RawRepresentable>(_ column: Int, as type: Word.Type = Word.self) throws -> Word
    where Word.RawValue == String {
        guard let word = Word(rawValue: try requiredText(column)) else { throw missing(column) }
        return word
    }

    /// Words separated by commas.
    func words<Word: RawRepresentable>(_ column: Int) throws -> [Word] where Word.RawValue == String {
        try requiredText(column).split(separator: ",").map { word in
            guard let word = Word(rawValue: String(word)) else { throw missing(column) }
            return word
        }
    }

    func uuid<Thing>(_ column: Int) throws -> Identifier<Thing, UUIDValue> {
        guard let id = Identifier<Thing, UUIDValue>(text: try requiredText(column)) else { throw missing(column) }
        return id
    }

    /// The sort of a failure, from its id and its title behind it; nil where the first is empty.
    func failureRule(_ column: Int) throws -> FailureRule? {
        let id = try requiredText(column)
        return id.isEmpty ? nil : FailureRule(id, title: try requiredText(column + 1))
    }

    private func missing(_ column: Int) -> StoreError {
        StoreError(.unreadable, "A stored row is damaged (column \(column)); restore the database from a backup.")
    }
}

extension SQLValue {
    init(_ text: String?) { self = text.map(SQLValue.text) ?? .null }
    init(_ integer: Int64?) { self = integer.map(SQLValue.integer) ?? .null }
    init(_ point: Timestamp) { self = .integer(point.milliseconds) }
    init(_ point: Timestamp?) { self.init(point?.milliseconds) }
    init<Thing>(_ id: Identifier<Thing, Int64>) { self = .integer(id.rawValue) }
    init<Thing>(_ id: Identifier<Thing, UUIDValue>) { self = .text(id.text) }
    init<Thing>(_ id: Identifier<Thing, UUIDValue>?) { self.init(id?.text) }
    init<Thing>(_ id: Identifier<Thing, String>) { self = .text(id.rawValue) }
    init(json members: [String: JSONValue]) { self = .text(JSONValue.object(members).text) }
    init(_ word: some RawRepresentable<String>) { self = .text(word.rawValue) }
}

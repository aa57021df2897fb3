import CausewayJSON
import CausewayModel
import Foundation

// Rows are checked as they are read: a database is input too. Each function takes the name of a column; with `orNil`, a column
// without a value is nil, otherwise that is an error.

extension SQLRow {
    func text(_ name: StaticString) throws -> String { try required(name, try text(orNil: name)) }

    func text(orNil name: StaticString) throws -> String? {
        switch try value(name) {
        case .null: nil
        case .text(let text): text
        default: throw damaged(name, "is not a text")
        }
    }

    func integer(_ name: StaticString) throws -> Int64 { try required(name, try integer(orNil: name)) }

    func integer(orNil name: StaticString) throws -> Int64? {
        switch try value(name) {
        case .null: nil
        case .integer(let integer): integer
        default: throw damaged(name, "is not an integer")
        }
    }

    func int(_ name: StaticString) throws -> Int { Int(try integer(name)) }

    /// Truth values are integers in SQLite, and a type of their own elsewhere.
    func bool(_ name: StaticString) throws -> Bool {
        switch try value(name) {
        case .bool(let bool): bool
        case .integer(let integer): integer != 0
        case .null: throw damaged(name, Self.hasNoValue)
        default: throw damaged(name, "is not a truth value")
        }
    }

    func blob(_ name: StaticString) throws -> [UInt8] { try required(name, try blob(orNil: name)) }

    func blob(orNil name: StaticString) throws -> [UInt8]? {
        switch try value(name) {
        case .null: nil
        case .blob(let bytes): bytes
        default: throw damaged(name, "is not a sequence of bytes")
        }
    }

    func isNull(_ name: StaticString) throws -> Bool { try value(name) == .null }

    private func required<Value>(_ name: StaticString, _ value: Value?) throws -> Value {
        guard let value else { throw damaged(name, Self.hasNoValue) }
        return value
    }

    private static let hasNoValue = "has no value"
}

// MARK: Values that texts and integers represent

extension SQLRow {
    func timestamp(_ name: StaticString) throws -> Timestamp { Timestamp(milliseconds: try integer(name)) }

    func timestamp(orNil name: StaticString) throws -> Timestamp? {
        try integer(orNil: name).map(Timestamp.init(milliseconds:))
    }

    func uuid(_ name: StaticString) throws -> UUID { try uuid(name, try text(name)) }

    private func uuid(_ name: StaticString, _ text: String) throws -> UUID {
        guard let id = UUID(uuidString: text) else { throw damaged(name, "is not a UUID") }
        return id
    }

    func id<Thing>(_ name: StaticString) throws -> Identifier<Thing, Int64> { Identifier(try integer(name)) }

    func id<Thing>(orNil name: StaticString) throws -> Identifier<Thing, Int64>? {
        try integer(orNil: name).map(Identifier.init)
    }

    func id<Thing>(_ name: StaticString) throws -> Identifier<Thing, UUIDValue> { Identifier(try uuid(name)) }

    func id<Thing>(orNil name: StaticString) throws -> Identifier<Thing, UUIDValue>? {
        try text(orNil: name).map { Identifier(try uuid(name, $0)) }
    }

    func id<Thing>(_ name: StaticString) throws -> Identifier<Thing, String> { Identifier(try text(name)) }

    func id<Thing>(orNil name: StaticString) throws -> Identifier<Thing, String>? {
        try text(orNil: name).map(Identifier.init)
    }

    /// A value of an enumeration.
    func word<Word: RawRepresentable>(_ name: StaticString, as type: Word.Type = Word.self) throws -> Word
    where Word.RawValue == String {
        try word(name, try text(name))
    }

    func word<Word: RawRepresentable>(orNil name: StaticString) throws -> Word? where Word.RawValue == String {
        try text(orNil: name).map { try word(name, $0) }
    }

    private func word<Word: RawRepresentable>(_ name: StaticString, _ text: String) throws -> Word
    where Word.RawValue == String {
        guard let word = Word(rawValue: text) else { throw damaged(name, "has the unknown word '\(text)'") }
        return word
    }

    func json(_ name: StaticString) throws -> JSONValue { try required(name, try json(orNil: name)) }

    func json(orNil name: StaticString) throws -> JSONValue? {
        do { return try text(orNil: name).map { try JSONValue(parsing: $0) } } catch let error as JSONError {
            throw damaged(name, "is not JSON: \(error)")
        }
    }

    func object(_ name: StaticString) throws -> [String: JSONValue] { try required(name, try object(orNil: name)) }

    func object(orNil name: StaticString) throws -> [String: JSONValue]? {
        guard let value = try json(orNil: name) else { return nil }
        guard case .object(let members) = value else { throw damaged(name, "is not a JSON object") }
        return members
    }

    /// A user or group by its key; nil if there is none, or if it is not a key of that kind.
    func reference(_ kind: ObjectKind, orNil name: StaticString) throws -> ObjectReference? {
        try text(orNil: name).flatMap { ObjectReference(kind: kind, id: $0) }
    }

    /// The rule of a failure, in the columns `rule` and `rule_title`; nil if the first is empty.
    func failureRule() throws -> FailureRule? {
        let id = try text("rule")
        return id.isEmpty ? nil : FailureRule(id, title: try text("rule_title"))
    }
}

extension SQLValue {
    init(_ text: String?) { self = text.map(SQLValue.text) ?? .null }
    init(_ integer: Int64?) { self = integer.map(SQLValue.integer) ?? .null }
    init(_ integer: Int) { self = .integer(Int64(integer)) }
    init(_ point: Timestamp) { self = .integer(point.milliseconds) }
    init(_ point: Timestamp?) { self.init(point?.milliseconds) }
    init(_ id: UUID) { self = .text(id.uuidString.lowercased()) }
    init<Thing>(_ id: Identifier<Thing, Int64>) { self = .integer(id.rawValue) }
    init<Thing>(_ id: Identifier<Thing, Int64>?) { self.init(id?.rawValue) }
    init<Thing>(_ id: Identifier<Thing, UUIDValue>) { self.init(id.rawValue) }
    init<Thing>(_ id: Identifier<Thing, UUIDValue>?) { self.init(id?.text) }
    init<Thing>(_ id: Identifier<Thing, String>) { self = .text(id.rawValue) }
    init<Thing>(_ id: Identifier<Thing, String>?) { self.init(id?.rawValue) }
    init(json members: [String: JSONValue]) { self = .text(JSONValue.object(members).text) }
    init(_ word: some RawRepresentable<String>) { self = .text(word.rawValue) }
}

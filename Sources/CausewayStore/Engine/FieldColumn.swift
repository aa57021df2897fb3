import CausewayJSON
import CausewayModel

extension RecordTable {
    /// A table with the columns of fields that belong to a part of the record, and further columns.
    init<Part>(
        _ name: String,
        _ fields: [Field<Part>],
        of part: Column<Record>.Property<Part>,
        _ further: [Column<Record>]
    ) {
        self.init(name, fields.compactMap { Column.field($0, of: part) } + further)
    }
}

extension Column {
    /// The column of a field that belongs to a part of the record.
    ///
    /// - Returns: nil for references, which are columns or tables with rules of their own.
    static func field<Part>(_ field: Field<Part>, of part: Property<Part>) -> Column? {
        guard let read = reader(field.column, field.kind) else { return nil }
        return Column(
            name: field.column,
            writing: .always,
            write: { $1.append(SQLValue(field: field.value($0[keyPath: part]))) },
            read: { field.take(&$1[keyPath: part], try read($0)) }
        )
    }

    private static func reader(_ key: StaticString, _ kind: FieldKind) -> (@Sendable (SQLRow) throws -> JSONValue)? {
        switch kind {
        case .text: { .string(try $0.text(key)) }
        case .flag: { .bool(try $0.bool(key)) }
        case .whole: { .integer(Int64(try $0.int(key))) }
        case .choice(let type): { .string(try word(type, try $0.text(key), $0, key)) }
        case .choices(let type):
            { row in
                let words = try row.text(key).split(separator: ",")
                return JSONValue(try words.map { try word(type, String($0), row, key) })
            }
        case .attributes: { try $0.json(key) }
        case .reference, .references, .sealed: nil
        }
    }

    private static func word(_ type: any FieldWord.Type, _ text: String, _ row: SQLRow, _ key: StaticString) throws
        -> String
    {
        guard type.words.contains(text) else { throw row.damaged(key, "has the unknown word '\(text)'") }
        return text
    }
}

extension SQLValue {
    /// The stored form of a field: choices with commas between them, attributes as JSON.
    init(field value: JSONValue) {
        switch value {
        case .bool(let flag): self = .bool(flag)
        case .integer(let number): self = .integer(number)
        case .string(let text): self = .text(text)
        case .array(let words): self = .text(words.compactMap(\.string).joined(separator: ","))
        case .object(let members): self.init(json: members)
        case .null, .number: self = .null
        }
    }
}

import CausewayJSON
package import CausewayModel

extension FieldRecord {
    /// This record with another valid value of one field; nil for references, which need objects.
    ///
    /// - Parameter isAllowed: whether a valid value is allowed here.
    package func changed(_ field: Field<Self>, where isAllowed: (Self) -> Bool = { _ in true }) -> Self? {
        for value in Self.candidates(field.kind, besides: field.value(self)) {
            var record = self
            field.take(&record, value)
            if record != self, (try? record.validate()) != nil, isAllowed(record) { return record }
        }
        return nil
    }

    private static func candidates(_ kind: FieldKind, besides value: JSONValue) -> [JSONValue] {
        switch kind {
        case .text: ["other", "hours=3", "https://other.example.com/v1.0", "other@example.com"]
        case .flag: [.bool(value != true)]
        case .whole(let range): [.integer(Int64(range.lowerBound)), .integer(Int64(range.upperBound))]
        case .choice(let type): type.words.map { .string($0) }
        case .choices(let type): [JSONValue(type.words.reversed())]
        case .sealed: ["http://proxy.example.com:3128"]
        case .attributes: [["floor": "third"]]
        case .reference, .references: []
        }
    }
}

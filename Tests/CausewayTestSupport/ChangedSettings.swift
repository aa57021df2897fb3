import CausewayJSON
package import CausewayModel

extension ProviderSettings {
    /// These settings with another valid value of one field; nil for references, which need objects.
    package func changed(_ field: Field<ProviderSettings>) -> ProviderSettings? {
        for value in Self.candidates(field.kind, besides: field.value(self)) {
            var settings = self
            field.take(&settings, value)
            if settings != self, (try? settings.validate()) != nil { return settings }
        }
        return nil
    }

    private static func candidates(_ kind: FieldKind, besides value: JSONValue) -> [JSONValue] {
        switch kind {
        case .text: ["hours=3", "https://other.example.com/v1.0"]
        case .flag: [.bool(value != true)]
        case .whole(let range): [.integer(Int64(range.lowerBound)), .integer(Int64(range.upperBound))]
        case .choice(let type): type.words.map { .string($0) }
        case .choices(let type): [JSONValue(type.words.reversed())]
        case .sealed: ["http://proxy.example.com:3128"]
        case .reference, .references, .attributes: []
        }
    }
}

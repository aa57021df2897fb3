import CausewayJSON
import CausewayModel

extension FormField {
    /// The form field of a field of the model.
    ///
    /// - Parameters:
    ///   - blank: a record with defaults. Its value is the default of the form unless `place` has another.
    ///   - source: the objects that a reference can select.
    /// - Returns: nil for a list of choices, which no form shows.
    init?<Record>(_ field: Field<Record>, at place: FormPlace, of blank: Record, _ source: ObjectSource) {
        guard let kind = Kind(field.kind, place, source) else { return nil }
        self.init(
            name: field.name,
            kind: kind,
            isOptional: field.kind.mayBeEmpty,
            standard: place.standard ?? Self.text(field.value(blank)),
            preselected: place.preselected
        )
    }

    /// A value as the form has it; empty for a flag that is not set.
    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .integer(let number): "\(number)"
        case .bool(true): "true"
        case .bool(false), .null, .number, .array, .object: ""
        }
    }
}

extension FormField.Kind {
    fileprivate init?(_ kind: FieldKind, _ place: FormPlace, _ source: ObjectSource) {
        switch kind {
        case .text, .sealed: self = .text
        case .flag: self = .flag
        case .whole: self = .number
        case .choice(let type): self = .choice(place.words ?? type.words)
        case .reference: self = .named(source)
        case .references: self = .objects(source, isMultiple: true)
        case .attributes: self = .attributes
        case .choices: return nil
        }
    }
}

extension FieldKind {
    fileprivate var mayBeEmpty: Bool {
        switch self {
        case .text(let isRequired): !isRequired
        case .choices, .reference, .references, .sealed: true
        case .flag, .whole, .choice, .attributes: false
        }
    }
}

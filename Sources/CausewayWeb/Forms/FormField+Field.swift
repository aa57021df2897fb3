import CausewayJSON
import CausewayModel

extension FormField {
    /// The form field of a field of the model. A blank record has the default unless `place` has another.
    ///
    /// - Parameter source: the objects that a reference can select.
    /// - Returns: nil for a list of choices, which no form shows, and for a reference without objects.
    init?<Record: FieldRecord>(_ field: Field<Record>, at place: FormPlace, _ source: ObjectSource?) {
        guard let kind = Kind(field.kind, place, source) else { return nil }
        self.init(
            name: field.name,
            kind: kind,
            isSealed: field.sealed != nil,
            isOptional: place.isOptional ?? field.kind.mayBeEmpty,
            standard: place.standard ?? Self.text(field.value(.blank)),
            preselected: place.preselected,
            derivedFrom: place.derivedFrom
        )
    }

    /// A value as the form has it; empty for a flag that is not set.
    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .integer(let number): "\(number)"
        case .bool(true): "true"
        case .object: value.prettyText
        case .bool(false), .null, .number, .array: ""
        }
    }
}

extension FormField.Kind {
    fileprivate init?(_ kind: FieldKind, _ place: FormPlace, _ source: ObjectSource?) {
        switch (kind, source) {
        case (.text, _), (.sealed, _): self = Self(place.input)
        case (.flag, _): self = .flag
        case (.whole, _): self = .number
        case (.choice(let type), _): self = .choice(place.words ?? type.words)
        case (.reference, let source?): self = .named(source)
        case (.references, let source?): self = .objects(source, isMultiple: true)
        case (.attributes, _): self = .attributes
        case (.reference, nil), (.references, nil), (.choices, _): return nil
        }
    }

    private init(_ input: FormPlace.Input) {
        switch input {
        case .line: self = .text
        case .email: self = .email
        case .lines: self = .longText
        case .code: self = .code
        }
    }
}

extension FieldKind {
    fileprivate var mayBeEmpty: Bool {
        switch self {
        case .text(let isRequired): !isRequired
        case .choices, .reference, .references, .attributes, .sealed: true
        case .flag, .whole, .choice: false
        }
    }
}

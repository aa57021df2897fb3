package import CausewayJSON
package import Foundation

/// A property of a record that people set. Its declaration gives the API's input, answer and schema, the column, the form field and
/// the command line option.
package struct Field<Record>: Sendable {
    /// A property of the record.
    package typealias Property<Value> = any WritableKeyPath<Record, Value> & Sendable

    /// Its name in the API and in forms.
    package let key: StaticString
    /// Its name in the database.
    package private(set) var column: StaticString
    package let kind: FieldKind
    /// The record's value as the API returns it: without secrets.
    package let value: @Sendable (Record) -> JSONValue
    /// Sets the record's value. A value of another kind changes nothing.
    package let take: @Sendable (inout Record, JSONValue) -> Void
    /// The error in the record's value, in one sentence; nil if the value is valid.
    package let violation: @Sendable (Record) -> String?
    /// The stored text of a ``FieldKind/sealed`` field, with its secret.
    package private(set) var sealed: Property<Secret>?
    package private(set) var effect = FieldEffect.plan
    package private(set) var form: FormPlace?
    package private(set) var option: CommandOption?

    package var name: String { key.description }

    private init(
        _ key: StaticString,
        _ kind: FieldKind,
        value: @escaping @Sendable (Record) -> JSONValue,
        take: @escaping @Sendable (inout Record, JSONValue) -> Void,
        violation: @escaping @Sendable (Record) -> String?
    ) {
        (self.key, self.kind, self.value, self.take, self.violation) = (key, kind, value, take, violation)
        column = key
    }

    private init<Value>(
        _ key: StaticString,
        _ kind: FieldKind,
        _ property: Property<Value>,
        write: @escaping @Sendable (Value) -> JSONValue,
        read: @escaping @Sendable (JSONValue) -> Value?,
        violation: @escaping @Sendable (Value) -> String? = { _ in nil }
    ) {
        self.init(
            key,
            kind,
            value: { write($0[keyPath: property]) },
            take: { record, json in
                if let value = read(json) { record[keyPath: property] = value }
            },
            violation: { violation($0[keyPath: property]) }
        )
    }
}

// MARK: Kinds

extension Field {
    /// - Parameters:
    ///   - normalized: returns the stored form of an entered text.
    ///   - violation: returns the error in a text; nil if the text is valid.
    package static func text(
        _ key: StaticString,
        _ property: Property<String>,
        isRequired: Bool = false,
        normalized: @escaping @Sendable (String) -> String = { $0 },
        violation: @escaping @Sendable (String) -> String? = { _ in nil }
    ) -> Field {
        Field(
            key,
            .text(isRequired: isRequired),
            property,
            write: { .string($0) },
            read: { $0.string.map(normalized) },
            violation: { text in
                isRequired && text.allSatisfy(\.isWhitespace) ? "This field may not be blank." : violation(text)
            }
        )
    }

    package static func flag(_ key: StaticString, _ property: Property<Bool>) -> Field {
        Field(key, .flag, property, write: { .bool($0) }, read: \.bool)
    }

    /// A whole number.
    ///
    /// - Parameter violation: the error for a number outside the range; without it, the error names the bound.
    package static func whole(
        _ key: StaticString,
        _ property: Property<Int>,
        _ range: ClosedRange<Int>,
        violation: String? = nil
    ) -> Field {
        Field(
            key,
            .whole(range),
            property,
            write: { .integer(Int64($0)) },
            read: { $0.integer.flatMap { Int(exactly: $0) } },
            violation: { number in
                if range.contains(number) { return nil }
                let bound =
                    number < range.lowerBound
                    ? "greater than or equal to \(range.lowerBound)" : "less than or equal to \(range.upperBound)"
                return violation ?? "Ensure this value is \(bound)."
            }
        )
    }

    /// One case of an enumeration.
    package static func choice<Word: FieldWord>(_ key: StaticString, _ property: Property<Word>) -> Field {
        Field(
            key,
            .choice(Word.self),
            property,
            write: { .string($0.rawValue) },
            read: { $0.string.flatMap(Word.init(rawValue:)) }
        )
    }

    /// Cases of an enumeration in an order, each at most once.
    package static func choices<Word: FieldWord>(_ key: StaticString, _ property: Property<[Word]>) -> Field {
        Field(
            key,
            .choices(Word.self),
            property,
            write: { JSONValue($0.map(\.rawValue)) },
            read: { $0.array?.compactMap { $0.string.flatMap(Word.init(rawValue:)) } },
            violation: { Set($0.map(\.rawValue)).count < $0.count ? "Name each rule once." : nil }
        )
    }

    /// The key of an object, or none.
    package static func reference<Thing>(
        _ key: StaticString,
        _ property: Property<Identifier<Thing, UUID>?>
    ) -> Field {
        Field(
            key,
            .reference,
            property,
            write: { JSONValue($0?.text) },
            read: { .some($0.string.flatMap(Identifier.init(text:))) }
        )
    }

    /// The keys of objects.
    package static func references<Thing>(
        _ key: StaticString,
        _ property: Property<[Identifier<Thing, UUID>]>
    ) -> Field {
        Field(
            key,
            .references,
            property,
            write: { JSONValue($0.map(\.text)) },
            read: { $0.array?.compactMap { $0.string.flatMap(Identifier.init(text:)) } }
        )
    }

    /// A text that holds a secret.
    ///
    /// - Parameters:
    ///   - shown: the text without its secret.
    ///   - entered: returns the text to store for an entered text and the stored one. An entered text without a secret can keep the
    ///     stored secret.
    ///   - violation: returns the error in the text to store; nil if the text is valid.
    package static func sealed(
        _ key: StaticString,
        _ property: Property<Secret>,
        shown: @escaping @Sendable (Secret) -> String,
        entered: @escaping @Sendable (_ text: Secret, _ before: Secret) -> Secret,
        violation: @escaping @Sendable (Secret) -> String?
    ) -> Field {
        var field = Field(
            key,
            .sealed,
            value: { .string(shown($0[keyPath: property])) },
            take: { record, json in
                guard let text = json.string else { return }
                record[keyPath: property] = entered(Secret(text), record[keyPath: property])
            },
            violation: { violation($0[keyPath: property]) }
        )
        field.sealed = property
        return field
    }

    /// Members by name.
    package static func attributes(_ key: StaticString, _ property: Property<[String: JSONValue]>) -> Field {
        Field(key, .attributes, property, write: { .object($0) }, read: \.object)
    }
}

// MARK: Uses

extension Field {
    /// The field with the effect of a change.
    package func effect(_ effect: FieldEffect) -> Field {
        var field = self
        field.effect = effect
        return field
    }

    /// The field with the name of its column, if it is not the field's name.
    package func column(_ name: StaticString) -> Field {
        var field = self
        field.column = name
        return field
    }

    /// The field with its place in a form.
    ///
    /// - Parameters:
    ///   - group: the group's key in the catalogue of texts; empty for the group without a heading.
    ///   - predecessor: the field that it follows, if the form's order is not the table's.
    ///   - input: how a text is entered.
    ///   - isOptional: whether the form calls it optional, if its kind does not say so.
    ///   - standard: the form's value for a new object, if it is not the record's default.
    ///   - words: the values that the form offers, in this order.
    ///   - preselected: the object that the form selects for a new object, by authentik's name of what it manages.
    ///   - source: the field from which a script derives a proposal.
    package func form(
        _ group: String,
        after predecessor: String? = nil,
        as input: FormPlace.Input = .line,
        isOptional: Bool? = nil,
        standard: String? = nil,
        words: [String]? = nil,
        preselected: String? = nil,
        derivedFrom source: String? = nil
    ) -> Field {
        var field = self
        field.form = FormPlace(
            group: group,
            predecessor: predecessor,
            input: input,
            isOptional: isOptional,
            standard: standard,
            words: words,
            preselected: preselected,
            derivedFrom: source
        )
        return field
    }

    /// The field with its command line option.
    ///
    /// - Parameter name: the option's name, if it is not the field's name with hyphens.
    package func option(_ section: CommandOption.Section, name: String? = nil, _ help: String) -> Field {
        var field = self
        let name = name ?? self.name.replacing("_", with: "-")
        field.option = CommandOption(section: section, name: name, help: help)
        return field
    }
}

extension Field {
    /// Sets the field to the value of a blank record.
    package func reset(_ record: inout Record, to blank: Record) { take(&record, value(blank)) }
}

extension Array {
    /// A record's values of these fields, by name.
    package func values<Record>(of record: Record) -> [String: JSONValue] where Element == Field<Record> {
        Dictionary(map { ($0.name, $0.value(record)) }) { first, _ in first }
    }

    /// Sets a record's fields to the given values, by name. Other fields keep their values.
    package func take<Record>(_ values: [String: JSONValue], into record: inout Record)
    where Element == Field<Record> {
        for field in self {
            if let value = values[field.name] { field.take(&record, value) }
        }
    }
}

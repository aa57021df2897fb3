package import CausewayJSON
package import Foundation

/// A property of a record that people set, stated once. The API's input, answer and schema, the column, the field of the form and the
/// option of the command line are made from it.
package struct Field<Record>: Sendable {
    /// A property of the record.
    package typealias Property<Value> = any WritableKeyPath<Record, Value> & Sendable

    /// Its name in the API and in forms, and of its column.
    package let key: StaticString
    package let kind: FieldKind
    /// What the record has, as the API answers it: without secrets.
    package let value: @Sendable (Record) -> JSONValue
    /// Gives the record a value. One that is not of the kind changes nothing.
    package let take: @Sendable (inout Record, JSONValue) -> Void
    /// What is wrong with the record's value, in one sentence; nil where nothing is.
    package let violation: @Sendable (Record) -> String?
    /// The text that is stored of a ``FieldKind/sealed`` field, with its secret.
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
    ///   - normalized: the text as it is meant, of what was entered.
    ///   - violation: what is wrong with a text; nil where nothing is.
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
    /// - Parameter violation: what is said of a number outside the range, in place of the bound that it breaks.
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

    /// One word of an enumeration.
    package static func choice<Word: FieldWord>(_ key: StaticString, _ property: Property<Word>) -> Field {
        Field(
            key,
            .choice(Word.self),
            property,
            write: { .string($0.rawValue) },
            read: { $0.string.flatMap(Word.init(rawValue:)) }
        )
    }

    /// Words of an enumeration in an order, each at most once.
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
    ///   - entered: what is kept of a text that was entered, given what was kept before: a text without a secret, as it is shown, may
    ///     keep the one that is there.
    ///   - violation: what is wrong with what would be kept; nil where nothing is.
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
    /// The field, whose change does this.
    package func effect(_ effect: FieldEffect) -> Field {
        var field = self
        field.effect = effect
        return field
    }

    /// The field, shown in a form.
    ///
    /// - Parameters:
    ///   - standard: what a new object begins with in the form, where it is not the record's own default.
    ///   - words: of the words of the kind, those that the form offers, in this order.
    ///   - preselected: of objects to choose from, the one that a new object begins with, by authentik's name of what it manages.
    package func form(
        _ group: String,
        standard: String? = nil,
        words: [String]? = nil,
        preselected: String? = nil
    ) -> Field {
        var field = self
        field.form = FormPlace(group: group, standard: standard, words: words, preselected: preselected)
        return field
    }

    /// The field, set by an option of the command line.
    ///
    /// - Parameter name: the option's, where it is not the field's with hyphens.
    package func option(_ section: CommandOption.Section, name: String? = nil, _ help: String) -> Field {
        var field = self
        let name = name ?? self.name.replacing("_", with: "-")
        field.option = CommandOption(section: section, name: name, help: help)
        return field
    }
}

extension Field {
    /// Gives the record the value of a blank one.
    package func reset(_ record: inout Record, to blank: Record) { take(&record, value(blank)) }
}

extension Array {
    /// What a record has in these fields, by name.
    package func values<Record>(of record: Record) -> [String: JSONValue] where Element == Field<Record> {
        Dictionary(map { ($0.name, $0.value(record)) }) { first, _ in first }
    }

    /// Gives a record the values that are there, by name; in other fields it keeps its own.
    package func take<Record>(_ values: [String: JSONValue], into record: inout Record)
    where Element == Field<Record> {
        for field in self {
            if let value = values[field.name] { field.take(&record, value) }
        }
    }
}

import ArgumentParser
import CausewayJSON
import CausewayModel
import Foundation

/// A heading of the help whose options come from a table of fields.
protocol FieldSection {
    associatedtype Record: FieldRecord
    static var section: CommandOption.Section { get }
}

/// The options of a section: one for each field of the record in it. An option that is not given changes nothing.
///
/// ArgumentParser finds options by reflection and decodes them by name, so this type reflects itself as one option for each field.
struct FieldOptions<Section: FieldSection>: ParsableArguments, CustomReflectable {
    private var given: [(field: Field<Section.Record>, value: JSONValue)] = []

    private static var options: [(field: Field<Section.Record>, option: FieldOption)] {
        Section.Record.fields.compactMap { field in
            guard let option = field.option, option.section == Section.section else { return nil }
            return (field, FieldOption(option, field.kind, words: field.form?.words))
        }
    }

    init() {}

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: FieldKey.self)
        given = try Self.options.compactMap { field, option in
            try option.decode(values, FieldKey(stringValue: field.name)).map { (field, $0) }
        }
    }

    var customMirror: Mirror {
        Mirror(self, children: Self.options.map { (label: $0.field.name, value: $0.option.definition) })
    }

    /// - Throws: ``UserError`` if a list has a word that the field does not know, or if a file cannot be read.
    func apply(to record: inout Section.Record) throws {
        for (field, value) in given { field.take(&record, try Self.entered(value, field, in: record)) }
    }

    /// The fields that the options set, with the values that they give a record, as the API takes them.
    ///
    /// - Throws: as ``apply(to:)``.
    func values(over record: Section.Record) throws -> [String: JSONValue] {
        var changed = record
        try apply(to: &changed)
        return given.map(\.field).values(of: changed)
    }

    /// What the field takes for a given value.
    private static func entered(_ value: JSONValue, _ field: Field<Section.Record>, in record: Section.Record) throws
        -> JSONValue
    {
        switch field.kind {
        case .choices(let type):
            try require((value.array ?? []).compactMap(\.string), areOf: type)
            return value
        // A secret must not be on the command line, where others can see it: the option names a file.
        case .sealed: return .string(try text(of: value.string ?? ""))
        case .attributes:
            // A name without a value removes the attribute; other attributes stay, those without a value too.
            let given = value.object ?? [:]
            let members = (field.value(record).object ?? [:]).merging(given) { $1 }
            return .object(members.filter { given[$0.key]?.isNull != true })
        case .text, .flag, .whole, .choice, .reference, .references: return value
        }
    }

    private static func text(of file: String) throws -> String {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw UserError("The file \(file) cannot be read.")
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func require(_ words: [String], areOf type: any FieldWord.Type) throws {
        let known = type.words
        guard let word = words.first(where: { !known.contains($0) }) else { return }
        throw UserError("'\(word)' is not one of the choices: \(known.joined(separator: ", ")).")
    }
}

private struct FieldKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// An option of ArgumentParser, and the function that reads its value.
private struct FieldOption {
    let definition: Any
    let decode: (KeyedDecodingContainer<FieldKey>, FieldKey) throws -> JSONValue?

    /// - Parameter words: the choices that people have, if these are not all.
    init(_ option: CommandOption, _ kind: FieldKind, words: [String]?) {
        switch kind {
        case .flag: self.init(flag: option)
        case .whole: self.init(option) { (number: Int) in .integer(Int64(number)) }
        case .choice(let type): self.init(option, of: words ?? type.words)
        case .choices: self.init(option) { JSONValue(Self.words($0)) }
        case .attributes: self.init(members: option)
        case .text, .sealed, .reference, .references: self.init(option) { .string($0) }
        }
    }

    private init(flag option: CommandOption) {
        definition = Flag<Bool?>(
            name: .customLong(option.name),
            inversion: .prefixedNo,
            help: ArgumentHelp(option.help)
        )
        decode = { values, key in try values.decode(Flag<Bool?>.self, forKey: key).wrappedValue.map { .bool($0) } }
    }

    private init<Value: ExpressibleByArgument>(_ option: CommandOption, _ json: @escaping (Value) -> JSONValue) {
        definition = Option<Value?>(name: .customLong(option.name), help: ArgumentHelp(option.help))
        decode = { values, key in try values.decode(Option<Value?>.self, forKey: key).wrappedValue.map(json) }
    }

    /// The help of the option lists the words.
    private init(_ option: CommandOption, of words: [String]) {
        definition = Option<String?>(
            name: .customLong(option.name),
            help: ArgumentHelp(option.help),
            completion: .list(words),
            transform: { text in
                guard words.contains(text) else {
                    throw ArgumentParser.ValidationError("It is one of: \(words.joined(separator: ", ")).")
                }
                return text
            }
        )
        decode = { values, key in
            try values.decode(Option<String?>.self, forKey: key).wrappedValue.map { .string($0) }
        }
    }

    private init(members option: CommandOption) {
        definition = Option<[AttributeArgument]>(
            wrappedValue: [],
            name: .customLong(option.name),
            help: ArgumentHelp(option.help, valueName: "name=value")
        )
        decode = { values, key in
            let given = try values.decode(Option<[AttributeArgument]>.self, forKey: key).wrappedValue
            guard !given.isEmpty else { return nil }
            return .object(Dictionary(given.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
        }
    }

    private static func words(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }
}

/// `NAME=TEXT` or `NAME:=JSON`; an empty text is null, which removes the member.
struct AttributeArgument: ExpressibleByArgument {
    let name: String
    let value: JSONValue

    init?(argument: String) {
        guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else { return nil }
        let text = String(argument[argument.index(after: sign)...])
        var name = argument[..<sign]
        guard name.last == ":" else {
            (self.name, value) = (String(name), text.isEmpty ? .null : .string(text))
            return
        }
        name.removeLast()
        guard !name.isEmpty, let json = try? JSONValue(parsing: text) else { return nil }
        (self.name, value) = (String(name), json)
    }
}

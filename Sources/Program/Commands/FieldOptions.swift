import ArgumentParser
import CausewayJSON
import CausewayModel
import Foundation

/// A heading of the help whose options come from a table of fields.
protocol FieldSection {
    static var section: CommandOption.Section { get }
}

/// The options of a section: one for each provider field in it. An option that is not given changes nothing.
///
/// ArgumentParser finds options by reflection and decodes them by name, so this type reflects itself as one option for each field.
struct FieldOptions<Section: FieldSection>: ParsableArguments, CustomReflectable {
    private var given: [(field: Field<ProviderSettings>, value: JSONValue)] = []

    private static var options: [(field: Field<ProviderSettings>, option: FieldOption)] {
        ProviderSettings.fields.compactMap { field in
            guard let option = field.option, option.section == Section.section else { return nil }
            return (field, FieldOption(option, field.kind))
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
    func apply(to settings: inout ProviderSettings) throws {
        for (field, value) in given {
            switch field.kind {
            case .choices(let type): try Self.require((value.array ?? []).compactMap(\.string), areOf: type)
            case .sealed:
                // A secret must not be on the command line, where others can see it: the option names a file.
                field.take(&settings, .string(try Self.text(of: value.string ?? "")))
                continue
            default: break
            }
            field.take(&settings, value)
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

    init(_ option: CommandOption, _ kind: FieldKind) {
        switch kind {
        case .flag: self.init(flag: option)
        case .whole: self.init(option) { (number: Int) in .integer(Int64(number)) }
        case .choice(let type): self = Self.word(option, type)
        case .choices: self.init(option) { JSONValue(Self.words($0)) }
        case .text, .sealed, .reference, .references, .attributes: self.init(option) { .string($0) }
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

    private static func word<Word: FieldWord>(_ option: CommandOption, _ type: Word.Type) -> FieldOption {
        FieldOption(option) { (argument: WordArgument<Word>) in .string(argument.word) }
    }

    private static func words(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }
}

/// A choice of an enumeration. The help and errors list the choices.
private struct WordArgument<Word: FieldWord>: ExpressibleByArgument {
    let word: String

    init?(argument: String) {
        guard Word(rawValue: argument) != nil else { return nil }
        word = argument
    }

    static var allValueStrings: [String] { Word.words }
    static var defaultCompletionKind: CompletionKind { .list(Word.words) }
}

import CausewayJSON
import CausewayModel
import Foundation

/// How the fields of Django REST framework convert JSON: clients that are written by hand send text for numbers, numbers for text,
/// and words for true and false. Observed with Django REST framework 3.18.3 on Django 5.2.19.
extension JSONValue {
    /// The result of `BooleanField`; nil for what it refuses.
    var asBoolean: JSONValue? {
        switch self {
        case .bool: self
        case .integer(1), .number(1): true
        case .integer(0), .number(0): false
        case .string(let word):
            switch word.lowercased() {
            case "t", "y", "yes", "true", "on", "1": true
            case "f", "n", "no", "false", "off", "0": false
            default: nil
            }
        default: nil
        }
    }

    /// The result of `CharField`: text, and numbers as Python writes them; nil for what it refuses.
    var asText: String? {
        switch self {
        case .string(let text): text
        case .integer, .number: pythonText
        case .null, .bool, .array, .object: nil
        }
    }

    /// The result of `IntegerField`: whole numbers, also as text or with zeros after a point; nil for what it refuses.
    ///
    /// A number that is too large for 64 bits becomes the largest one, so that it violates the limits.
    var asInteger: Int64? {
        switch self {
        case .integer(let number): number
        case .string, .number: asText.flatMap { Int64(pythonText: $0.replacing(/\.0*\s*$/, with: "")) }
        case .null, .bool, .array, .object: nil
        }
    }

    /// How a numeric key is read: unlike `IntegerField`, text may have no point, and fractions are cut off.
    var asNumericKey: Int64? {
        switch self {
        case .integer(let number): number
        case .number(let number): Int64(exactly: number.rounded(.towardZero)) ?? (number < 0 ? .min : .max)
        case .string(let text): Int64(pythonText: text)
        case .null, .bool, .array, .object: nil
        }
    }

    /// Whether a name or a text contains a NUL.
    var hasNull: Bool {
        switch self {
        case .string(let text): text.unicodeScalars.contains("\0")
        case .array(let elements): elements.contains(where: \.hasNull)
        case .object(let members): members.contains { JSONValue.string($0.key).hasNull || $0.value.hasNull }
        case .null, .bool, .integer, .number: false
        }
    }
}

extension Int64 {
    /// Reads a text as Python's `int` does, without its underscores and the digits of other scripts.
    init?(pythonText: String) {
        let text = pythonText.trimmed
        let digits = text.first.map { "+-".contains($0) } == true ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        self = Int64(text) ?? (text.hasPrefix("-") ? .min : .max)
    }
}

extension UUID {
    /// Reads a text as Python's `UUID` does: 32 digits, with hyphens or without, in braces, or after `urn:uuid:`.
    init?(pythonText: String) {
        let plain = pythonText.replacing("urn:", with: "").replacing("uuid:", with: "")
            .trimmingCharacters(in: CharacterSet(charactersIn: "{}")).replacing("-", with: "")
        guard plain.utf8.count == 32 else { return nil }
        let groups = [8, 4, 4, 4, 12].reduce(into: (parts: [Substring](), rest: plain[...])) { result, length in
            result.parts.append(result.rest.prefix(length))
            result.rest = result.rest.dropFirst(length)
        }
        self.init(uuidString: groups.parts.joined(separator: "-"))
    }
}

/// Names of types and values, as in the messages of authentik's framework.
extension JSONValue {
    /// Python's name of the value's type.
    var pythonType: String {
        switch self {
        case .null: "NoneType"
        case .bool: "bool"
        case .integer: "int"
        case .number: "float"
        case .string: "str"
        case .array: "list"
        case .object: "dict"
        }
    }

    /// The value as Python's `str` writes it.
    var pythonText: String {
        switch self {
        case .string(let text): text
        default: pythonLiteral
        }
    }

    private var pythonLiteral: String {
        switch self {
        case .null: "None"
        case .bool(let value): value ? "True" : "False"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .string(let text): "'\(text)'"
        case .array(let elements): "[\(elements.map(\.pythonLiteral).joined(separator: ", "))]"
        case .object(let members):
            "{\(members.sorted { $0.key < $1.key }.map { "'\($0.key)': \($0.value.pythonLiteral)" }.joined(separator: ", "))}"
        }
    }
}

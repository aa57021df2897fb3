import CausewayJSON
import CausewayModel
import Foundation

/// Holds what clients send against the document's schemas, in the words of authentik's framework.
struct SchemaCheck {
    let schemas: [String: JSONSchema]

    /// Checks a value.
    ///
    /// - Parameter isPartial: whether members that are required may be missing, as in a `PATCH`.
    /// - Returns: the value without members that are unknown or only for answers.
    /// - Throws: ``SchemaFault`` with everything that is wrong.
    func checked(_ value: JSONValue, _ schema: JSONSchema, isPartial: Bool = false) throws(SchemaFault) -> JSONValue {
        switch (schema, value) {
        case (.nullable, .null): return value
        // Django REST framework takes an empty text for no reference; Terraform's provider relies on it.
        case (.nullable(let schema), .string("")) where schema.isReference: return .null
        case (.nullable(let schema), _): return try checked(value, schema, isPartial: isPartial)
        case (.reference(let name), _):
            guard let schema = schemas[name] else { return value }
            return try checked(value, schema, isPartial: isPartial)
        case (.anything, _): return value
        case (_, .null): throw SchemaFault("This field may not be null.")
        case (.object(let rule), _): return try checked(value, rule, isPartial: isPartial)
        case (.array(let items), _): return try checked(value, items: items)
        case (.dictionary, .object): return value
        case (.dictionary, _):
            throw SchemaFault("Value must be a dictionary, and not have any duplicate keys.")
        case (.string(let rule), .string(let text)):
            // As Django REST framework trims texts, before anything is asked of them.
            let text = rule.trimming.trimmed(text)
            if let message = Self.objection(to: text, rule) { throw SchemaFault(message) }
            return .string(text)
        default:
            if let message = Self.objection(to: value, schema) { throw SchemaFault(message) }
            return value
        }
    }

    private func checked(_ value: JSONValue, _ rule: JSONSchema.ObjectRule, isPartial: Bool) throws(SchemaFault)
        -> JSONValue
    {
        guard case .object(let members) = value else {
            throw SchemaFault(
                fields: [
                    "non_field_errors": [.string("Invalid data. Expected a dictionary, but got \(value.pythonType).")]
                ]
            )
        }
        var (result, faults) = ([String: JSONValue](), [String: JSONValue]())
        for (name, schema) in rule.properties where !rule.readOnly.contains(name) {
            guard let member = members[name] else {
                if !isPartial, rule.required.contains(name) { faults[name] = ["This field is required."] }
                continue
            }
            do { result[name] = try checked(member, schema) } catch { faults[name] = error.json }
        }
        guard faults.isEmpty else { throw SchemaFault(fields: faults) }
        return .object(result)
    }

    private func checked(_ value: JSONValue, items: JSONSchema) throws(SchemaFault) -> JSONValue {
        guard case .array(let elements) = value else {
            throw SchemaFault("Expected a list of items but got type \"\(value.pythonType)\".")
        }
        var (result, faults) = ([JSONValue](), [String: JSONValue]())
        for (place, element) in elements.enumerated() {
            do { result.append(try checked(element, items)) } catch { faults["\(place)"] = error.json }
        }
        guard faults.isEmpty else { throw SchemaFault(fields: faults) }
        return .array(result)
    }

    private static func objection(to value: JSONValue, _ schema: JSONSchema) -> String? {
        switch (schema, value) {
        case (.boolean, .bool), (.number, .number), (.number, .integer): nil
        case (.boolean, _): "Must be a valid boolean."
        case (.number, _): "A valid number is required."
        case (.integer(let minimum, let maximum), .integer(let number)): objection(to: number, minimum, maximum)
        case (.integer, _): "A valid integer is required."
        case (.choice(let words), .string(let word)) where words.contains(word): nil
        case (.choice, _): "\"\(value.string ?? value.text)\" is not a valid choice."
        case (.string, _): "Not a valid string."
        default: nil
        }
    }

    private static func objection(to number: Int64, _ minimum: Int64?, _ maximum: Int64?) -> String? {
        if let minimum, number < minimum { return "Ensure this value is greater than or equal to \(minimum)." }
        if let maximum, number > maximum { return "Ensure this value is less than or equal to \(maximum)." }
        return nil
    }

    private static func objection(to text: String, _ rule: JSONSchema.StringRule) -> String? {
        if rule.minLength > 0, text.allSatisfy(\.isWhitespace) { return "This field may not be blank." }
        if text.unicodeScalars.contains("\0") { return "Null characters are not allowed." }
        if let limit = rule.maxLength, text.unicodeScalars.count > limit {
            return "Ensure this field has no more than \(limit) characters."
        }
        if rule.isSlug, !text.utf8.allSatisfy(isSlugByte) {
            return "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."
        }
        return rule.format.flatMap { objection(to: text, $0) }
    }

    private static func objection(to text: String, _ format: JSONSchema.Format) -> String? {
        switch format {
        case .uuid: UUID(uuidString: text) == nil ? "Must be a valid UUID." : nil
        case .dateTime:
            APITime.timestamp(text) == nil
                ? "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."
                : nil
        // What an address or a link must be beyond that is for the model to say.
        case .email, .uri, .binary: nil
        }
    }

    private static func isSlugByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

extension JSONSchema.Trimming {
    fileprivate func trimmed(_ text: String) -> String {
        switch self {
        case .both: text.trimmed
        case .indent: text.withoutIndent
        case .none: text
        }
    }
}

/// What is wrong with a value: messages for the value itself, or for each of its members.
struct SchemaFault: Error {
    let json: JSONValue

    init(_ message: String) { json = [.string(message)] }

    init(fields: [String: JSONValue]) { json = .object(fields) }
}

extension JSONValue {
    /// What Python would call the value's type, as authentik's messages do.
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
}

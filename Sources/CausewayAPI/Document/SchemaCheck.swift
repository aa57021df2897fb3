import CausewayJSON
import CausewayModel
import Foundation

/// Checks what clients send against the document's schemas, with the messages of authentik's framework, and reads each value as the field
/// that the schema describes would read it (``JSONValue/asBoolean`` and the like).
struct SchemaCheck {
    let schemas: [String: JSONSchema]

    /// A schema itself, if it is another's name or may be null.
    func resolved(_ schema: JSONSchema) -> JSONSchema {
        switch schema {
        case .nullable(let inner): resolved(inner)
        case .reference(let name): schemas[name].map(resolved) ?? .anything
        default: schema
        }
    }

    /// Checks a value.
    ///
    /// - Parameter isPartial: whether required members may be missing, as in a `PATCH`.
    /// - Returns: the value in the schema's types, without members that are unknown or only for answers.
    /// - Throws: ``SchemaFault`` with everything that is wrong.
    func checked(_ value: JSONValue, _ schema: JSONSchema, isPartial: Bool = false) throws(SchemaFault) -> JSONValue {
        switch (schema, value) {
        case (.nullable, .null): return value
        // An empty text is not a key; Terraform's provider relies on it.
        case (.nullable(.key), .string("")): return .null
        case (.nullable(let schema), _): return try checked(value, schema, isPartial: isPartial)
        case (.reference(let name), _):
            guard let schema = schemas[name] else { return value }
            return try checked(value, schema, isPartial: isPartial)
        case (.anything, _): return value
        case (.refused(let reason), _): throw SchemaFault(reason)
        case (.object(let rule), _): return try checked(value, rule, isPartial: isPartial)
        case (_, .null), (.key, .string("")): throw SchemaFault("This field may not be null.")
        case (.array(.key(let key)), _):
            return .array(
                try elements(of: value).map { element throws(SchemaFault) in try Self.element(element, key) }
            )
        case (.array(let items), _): return try checked(value, items: items)
        default: return try Self.scalar(value, schema)
        }
    }

    private func checked(_ value: JSONValue, _ rule: JSONSchema.ObjectRule, isPartial: Bool) throws(SchemaFault)
        -> JSONValue
    {
        guard case .object(let members) = value else {
            let sentence =
                value.isNull ? "No data provided" : "Invalid data. Expected a dictionary, but got \(value.pythonType)."
            throw SchemaFault(fields: ["non_field_errors": [.string(sentence)]])
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
        var (result, faults) = ([JSONValue](), [String: JSONValue]())
        for (index, element) in try elements(of: value).enumerated() {
            do { result.append(try checked(element, items)) } catch { faults["\(index)"] = error.json }
        }
        guard faults.isEmpty else { throw SchemaFault(fields: faults) }
        return .array(result)
    }

    private func elements(of value: JSONValue) throws(SchemaFault) -> [JSONValue] {
        guard case .array(let elements) = value else {
            throw SchemaFault("Expected a list of items but got type \"\(value.pythonType)\".")
        }
        return elements
    }
}

// MARK: - Values without parts

extension SchemaCheck {
    private static func scalar(_ value: JSONValue, _ schema: JSONSchema) throws(SchemaFault) -> JSONValue {
        switch schema {
        case .boolean:
            guard let word = value.asBoolean else { throw SchemaFault("Must be a valid boolean.") }
            return word
        case .integer(let minimum, let maximum): return .integer(try integer(value, minimum, maximum))
        case .number:
            if case .integer = value { return value }
            if case .number = value { return value }
            throw SchemaFault("A valid number is required.")
        case .choice(let words):
            let word = value.pythonText
            guard words.contains(word) else { throw SchemaFault("\"\(word)\" is not a valid choice.") }
            return .string(word)
        case .string(let rule): return .string(try text(value, rule))
        case .key(let key): return try self.key(value, key)
        case .dictionary:
            guard case .object = value else {
                throw SchemaFault("Value must be a dictionary, and not have any duplicate keys.")
            }
            guard !value.hasNull else { throw SchemaFault(noNull) }
            return value
        case .anything, .refused, .array, .object, .nullable, .reference: return value
        }
    }

    private static func integer(_ value: JSONValue, _ minimum: Int64?, _ maximum: Int64?) throws(SchemaFault) -> Int64 {
        if let text = value.string, text.unicodeScalars.count > 1000 { throw SchemaFault("String value too large.") }
        guard let number = value.asInteger else { throw SchemaFault("A valid integer is required.") }
        if let minimum, number < minimum {
            throw SchemaFault("Ensure this value is greater than or equal to \(minimum).")
        }
        if let maximum, number > maximum { throw SchemaFault("Ensure this value is less than or equal to \(maximum).") }
        return number
    }

    private static let noNull = "Null characters are not allowed."

    private static func text(_ value: JSONValue, _ rule: JSONSchema.StringRule) throws(SchemaFault) -> String {
        // A value that is not a text is not a time either, even if it is a number.
        guard let sent = rule.format == .dateTime ? value.string : value.asText else {
            throw SchemaFault(rule.format?.violation ?? "Not a valid string.")
        }
        let text = rule.trimming.trimmed(sent)
        if rule.minLength > 0, text.allSatisfy(\.isWhitespace) { throw SchemaFault("This field may not be blank.") }
        let messages = violations(to: text, rule)
        guard messages.isEmpty else { throw SchemaFault(messages) }
        return text
    }

    private static func violations(to text: String, _ rule: JSONSchema.StringRule) -> [String] {
        var violations: [String] = []
        if let limit = rule.maxLength, text.unicodeScalars.count > limit {
            violations.append("Ensure this field has no more than \(limit) characters.")
        }
        if text.unicodeScalars.contains("\0") { violations.append(noNull) }
        if rule.isSlug, !Application.isSlug(text) {
            violations.append("Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.")
        }
        if let format = rule.format, !format.takes(text) { violations.append(format.violation) }
        return violations
    }
}

// MARK: - Keys of other objects

extension SchemaCheck {
    /// The key in a list; there, null is a key that no object has.
    private static func element(_ value: JSONValue, _ key: JSONSchema.Key) throws(SchemaFault) -> JSONValue {
        guard value.isNull else { return try self.key(value, key) }
        throw unknown(value)
    }

    /// The key in the form that operations look up: a whole number, or a UUID in lower case.
    private static func key(_ value: JSONValue, _ key: JSONSchema.Key) throws(SchemaFault) -> JSONValue {
        if case .bool = value { throw wrongType(value) }
        switch key {
        case .number:
            guard let number = value.asNumericKey else { throw wrongType(value) }
            return .integer(number)
        case .uuid:
            // Python reads a number as the UUID of that value, which no object has.
            if let number = value.integer, number >= 0 { throw unknown(value) }
            guard let uuid = value.string.flatMap(UUID.init(pythonText:)) else {
                throw SchemaFault("“\(value.pythonText)” is not a valid UUID.")
            }
            return .string(uuid.uuidString.lowercased())
        }
    }

    private static func wrongType(_ value: JSONValue) -> SchemaFault {
        SchemaFault("Incorrect type. Expected pk value, received \(value.pythonType).")
    }

    private static func unknown(_ value: JSONValue) -> SchemaFault {
        SchemaFault("Invalid pk \"\(value.pythonText)\" - object does not exist.")
    }
}

extension JSONSchema.Format {
    /// Whether a text has the format. The model checks what else an address or a link must be.
    fileprivate func takes(_ text: String) -> Bool {
        switch self {
        case .uuid: UUID(uuidString: text) != nil
        case .dateTime: APITime.timestamp(text) != nil
        case .email, .uri, .binary: true
        }
    }

    fileprivate var violation: String {
        switch self {
        case .uuid: "Must be a valid UUID."
        case .dateTime:
            "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."
        case .email: "Enter a valid email address."
        case .uri, .binary: "Not a valid string."
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

    init(_ messages: [String]) { json = JSONValue(messages) }

    init(fields: [String: JSONValue]) { json = .object(fields) }
}

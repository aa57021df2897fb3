import CausewayJSON

/// What a value of the API must be: the part of OpenAPI 3.0's schemas that its document uses.
indirect enum JSONSchema: Sendable {
    case anything
    case string(StringRule)
    case integer(minimum: Int64?, maximum: Int64?)
    case number
    case boolean
    case array(items: JSONSchema)
    case object(ObjectRule)
    /// Free-form: any members.
    case dictionary
    case choice([String])
    /// The key of another object, which the operation looks up.
    case key(Key)
    /// No value is accepted, for the given reason.
    case refused(String)
    case nullable(JSONSchema)
    /// A schema of the document, by its name.
    case reference(String)

    /// What a string must be.
    struct StringRule: Sendable {
        var format: Format?
        var minLength = 0
        var maxLength: Int?
        var isSlug = false
        var trimming = Trimming.both
    }

    /// The type of keys.
    enum Key: Sendable { case number, uuid }

    /// Which blanks around a text are removed.
    enum Trimming { case both, indent, none }

    enum Format: String, Sendable {
        case uuid, email, uri, binary
        case dateTime = "date-time"
    }

    /// What an object must have.
    struct ObjectRule: Sendable {
        var required: Set<String>
        var properties: [String: JSONSchema]
        /// Only in answers; left out of what a client sends.
        var readOnly: Set<String>
    }
}

extension JSONSchema {
    private static let slugPattern = "^[-a-zA-Z0-9_]+$"

    /// Reads a schema.
    ///
    /// - Throws: ``APIDocumentError`` for unknown keywords, since ignoring one would let wrong input in.
    init(_ json: JSONValue) throws(APIDocumentError) {
        if json["nullable"] == true {
            self = .nullable(try JSONSchema(json.without("nullable")))
        } else if let name = json["$ref"]?.string?.split(separator: "/").last {
            self = .reference(String(name))
        } else if let only = json["allOf"]?.array ?? json["oneOf"]?.array, only.count == 1 {
            self = try JSONSchema(only[0])
        } else if let values = json["enum"]?.array {
            self = .choice(values.compactMap(\.string))
        } else if json["not"] == [:] {
            self = .refused(json["description"]?.string ?? "This is not accepted here.")
        } else if json["x-causeway-key"] == true {
            self = .key(json["type"] == "integer" ? .number : .uuid)
        } else {
            self = try Self.typed(json)
        }
    }

    private static func typed(_ json: JSONValue) throws(APIDocumentError) -> JSONSchema {
        switch json["type"]?.string {
        case "string": return .string(try stringRule(json))
        case "integer": return .integer(minimum: json["minimum"]?.integer, maximum: json["maximum"]?.integer)
        case "number": return .number
        case "boolean": return .boolean
        case "array": return .array(items: try JSONSchema(json["items"] ?? [:]))
        case "object":
            guard let properties = json["properties"]?.object else { return .dictionary }
            return .object(try objectRule(properties, required: json["required"]))
        case nil: return .anything
        case let type?: throw APIDocumentError("a schema has the type '\(type)', which is not known here")
        }
    }

    private static func stringRule(_ json: JSONValue) throws(APIDocumentError) -> StringRule {
        var rule = StringRule()
        rule.minLength = Int(json["minLength"]?.integer ?? 0)
        rule.maxLength = json["maxLength"]?.integer.map(Int.init)
        rule.format = json["format"]?.string.flatMap(Format.init)
        if let pattern = json["pattern"]?.string {
            guard pattern == slugPattern else { throw APIDocumentError("the pattern '\(pattern)' is not known here") }
            rule.isSlug = true
        }
        return rule
    }

    /// Texts that are not trimmed at both ends. Secrets stay as they are. In CSV every line counts, including empty ones. Of an
    /// expression only the indent is removed, since Terraform expects to read its lines as it sent them.
    private static let trimming: [String: Trimming] = [
        "password": .none, "client_secret": .none, "key": .none, "token": .none, "code": .none, "users": .none,
        "groups": .none, "content": .none, "expression": .indent,
    ]

    private func trimmed(_ trimming: Trimming) -> JSONSchema {
        switch self {
        case .string(var rule):
            rule.trimming = rule.format == .dateTime ? .none : trimming
            return .string(rule)
        case .nullable(let schema): return .nullable(schema.trimmed(trimming))
        default: return self
        }
    }

    private static func objectRule(_ properties: [String: JSONValue], required: JSONValue?) throws(APIDocumentError)
        -> ObjectRule
    {
        var read: [String: JSONSchema] = [:]
        for (name, schema) in properties { read[name] = try JSONSchema(schema).trimmed(trimming[name] ?? .both) }
        return ObjectRule(
            required: Set((required?.array ?? []).compactMap(\.string)),
            properties: read,
            readOnly: Set(properties.filter { $0.value["readOnly"] == true }.keys)
        )
    }
}

extension JSONValue {
    fileprivate func without(_ name: String) -> JSONValue {
        var members = object ?? [:]
        members[name] = nil
        return .object(members)
    }
}

import CausewayJSON
import CausewayModel

/// The schemas of records whose fields are in tables.
enum FieldSchemas {
    /// The document, with the fields of the tables that its schemas lack.
    static func completing(_ document: JSONValue) -> JSONValue {
        var document = document
        document.add(ProviderSettings.fields, to: "MicrosoftEntraProvider")
        document.add(UserProfile.fields, to: "User")
        document.add(GroupProfile.fields, to: "Group")
        document.add(Application.fields, to: "Application")
        document.add(PropertyMapping.fields, to: "MicrosoftEntraProviderMapping")
        document.add(AccessToken.fields, to: "Token")
        return document
    }

    /// - Parameter isRequest: whether the schema belongs to a request. There, `x-causeway-key` marks the keys of objects.
    static func schema(_ kind: FieldKind, isRequest: Bool) -> JSONValue {
        var key: [String: JSONValue] = ["type": "string", "format": "uuid"]
        if isRequest { key["x-causeway-key"] = true }
        switch kind {
        case .text, .sealed: return ["type": "string"]
        case .flag: return ["type": "boolean"]
        case .whole(let range):
            return [
                "type": "integer", "minimum": .integer(Int64(range.lowerBound)),
                "maximum": .integer(Int64(range.upperBound)),
            ]
        case .choice(let type): return ["type": "string", "enum": JSONValue(type.words)]
        case .choices(let type):
            return ["type": "array", "items": ["type": "string", "enum": JSONValue(type.words)]]
        case .reference: return .object(key.merging(["nullable": true]) { $1 })
        case .references: return ["type": "array", "items": .object(key)]
        case .attributes: return ["type": "object", "additionalProperties": [:]]
        }
    }
}

extension JSONValue {
    /// Adds fields to the schemas of an object: of its answers, of requests with all fields, and of requests with some.
    fileprivate mutating func add<Record>(_ fields: [Field<Record>], to object: String) {
        for (name, isRequest) in [(object, false), ("\(object)Request", true), ("Patched\(object)Request", true)] {
            update(["components", "schemas", name, "properties"]) { properties in
                var members = properties.object ?? [:]
                for field in fields where members[field.name] == nil {
                    members[field.name] = FieldSchemas.schema(field.kind, isRequest: isRequest)
                }
                properties = .object(members)
            }
        }
    }

    /// Changes the member at a path. A missing member is added.
    private mutating func update(_ path: ArraySlice<String>, _ change: (inout JSONValue) -> Void) {
        guard let name = path.first else { return change(&self) }
        var members = object ?? [:]
        members[name, default: [:]].update(path.dropFirst(), change)
        self = .object(members)
    }
}

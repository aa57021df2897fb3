import CausewayJSON
import Foundation

/// The OpenAPI document, as people read it: operations by their tags, and schemas.
struct APIReference: Sendable {
    /// As `/api/v3/schema/` returns it.
    let document: JSONValue

    struct Operation: TemplateValue {
        /// Its `operationId`, which is also its anchor.
        let id: String
        let tag: String
        let method: String
        let path: String
        let role: String
        let about: String?
        let parameters: [Parameter]
        let hasParameters: Bool
        let body: Body?
        let answers: [Answer]
        /// A command that calls it.
        let example: String
        /// An answer, as JSON.
        let answerExample: String?
        let address: String
    }

    struct Parameter: TemplateValue {
        let name: String
        let place: String
        let type: ShownType
        let isRequired: Bool
        let about: String?
    }

    struct Body: TemplateValue {
        let mediaType: String
        let type: ShownType
    }

    struct Answer: TemplateValue {
        let status: String
        let type: ShownType?
        let about: String?
    }

    /// A type in words, with a link to the schema that it names.
    struct ShownType: TemplateValue {
        let words: String
        var schema: String?
        var schemaAddress: String?
    }

    struct Schema: TemplateValue {
        let name: String
        let about: String?
        let words: String
        let properties: [Property]
        let hasProperties: Bool
        let example: String
    }

    struct Property: TemplateValue {
        let name: String
        let type: ShownType
        let isRequired: Bool
        let isReadOnly: Bool
        let about: String?
    }

    static let address = Address.help("api")
    private static let schemas = address("schemas")

    static func address(of tag: String) -> Address { address(tag) }

    private static let methods = ["get", "post", "put", "patch", "delete"]
}

// MARK: Operations

extension APIReference {
    /// All tags, in alphabetical order.
    var tags: [String] { Set(raw.map(\.tag)).sorted() }

    /// The operations of a tag, in the order of their paths.
    func operations(of tag: String) -> [Operation] { raw.filter { $0.tag == tag }.map(shown) }

    /// What a list of operations says of each.
    var entries: [(id: String, tag: String, method: String, path: String)] {
        raw.map { ($0.id, $0.tag, $0.method.uppercased(), $0.path) }
    }

    private struct RawOperation {
        let id: String
        let tag: String
        let method: String
        let path: String
        let json: JSONValue
    }

    private var raw: [RawOperation] {
        let paths = (document["paths"]?.object ?? [:]).sorted { $0.key < $1.key }
        return paths.flatMap { path, operations in
            Self.methods.compactMap { method in
                guard let json = operations[method], let id = json["operationId"]?.string else { return nil }
                let tag = json["tags"]?.array?.first?.string ?? "other"
                return RawOperation(id: id, tag: tag, method: method, path: path, json: json)
            }
        }
    }

    private func shown(_ raw: RawOperation) -> Operation {
        let parameters = (raw.json["parameters"]?.array ?? []).map { parameter(resolved($0)) }
        let content = raw.json["requestBody"]?["content"]?.object?.sorted { $0.key < $1.key }.first
        let answers = (raw.json["responses"]?.object ?? [:]).sorted { $0.key < $1.key }
        let good = answers.first { $0.key.hasPrefix("2") }.flatMap { schema(ofAnswer: $0.value) }
        return Operation(
            id: raw.id,
            tag: raw.tag,
            method: raw.method.uppercased(),
            path: "/api/v3\(raw.path)",
            role: raw.json["x-causeway-role"]?.string ?? "",
            about: raw.json["description"]?.string ?? raw.json["summary"]?.string,
            parameters: parameters,
            hasParameters: !parameters.isEmpty,
            body: content.map { Body(mediaType: $0.key, type: shownType($0.value["schema"] ?? [:])) },
            answers: answers.map { answer($0.key, $0.value) },
            example: command(raw, content?.value["schema"], content?.key),
            answerExample: good.map { example(of: $0).prettyText },
            address: Self.address(of: raw.tag).text + "#\(raw.id)"
        )
    }

    private func parameter(_ json: JSONValue) -> Parameter {
        Parameter(
            name: json["name"]?.string ?? "",
            place: json["in"]?.string ?? "",
            type: shownType(json["schema"] ?? [:]),
            isRequired: json["required"] == true,
            about: json["description"]?.string
        )
    }

    private func answer(_ status: String, _ json: JSONValue) -> Answer {
        Answer(
            status: status,
            type: schema(ofAnswer: json).map(shownType),
            about: resolved(json)["description"]?.string
        )
    }

    private func schema(ofAnswer json: JSONValue) -> JSONValue? {
        let content = resolved(json)["content"]?.object ?? [:]
        return (content["application/json"] ?? content.sorted { $0.key < $1.key }.first?.value)?["schema"]
    }

    private func command(_ raw: RawOperation, _ body: JSONValue?, _ mediaType: String?) -> String {
        var lines = ["curl --request \(raw.method.uppercased())"]
        if raw.json["x-causeway-role"] != "open" { lines.append("--header \"Authorization: Bearer $TOKEN\"") }
        if let body, let mediaType {
            lines.append("--header 'Content-Type: \(mediaType)'")
            lines.append("--data '\(example(of: body, isRequest: true).prettyText)'")
        }
        lines.append("\"$CAUSEWAY/api/v3\(raw.path)\"")
        return lines.joined(separator: " \\\n  ")
    }
}

// MARK: Schemas

extension APIReference {
    var shownSchemas: [Schema] {
        (document["components"]?["schemas"]?.object ?? [:]).sorted { $0.key < $1.key }.map { name, json in
            let required = Set((json["required"]?.array ?? []).compactMap(\.string))
            let properties = (json["properties"]?.object ?? [:]).sorted { $0.key < $1.key }.map { name, json in
                Property(
                    name: name,
                    type: shownType(json),
                    isRequired: required.contains(name),
                    isReadOnly: json["readOnly"] == true,
                    about: json["description"]?.string
                )
            }
            return Schema(
                name: name,
                about: json["description"]?.string,
                words: shownType(json).words,
                properties: properties,
                hasProperties: !properties.isEmpty,
                example: example(of: json).prettyText
            )
        }
    }

    /// What a reference names; any other value as it is.
    private func resolved(_ json: JSONValue) -> JSONValue {
        guard let reference = json["$ref"]?.string else { return json }
        return reference.split(separator: "/").dropFirst().reduce(document) { $0[String($1)] ?? [:] }
    }

    /// The only one of several alternatives; the value itself if it has none.
    private func single(_ json: JSONValue) -> JSONValue {
        guard let only = json["allOf"]?.array ?? json["oneOf"]?.array, only.count == 1 else { return json }
        return only[0]
    }

    private func shownType(_ schema: JSONValue) -> ShownType {
        let json = single(schema)
        let end = schema["nullable"] == true ? " or null" : ""
        if let name = json["$ref"]?.string?.split(separator: "/").last {
            return ShownType(words: end, schema: String(name), schemaAddress: "\(Self.schemas.text)#\(name)")
        }
        if json["not"] != nil { return ShownType(words: "not accepted") }
        if let values = json["enum"]?.array {
            return ShownType(words: "one of " + values.map(\.plainText).joined(separator: ", ") + end)
        }
        if json["type"] == "array" {
            let items = shownType(json["items"] ?? [:])
            return ShownType(
                words: "array\(end) of \(items.words)",
                schema: items.schema,
                schemaAddress: items.schemaAddress
            )
        }
        return ShownType(words: Self.plainType(json) + end)
    }

    private static func plainType(_ json: JSONValue) -> String {
        let kind = json["type"]?.string ?? "any value"
        var notes = [json["format"]?.string].compactMap { $0 }
        for (name, words) in [
            ("minimum", "at least"), ("maximum", "at most"), ("minLength", "length at least"),
            ("maxLength", "length at most"),
        ] {
            if let limit = json[name]?.integer { notes.append("\(words) \(limit)") }
        }
        return notes.isEmpty ? kind : "\(kind) (\(notes.joined(separator: ", ")))"
    }

    private static let examples: [String: JSONValue] = [
        "uuid": "5e6f2b0c-8f0e-4c52-9d5a-0a3a4c1e7d10", "date-time": "2026-11-30T08:00:00Z", "date": "2026-11-30",
        "email": "ada@company.com", "uri": "https://company.com/",
    ]

    /// A value that fits a schema. Below the fourth level, objects are empty, since some contain themselves.
    private func example(of schema: JSONValue, isRequest: Bool = false, depth: Int = 0) -> JSONValue {
        let json = resolved(single(schema))
        if let example = json["example"] { return example }
        if let first = json["enum"]?.array?.first { return first }
        switch json["type"]?.string {
        case "string": return json["format"]?.string.flatMap { Self.examples[$0] } ?? "text"
        case "integer": return json["minimum"] ?? 1
        case "number": return 1
        case "boolean": return true
        case "array":
            return depth > 3 ? [] : [example(of: json["items"] ?? [:], isRequest: isRequest, depth: depth + 1)]
        default: break
        }
        guard depth < 4, let properties = json["properties"]?.object else { return [:] }
        let shown = properties.filter { !(isRequest && $0.value["readOnly"] == true) && $0.value["not"] == nil }
        return .object(shown.mapValues { example(of: $0, isRequest: isRequest, depth: depth + 1) })
    }
}

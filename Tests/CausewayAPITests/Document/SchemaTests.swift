import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("Answers and their schemas in the document")
struct SchemaTests {
    /// Paths of single objects are read with the key that the list before them shows.
    private static let keys = ["pk", "id", "slug", "uuid", "identifier", "message_id"]

    @Test("every answer has what its schema requires, in the schema's types, and nothing else")
    func answers() async throws {
        try await TenantProgram.with { tenant in
            try await ServedProgram.with { server in
                try await Self.fill(server, tenant)
                let document = try await server.send("GET", "/schema/?format=json").body
                let schemas = AnswerSchemas(document["components"]?["schemas"]?.object ?? [:])
                var read = 0
                let paths = (document["paths"]?.object ?? [:]).sorted { $0.key.count < $1.key.count }
                var known: [String: String] = [:]
                for (path, operations) in paths where !path.hasSuffix("/events/") || path == "/events/events/" {
                    guard let operation = operations["get"], let schema = Self.schema(operation),
                        let filled = Self.filled(path, known)
                    else { continue }
                    let required = (operation["parameters"]?.array ?? []).contains {
                        $0["in"] == "query" && $0["required"] == true
                    }
                    guard !required else { continue }
                    let answer = try await server.send("GET", filled)
                    guard answer.status == 200 else { continue }
                    read += 1
                    let faults = schemas.faults(in: answer.body, schema, at: path)
                    #expect(faults.isEmpty, "\(faults.prefix(5).joined(separator: "\n"))")
                    let first = answer.body["results"]?.array?.first ?? answer.body.array?.first
                    for key in Self.keys where known[path] == nil {
                        known[path] = first?[key]?.string ?? first?[key]?.integer.map(String.init)
                    }
                }
                // Lists, single objects and singletons: fewer would mean that the walk missed some.
                #expect(read > 40, "\(read) answers were read")
            }
        }
    }

    private static func fill(_ server: ServedProgram, _ tenant: TenantProgram) async throws {
        var settings: [String: JSONValue] = [
            "name": "Entra", "cloud": "custom", "client_secret": "emulated-secret-value",
        ]
        for key in ["client_id", "tenant_id", "login_endpoint", "graph_endpoint"] {
            settings[key] = tenant.endpoints[key]
        }
        let provider = try await server.send("POST", "/providers/microsoft_entra/", .object(settings))
        let key = try #require(provider.body["pk"])
        _ = try await server.send(
            "POST",
            "/core/applications/",
            ["name": "Entra ID", "slug": "entra", "backchannel_providers": [key]]
        )
        _ = try await server.send("POST", "/core/users/", ["username": "eve", "name": "Eve", "attributes": ["a": 1]])
        _ = try await server.send("POST", "/core/groups/", ["name": "Staff"])
        _ = try await server.send("POST", "/core/tokens/", ["identifier": "script"])
    }

    private static func schema(_ operation: JSONValue) -> JSONValue? {
        operation["responses"]?["200"]?["content"]?["application/json"]?["schema"]
    }

    /// nil if no list has shown a key to read with.
    private static func filled(_ path: String, _ known: [String: String]) -> String? {
        guard path.contains("{") else { return path }
        guard let start = path.firstIndex(of: "{"), let end = path.firstIndex(of: "}") else { return nil }
        let list = String(path[..<start])
        let provider = list == "/causeway/providers/" ? known["/providers/microsoft_entra/"] : nil
        let run = list == "/causeway/runs/" ? known["/causeway/providers/{id}/runs/"] : nil
        guard let key = known[list] ?? provider ?? run else { return nil }
        let rest = String(path[path.index(after: end)...])
        return rest.contains("{") ? nil : list + key + rest
    }
}

/// The document's schemas, read apart from the program's own reader of them.
private struct AnswerSchemas {
    let schemas: [String: JSONValue]

    init(_ schemas: [String: JSONValue]) { self.schemas = schemas }

    func faults(in value: JSONValue, _ schema: JSONValue, at path: String) -> [String] {
        if let name = schema["$ref"]?.string?.split(separator: "/").last.map(String.init) {
            let inner = schemas[name] ?? [:]
            if schema["nullable"] == true, value == .null { return [] }
            return faults(in: value, inner, at: path)
        }
        if value == .null { return schema["nullable"] == true || schema == [:] ? [] : ["\(path) is null"] }
        if let all = schema["allOf"]?.array, let first = all.first { return faults(in: value, first, at: path) }
        if let one = schema["oneOf"]?.array {
            let found = one.map { faults(in: value, $0, at: path) }
            return found.contains(where: \.isEmpty) ? [] : found.first ?? []
        }
        if let words = schema["enum"]?.array, !words.contains(value) {
            return ["\(path) is \(value.text), none of the words"]
        }
        switch (schema["type"]?.string, value) {
        case ("object", .object(let members)): return faults(in: members, schema, at: path)
        case ("array", .array(let elements)):
            let items = schema["items"] ?? [:]
            return elements.prefix(50).enumerated().flatMap { faults(in: $1, items, at: "\(path)[\($0)]") }
        case ("string", .string), ("integer", .integer), ("number", .integer), ("number", .number), ("boolean", .bool),
            (nil, _):
            return []
        default: return ["\(path) is \(value.text.prefix(40)), not \(schema["type"]?.string ?? "")"]
        }
    }

    private func faults(in members: [String: JSONValue], _ schema: JSONValue, at path: String) -> [String] {
        let properties = schema["properties"]?.object ?? [:]
        let required = (schema["required"]?.array ?? []).compactMap(\.string)
        var faults = required.filter { members[$0] == nil }.map { "\(path).\($0) is missing" }
        for (name, member) in members.sorted(by: { $0.key < $1.key }) {
            if let property = properties[name] {
                faults += self.faults(in: member, property, at: "\(path).\(name)")
            } else if schema["additionalProperties"] == nil {
                faults.append("\(path).\(name) is not in the schema")
            }
        }
        return faults
    }
}

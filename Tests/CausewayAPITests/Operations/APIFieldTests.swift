import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Testing

@testable import CausewayAPI

@Suite("The fields of records in the API")
struct APIFieldTests {
    @Test("the document describes each field, in answers and requests")
    func document() throws {
        let schemas = try DocumentTests.load().json["components"]?["schemas"]?.object ?? [:]
        try Self.compare(ProviderSettings.fields, with: "MicrosoftEntraProvider", in: schemas)
        try Self.compare(UserProfile.fields, with: "User", in: schemas)
        try Self.compare(GroupProfile.fields, with: "Group", in: schemas)
        try Self.compare(Application.fields, with: "Application", in: schemas)
        try Self.compare(AccessToken.fields, with: "Token", in: schemas)
        try Self.compare(PropertyMapping.fields, with: "MicrosoftEntraProviderMapping", in: schemas)
    }

    private static func compare<Record>(
        _ fields: [Field<Record>],
        with name: String,
        in schemas: [String: JSONValue]
    ) throws {
        for (name, isRequest) in [(name, false), ("\(name)Request", true), ("Patched\(name)Request", true)] {
            for field in fields {
                let own = FieldSchemas.schema(field.kind, isRequest: isRequest)
                let property = schemas[name]?["properties"]?[field.name]
                var stated = try #require(property, "\(name) lacks \(field.name)")
                let reference = stated["$ref"] ?? stated["allOf"]?.array?.first?["$ref"]
                if let reference = reference?.string?.split(separator: "/").last {
                    stated = try #require(schemas[String(reference)])
                }
                #expect(stated["type"] == own["type"], "\(name).\(field.name)")
                #expect(words(stated) == words(own), "\(name).\(field.name)")
                #expect(stated["items"] == own["items"], "\(name).\(field.name)")
                guard case .whole(let range) = field.kind else { continue }
                let (least, most) = (stated["minimum"]?.integer ?? 0, stated["maximum"]?.integer ?? 0)
                #expect(least <= range.lowerBound && most >= range.upperBound, "\(name).\(field.name)")
            }
        }
    }

    private static func words(_ schema: JSONValue) -> Set<String> {
        Set((schema["enum"]?.array ?? []).compactMap(\.string))
    }

    @Test("requests set each field by itself, and answers return it")
    func taken() async throws {
        try await ServedProgram.with { server in
            let user = UserProfile(username: "ada", name: "Ada")
            try await FieldResource("core/users", user, ["username", "name"], on: server).check()
            try await FieldResource("core/groups", GroupProfile(name: "Staff"), ["name"], on: server).check()
            let application = Application(name: "Entra", slug: "entra")
            try await FieldResource("core/applications", application, ["name", "slug"], key: "slug", on: server).check()
            let mapping = PropertyMapping(name: "Names", expression: "return {}")
            let mappings = "propertymappings/provider/microsoft_entra"
            try await FieldResource(mappings, mapping, ["name", "expression"], on: server).check()
            var token = AccessToken.blank
            token.identifier = "robot"
            // The other intents are those of tokens that authentik makes itself.
            try await FieldResource("core/tokens", token, ["identifier"], key: "identifier", on: server)
                .check { [.api, .appPassword].contains($0.intent) }
            let provider = ProviderSettings(name: "Entra", clientID: "client", tenantID: "tenant")
            // A credential of every kind.
            let credential = try TestCertificate()
            try await FieldResource(
                "providers/microsoft_entra",
                provider,
                ["name", "client_id", "tenant_id"],
                with: ["client_secret": .string(credential.certificatePEM + "\n" + credential.keyPEM)],
                on: server
            )
            .check(besides: ["filter_group", "groups", "property_mappings", "property_mappings_group"])
        }
    }

    @Test("an import reads each field that an export writes")
    func exported() async throws {
        try await ServedProgram.with { server in
            func user(_ number: Int) -> UserProfile { UserProfile(username: "user-\(number)", name: "Ada") }
            func group(_ number: Int) -> GroupProfile { GroupProfile(name: "group-\(number)") }
            try await Self.checkExport(of: "users", by: "username", user, on: server)
            try await Self.checkExport(of: "groups", by: "name", group, besides: "is_superuser", on: server)
        }
    }

    /// Makes an object for each field, exports all of them, deletes them, and imports them again.
    ///
    /// - Parameter omitted: a field that no export has.
    private static func checkExport<Record: FieldRecord>(
        of list: String,
        by name: String,
        _ sample: (Int) -> Record,
        besides omitted: String? = nil,
        on server: ServedProgram
    ) async throws {
        var expected: [(field: Field<Record>, record: Record)] = []
        var keys: [String] = []
        for (number, field) in Record.fields.enumerated() where field.name != omitted {
            let record = try #require(sample(number).changed(field), "\(field.name)")
            expected.append((field, record))
            let made = try await server.send("POST", "/core/\(list)/", .object(Record.fields.values(of: record)))
            let key = try #require(made.body["pk"], "\(field.name): \(made.body.text)")
            keys.append(key.string ?? key.text)
        }
        let file = try await server.send("GET", "/causeway/export/\(list)/").body
        for key in keys { _ = try await server.send("DELETE", "/core/\(list)/\(key)/") }
        let report = try await server.send("POST", "/causeway/import/", [list: file])
        #expect(report.status == 200, "\(report.body.text)")
        for (field, record) in expected {
            let identity = Record.fields.values(of: record)[name]?.string ?? ""
            let found = try await server.send("GET", "/core/\(list)/?\(name)=\(identity)").body["results"]?.array
            #expect(found?.count == 1, "\(field.name)")
            #expect(found?.first?[field.name] == field.value(record), "\(field.name)")
        }
    }
}

/// A resource of the API, with an object that has the fields of a record.
private struct FieldResource<Record: FieldRecord> {
    private let path: String
    /// A record with defaults, and its required fields.
    private let sample: Record
    private let required: [String]
    private let key: String
    private let further: [String: JSONValue]
    private let server: ServedProgram

    /// - Parameters:
    ///   - key: the member of answers that is the end of the object's address.
    ///   - further: what each request has besides fields.
    init(
        _ path: String,
        _ sample: Record,
        _ required: [String],
        key: String = "pk",
        with further: [String: JSONValue] = [:],
        on server: ServedProgram
    ) {
        (self.path, self.sample, self.required, self.key) = ("/\(path)/", sample, required, key)
        (self.further, self.server) = (further, server)
    }

    /// Makes an object for each field, reads it, and changes it back and forth.
    ///
    /// - Parameter references: the fields that need other objects.
    func check(besides references: [String] = [], where isAllowed: (Record) -> Bool = { _ in true }) async throws {
        let blank = try await send("POST", to: path, [:])
        for field in Record.fields { #expect(blank[field.name] == field.value(sample), "\(path) \(field.name)") }
        try await delete(blank)
        var unchanged: [String] = []
        for field in Record.fields {
            guard let changed = sample.changed(field, where: isAllowed) else {
                unchanged.append(field.name)
                continue
            }
            try await check(field, field.value(changed))
        }
        #expect(unchanged == references, "\(path)")
    }

    private func check(_ field: Field<Record>, _ value: JSONValue) async throws {
        var object = try await send("POST", to: path, [field.name: value])
        #expect(object[field.name] == value, "\(path) \(field.name): \(object.text)")
        for value in [field.value(sample), value] {
            object = try await send("PATCH", to: address(of: object), [field.name: value])
            #expect(object[field.name] == value, "\(path) \(field.name): \(object.text)")
            let read = try await server.send("GET", address(of: object)).body
            #expect(read[field.name] == value, "\(path) \(field.name): \(read.text)")
        }
        try await delete(object)
    }

    private func send(_ method: String, to address: String, _ fields: [String: JSONValue]) async throws -> JSONValue {
        let needed = method == "POST" ? Record.fields.values(of: sample).filter { required.contains($0.key) } : [:]
        let body = needed.merging(fields) { $1 }.merging(further) { $1 }
        return try await server.send(method, address, .object(body)).body
    }

    private func delete(_ object: JSONValue) async throws {
        let status = try await server.send("DELETE", address(of: object)).status
        #expect(status == 204, "\(address(of: object))")
    }

    private func address(of object: JSONValue) -> String {
        let key = object[key].map { $0.string ?? $0.text }
        return "\(path)\(key ?? "")/"
    }
}

import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Testing

@testable import CausewayAPI

@Suite("The fields of a provider in the API")
struct ProviderFieldTests {
    @Test("the document describes the fields of providers and other records, in answers and requests")
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

    @Test("a request can set each field by itself, and the answer returns it")
    func taken() async throws {
        try await ServedProgram.with { server in
            let blank = ProviderSettings(name: "Entra", clientID: "client", tenantID: "tenant")
            let created = try await server.send(
                "POST",
                "/providers/microsoft_entra/",
                ["name": "Entra", "client_id": "client", "tenant_id": "tenant", "client_secret": "s3cret-value"]
            )
            let key = try #require(created.body["pk"]?.integer)
            for field in ProviderSettings.fields {
                #expect(created.body[field.name] == field.value(blank), "\(field.name)")
                guard let changed = blank.changed(field) else { continue }
                func send(_ value: JSONValue) async throws -> JSONValue? {
                    let body: JSONValue = .object([field.name: value, "client_secret": "s3cret-value"])
                    return try await server.send("PATCH", "/providers/microsoft_entra/\(key)/", body).body[field.name]
                }
                let (taken, back) = (try await send(field.value(changed)), try await send(field.value(blank)))
                #expect(taken == field.value(changed), "\(field.name)")
                #expect(back == field.value(blank), "\(field.name)")
            }
        }
    }
}

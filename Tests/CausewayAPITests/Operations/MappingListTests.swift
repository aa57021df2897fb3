import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("Mappings for users and for groups")
struct MappingListTests {
    private func names(_ server: ServedProgram, _ query: String) async throws -> Set<String> {
        let found = try await server.send("GET", "/causeway/mappings/?page_size=100&\(query)")
        return Set((found.body["results"]?.array ?? []).compactMap { $0["name"]?.string })
    }

    @Test("a mapping is listed for the kind that its properties have, and for both if they fit both")
    func kinds() async throws {
        try await ServedProgram.with { server in
            for (name, expression): (JSONValue, JSONValue) in [
                ("own user", "return {'job_title': 'x'}"), ("own group", "return {'description': group.name}"),
                ("own both", "return {'display_name': 'x'}"),
            ] {
                let body: JSONValue = ["name": name, "expression": expression]
                let made = try await server.send("POST", "/propertymappings/provider/microsoft_entra/", body)
                try #require(made.status == 201, "\(made.body.text)")
            }
            let (users, groups) = (try await names(server, "kind=user"), try await names(server, "kind=group"))
            #expect(users.isSuperset(of: ["own user", "own both", "manager: from an attribute"]))
            #expect(groups.isSuperset(of: ["own group", "own both", "groups: security"]))
            #expect(users.intersection(groups) == ["own both"])
            #expect(try await names(server, "") == users.union(groups))
            let managed = try await names(server, "managed=goauthentik.io/providers/microsoft_entra/user")
            #expect(managed.count == 1 && users.isSuperset(of: managed))
            #expect(try await names(server, "kind=user&search=manager") == ["manager: from an attribute"])
            #expect(try await server.send("GET", "/causeway/mappings/?kind=device").status == 400)
        }
    }

    @Test("a mapping whose expression changes moves to the other list")
    func changed() async throws {
        try await ServedProgram.with { server in
            let path = "/propertymappings/provider/microsoft_entra/"
            let body: JSONValue = ["name": "own", "expression": "return {'job_title': 'x'}"]
            let key = try #require(try await server.send("POST", path, body).body["pk"]?.string)
            #expect(try await !names(server, "kind=group").contains("own"))
            let expression: JSONValue = ["expression": "return {'description': group.name}"]
            #expect(try await server.send("PATCH", "\(path)\(key)/", expression).status == 200)
            #expect(try await names(server, "kind=group").contains("own"))
            #expect(try await !names(server, "kind=user").contains("own"))
        }
    }
}

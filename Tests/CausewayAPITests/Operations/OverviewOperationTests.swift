import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("The numbers of a provider")
struct OverviewOperationTests {
    @Test("the filter group and service accounts decide what is in scope, and so does a change of the directory")
    func scope() async throws {
        try await ServedProgram.with { server in
            var users: [JSONValue] = []
            for name in ["ada", "bob", "carl"] {
                let address = "\(name)@company.com"
                let user = try await server.send(
                    "POST",
                    "/core/users/",
                    [
                        "username": .string(name), "name": .string(name), "email": .string(address),
                    ]
                )
                users.append(try #require(user.body["pk"], "\(user.body.text)"))
            }
            let group = try await server.send(
                "POST",
                "/core/groups/",
                ["name": "Staff", "users": .array([users[0], users[1]])]
            )
            let staff = try #require(group.body["pk"])
            let own = "/propertymappings/provider/microsoft_entra/?managed=goauthentik.io/providers/microsoft_entra"
            let userMapping = try await server.send("GET", "\(own)/user").body["results"]?.array?.first?["pk"]
            let made = try await server.send(
                "POST",
                "/providers/microsoft_entra/",
                [
                    "name": "Entra", "client_id": "c", "tenant_id": "t", "client_secret": "s",
                    "property_mappings": .array([try #require(userMapping)]),
                ]
            )
            let key = try #require(made.body["pk"]?.integer, "\(made.body.text)")
            func count() async throws -> JSONValue {
                let overview = try await server.send("GET", "/causeway/providers/\(key)/overview/").body
                return [
                    "users": overview["users"]?["in_scope"] ?? .null,
                    "groups": overview["groups"]?["in_scope"] ?? .null,
                ]
            }
            func change(_ settings: JSONValue) async throws {
                let changed = try await server.send("PATCH", "/providers/microsoft_entra/\(key)/", settings)
                #expect(changed.status == 200, "\(changed.body.text)")
            }
            // The administrator without an address is in no scope.
            #expect(try await count() == ["users": 3, "groups": 1])
            try await change(["filter_group": staff])
            #expect(try await count() == ["users": 2, "groups": 1])
            _ = try await server.send("PATCH", "/core/users/\(users[0].integer ?? 0)/", ["type": "service_account"])
            try await change(["exclude_users_service_account": true])
            #expect(try await count() == ["users": 1, "groups": 1])
            let missing = try await server.send("GET", "/causeway/providers/99/overview/")
            #expect(missing.status == 404)
        }
    }
}

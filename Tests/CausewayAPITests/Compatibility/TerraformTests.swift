import CausewayJSON
import CausewayTestSupport
import Testing

/// What authentik's Terraform provider sends and reads: every resource is created and read, and what is read must be what was sent, or
/// the next plan has a difference. Changes are whole (`PUT`).
///
/// Written from its source, `pkg/provider` of `goauthentik/terraform-provider-authentik`: v2026.5, the later state 04e0fdb, which no
/// longer reads a client secret, and its rewrite for Terraform's plugin framework (pull request 955, open in November 2026), which takes
/// the answers to `POST` and `PUT` as the state. Older ones send an empty text for no reference.
@Suite("The requests of authentik's Terraform provider")
struct TerraformTests {
    /// A resource of the provider.
    private struct Resource {
        let path: String
        /// What identifies it in addresses.
        var key = "pk"
        var body: [String: JSONValue]
        /// The changes of a later apply.
        let change: [String: JSONValue]
        /// Sent, and never read back.
        var secret: String?
        /// The query of reads.
        var query = ""
    }

    @Test(
        "resources are read as they were sent, so that no plan differs"
    )
    func resources() async throws {
        try await ServedProgram.with { server in
            let config = try await server.send("GET", "/root/config/", key: nil)
            #expect(config.body["error_reporting"]?["enabled"] == false)
            let user = try await apply(Self.user, server)
            let group = try await apply(Self.group(users: [user]), server)
            let child = try await apply(Self.group(name: "child", users: [], parents: [group]), server)
            let mapping = try await apply(Self.mapping, server)
            var providers: [JSONValue] = []
            let filters: [(String, JSONValue)] = [("all", .null), ("older", ""), ("filtered", group)]
            try await leaveOut(mapping, server)
            for (name, filter) in filters {
                providers.append(try await apply(Self.provider(name, filter: filter, mapping), server))
            }
            let application = try await apply(Self.application(providers), server)
            let token = try await apply(Self.token(of: user), server)
            try await destroy(Self.token(of: user), token, server)
            try await destroy(Self.application(providers), application, server)
            for provider in providers { try await destroy(Self.provider("", filter: .null, mapping), provider, server) }
            try await destroy(Self.mapping, mapping, server)
            for group in [child, group] { try await destroy(Self.group(users: []), group, server) }
            try await destroy(Self.user, user, server)
        }
    }

    @Test("data sources find a group by its name and read users page by page")
    func dataSources() async throws {
        try await ServedProgram.with { server in
            for number in 0..<23 {
                _ = try await server.send("POST", "/core/users/", ["username": .string("u\(number)"), "name": ""])
            }
            _ = try await server.send("POST", "/core/groups/", ["name": "staff"])
            let found = try await server.send("GET", "/core/groups/?include_users=true&name=staff")
            #expect(found.body["results"]?.array?.count == 1)
            var (names, page) = ([String](), Int64(1))
            while page > 0, names.count < 100 {
                let answer = try await server.send("GET", "/core/users/?page=\(page)&page_size=10&path=users").body
                names += (answer["results"]?.array ?? []).compactMap { $0["username"]?.string }
                let next = answer["pagination"]?["next"]?.integer ?? 0
                page = next > 0 ? page + 1 : 0
            }
            #expect(Set(names).count == 24)
            #expect(names.count == 24)
        }
    }

    @Test("a key that was already shown is refused, not missing: Terraform would re-create a missing token")
    func keys() async throws {
        try await ServedProgram.with { server in
            let owner = try await server.send("GET", "/core/users/me/").body["user"]?["pk"] ?? .null
            _ = try await server.send("POST", "/core/tokens/", .object(Self.token(of: owner).body))
            let path = "/core/tokens/terraform/view_key/"
            #expect(try await server.send("GET", path).status == 200)
            let again = try await server.send("GET", path)
            #expect(again.status == 403)
            #expect(again.body["detail"]?.string?.contains("set_key") == true)
        }
    }

    // MARK: Resources

    private static let user = Resource(
        path: "/core/users/",
        body: [
            "username": "ada", "name": "", "type": "internal", "is_active": true, "email": "", "path": "users",
            "groups": [], "roles": [], "attributes": ["floor": 3, "tags": ["a", "b"]],
        ],
        change: ["name": "Ada", "is_active": false]
    )

    private static func group(name: String = "staff", users: [JSONValue], parents: [JSONValue] = []) -> Resource {
        Resource(
            path: "/core/groups/",
            body: [
                "name": .string(name), "is_superuser": false, "users": .array(users), "parents": .array(parents),
                "roles": [], "attributes": [:],
            ],
            change: ["attributes": ["office": "north"]],
            query: "?include_users=false"
        )
    }

    private static let mapping = Resource(
        path: "/propertymappings/provider/microsoft_entra/",
        body: ["name": "terraform", "expression": "return {\"jobTitle\": request.user.name}\n"],
        change: ["expression": "return {}"]
    )

    private static func provider(_ name: String, filter: JSONValue, _ mapping: JSONValue) -> Resource {
        Resource(
            path: "/providers/microsoft_entra/",
            body: [
                "name": .string(name), "client_id": "client", "client_secret": "secret", "tenant_id": "company.com",
                "property_mappings": .array([mapping]), "property_mappings_group": [],
                "exclude_users_service_account": false, "filter_group": filter, "user_delete_action": "delete",
                "group_delete_action": "do_nothing", "dry_run": false, "sync_page_size": 100,
                "sync_page_timeout": "minutes=30",
            ],
            change: ["user_delete_action": "do_nothing", "sync_page_size": 50],
            secret: "client_secret"
        )
    }

    private static func application(_ providers: [JSONValue]) -> Resource {
        Resource(
            path: "/core/applications/",
            key: "slug",
            body: [
                "name": "Entra", "slug": "entra", "provider": .null, "open_in_new_tab": false, "meta_hide": false,
                "policy_engine_mode": "any", "group": "", "meta_icon": "", "meta_launch_url": "",
                "backchannel_providers": .array(providers.reversed()),
            ],
            change: ["group": "Directory", "backchannel_providers": .array(providers)]
        )
    }

    private static func token(of user: JSONValue) -> Resource {
        Resource(
            path: "/core/tokens/",
            key: "identifier",
            body: [
                "identifier": "terraform", "user": user, "intent": "api", "expiring": true,
                "expires": "2100-01-02T03:04:05Z", "description": "for the pipeline",
            ],
            change: ["description": "for another one"]
        )
    }

    // MARK: The life of a resource

    /// Creates, reads, sends the same once more, changes, and reads again.
    ///
    /// - Returns: its key.
    private func apply(_ resource: Resource, _ server: ServedProgram) async throws -> JSONValue {
        let made = try await server.send("POST", resource.path, .object(resource.body))
        #expect(made.status == 201, "\(resource.path) \(made.body.text)")
        compare(made.body, resource)
        let key = try #require(made.body[resource.key])
        try await read(resource, key, server)
        for body in [resource.body, resource.body.merging(resource.change) { $1 }] {
            let changed = try await server.send("PUT", address(resource, key), .object(body))
            #expect(changed.status == 200, "\(resource.path) \(changed.body.text)")
            var sent = resource
            sent.body = body
            compare(changed.body, sent)
            try await read(sent, key, server)
        }
        return key
    }

    private func address(_ resource: Resource, _ key: JSONValue) -> String {
        "\(resource.path)\(key.string ?? key.text)/"
    }

    private func read(_ resource: Resource, _ key: JSONValue, _ server: ServedProgram) async throws {
        let answer = try await server.send("GET", address(resource, key) + resource.query)
        #expect(answer.status == 200)
        compare(answer.body, resource)
    }

    private func compare(_ answer: JSONValue, _ resource: Resource) {
        for (name, sent) in resource.body where name != resource.secret {
            // An empty reference means no reference, as with authentik.
            let wanted = name == "filter_group" && sent == "" ? .null : sent
            let found = answer[name] ?? .null
            let isSame = name == "expires" ? found.string?.hasPrefix("2100-01-02T03:04:05") == true : found == wanted
            #expect(isSame, "\(resource.path): \(name) is \(found.text), not \(wanted.text)")
        }
    }

    /// Newer versions leave out what a configuration does not set, and expect their defaults for it.
    private func leaveOut(_ mapping: JSONValue, _ server: ServedProgram) async throws {
        var resource = Self.provider("sparse", filter: .null, mapping)
        for name in ["filter_group", "sync_page_size", "sync_page_timeout"] { resource.body[name] = nil }
        let made = try await server.send("POST", resource.path, .object(resource.body))
        compare(made.body, resource)
        #expect(made.body["filter_group"] == .null && made.body["sync_page_size"] == 100)
        #expect(made.body["sync_page_timeout"] == "minutes=30")
        try await destroy(resource, try #require(made.body["pk"]), server)
        let application: JSONValue = [
            "name": "sparse", "slug": "sparse", "backchannel_providers": [], "open_in_new_tab": false,
            "meta_launch_url": "", "meta_icon": "", "policy_engine_mode": "any", "group": "", "meta_hide": false,
        ]
        let plain = try await server.send("POST", "/core/applications/", application)
        #expect(plain.status == 201, "\(plain.body.text)")
        for name in ["meta_description", "meta_publisher"] { #expect(plain.body[name] == "") }
        #expect(try await server.send("DELETE", "/core/applications/sparse/").status == 204)
    }

    private func destroy(_ resource: Resource, _ key: JSONValue, _ server: ServedProgram) async throws {
        #expect(try await server.send("DELETE", address(resource, key)).status == 204)
        #expect(try await server.send("GET", address(resource, key)).status == 404)
    }
}

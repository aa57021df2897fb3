import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("The emulated tenant: clock, settings, several tenants, storage")
struct HostTests {
    @Test("time is set, advanced and stopped")
    func clock() async throws {
        try await TenantInProcess.with { tenant in
            _ = try await tenant.client.control("POST", "clock", ["now": "2030-05-06T07:08:09Z", "frozen": true])
            #expect(try await tenant.client.control("GET", "clock").body["now"] == "2030-05-06T07:08:09Z")
            _ = try await tenant.client.control("POST", "clock", ["advance_seconds": 60])
            #expect(try await tenant.client.control("GET", "clock").body["now"] == "2030-05-06T07:09:09Z")
            #expect(try await tenant.client.control("POST", "clock", ["now": "nonsense"]).status == 400)
            #expect(try await tenant.client.control("POST", "clock", [:]).status == 400)
        }
    }

    @Test("settings are read without secrets, changed by name, and refused by name")
    func settings() async throws {
        try await TenantInProcess.with { tenant in
            let shown = try await tenant.client.control("GET", "settings")
            #expect(!shown.body.text.contains("emulated-secret-value"))
            let changed = try await tenant.client.control(
                "PATCH",
                "settings",
                ["replication_lag": ["mean": 2, "shape": "exponential"]]
            )
            #expect(changed.body["replication_lag"]?["mean"] == 2.0)
            for wrong: JSONValue in [["nonsense": 1], ["size": "XL"], ["throttling": "yes"], ["id": "another"]] {
                let answer = try await tenant.client.control("PATCH", "settings", wrong)
                #expect(answer.status == 400)
                #expect(answer.body["error"]?["message"]?.string?.isEmpty == false)
            }
        }
    }

    @Test("every setting and every fault is in the documentation")
    func documented() throws {
        let text = try ProjectFiles.text("docs/tenant.md")
        for note in TenantSettings.notes { #expect(text.contains("| `\(note.name)` |"), "\(note.name)") }
        for kind in FaultKind.allCases { #expect(text.contains("`\(kind.rawValue)`"), "\(kind.rawValue)") }
    }

    @Test("several tenants run side by side, each with its own tokens and objects")
    func tenants() async throws {
        try await TenantInProcess.with { tenant in
            let id = "22222222-2222-4333-8444-555555555555"
            let other: JSONValue = [
                "id": .string(id), "domains": ["other.example"], "initial_domain": "other.onmicrosoft.com",
                "replication_lag": 0, "throttling": false,
            ]
            #expect(try await tenant.client.control("POST", "tenants", other).status == 201)
            #expect(try await tenant.client.control("POST", "tenants", other).status == 409)
            let endpoints = (tenant.endpoints.object ?? [:]).merging(["tenant_id": .string(id)]) { $1 }
            let client = try await TenantClient(.object(endpoints))
            let user = GraphTests.user("ada", ["userPrincipalName": "ada@other.example"])
            _ = try await client.make("/users", user)
            #expect(try await tenant.client.all("/users").isEmpty)
            #expect(try await tenant.client.control("GET", "tenants/\(id)/state").body["users"] == 1)
            let organization = try await client.send("GET", "/organization")
            #expect(organization.body["value"]?.array?.first?["id"]?.string == id)
        }
    }

    @Test("a stored tenant is there again after a restart, with its links, its recycle bin and its delta links")
    func kept() async throws {
        try await TemporaryFolder.with { folder in
            let link = try await TenantInProcess.with(folder: folder.path) { tenant in
                let link = try await DeltaEndpointTests.round(tenant.client, "/groups/delta").link
                let users = [
                    try await tenant.client.make("/users", GraphTests.user("one")),
                    try await tenant.client.make("/users", GraphTests.user("two")),
                ]
                _ = try await tenant.client.make(
                    "/groups",
                    GraphTests.group("G", ["members@odata.bind": MemberTests.links(users)])
                )
                _ = try await tenant.client.send("DELETE", "/users/\(users[1])")
                return link
            }
            try await TenantInProcess.with(folder: folder.path) { tenant in
                #expect(
                    try await tenant.client.state() == ["users": 1, "groups": 1, "memberships": 1, "deleted": 1]
                )
                let changes = try await DeltaEndpointTests.round(tenant.client, link).values
                #expect(changes.first?["displayName"] == "G")
                _ = try await tenant.client.make("/users", GraphTests.user("three"))
                #expect(try await tenant.client.all("/users").count == 2)
            }
        }
    }

    @Test("a file that a crash cut short is read up to its last whole line; a damaged file is named")
    func damaged() async throws {
        try await TemporaryFolder.with { folder in
            try await TenantInProcess.with(folder: folder.path) { tenant in
                _ = try await tenant.client.make("/users", GraphTests.user("one"))
            }
            let file = folder.appending(path: "11111111-2222-4333-8444-555555555555.jsonl")
            var text = try String(contentsOf: file, encoding: .utf8)
            try (text + "[1795,\"crea").write(to: file, atomically: true, encoding: .utf8)
            try await TenantInProcess.with(folder: folder.path) { tenant in
                let users = try await tenant.client.all("/users")
                #expect(users.count == 1)
            }
            text = try String(contentsOf: file, encoding: .utf8)
            try ("nonsense\n" + text).write(to: file, atomically: true, encoding: .utf8)
            await #expect(throws: EmulatorError.self) { try await TenantInProcess.with(folder: folder.path) { _ in } }
        }
    }

    @Test("repeated creates are counted, whatever their password; so are those that made a duplicate")
    func repeated() async throws {
        try await TenantInProcess.with { tenant in
            _ = try await tenant.client.make("/users", GraphTests.user("ada"))
            let again = GraphTests.user("ada", ["passwordProfile": ["password": "An0ther!password"]])
            #expect(try await tenant.client.send("POST", "/users", again).status == 400)
            for _ in 0..<2 { _ = try await tenant.client.make("/groups", GraphTests.group("G")) }
            let counters = try await tenant.client.counters()
            #expect(counters["repeated_creates"] == 2)
            #expect(counters["duplicated_creates"] == 1)
            #expect(counters["writes"] == 4)
            #expect(counters["changes"] == 3)
        }
    }

    @Test("refused requests are listed among the latest requests too")
    func refused() async throws {
        try await TenantInProcess.with { tenant in
            _ = try await HTTP.send("GET", tenant.client.graph + "/users/ada")
            _ = try await tenant.client.send("POST", "/$batch", ["requests": "none"])
            let operations = try await tenant.client.counters()["operations"]
            #expect(operations == ["GET /users/{id} 401": 1, "POST /$batch 400": 1])
            let latest = try await tenant.client.control("GET", "page").body["latest"]?.array ?? []
            #expect(latest.compactMap { $0["call"]?.string } == ["POST /$batch", "GET /users/ada"])
            #expect(latest.compactMap { $0["status"]?.integer } == [400, 401])
        }
    }

    @Test("answers have the date of the tenant's clock")
    func date() async throws {
        try await TenantInProcess.with { tenant in
            _ = try await tenant.client.control("POST", "clock", ["now": "2030-05-06T07:08:09Z", "frozen": true])
            let answer = try await tenant.client.send("GET", "/users")
            #expect(answer.headers["date"] == "Mon, 06 May 2030 07:08:09 GMT")
        }
    }

    @Test("throttling and lags are on by default")
    func standards() {
        let settings = TenantSettings()
        #expect(settings.throttles)
        #expect([settings.replicationLag, settings.indexLag, settings.deltaLag].map(\.mean) == [0.2, 1, 1])
    }

    @Test("an application that is added later has a service principal and can sign in, by a new domain too")
    func lateApplications() async throws {
        try await TenantInProcess.with {
            $0.applications[0].permissions.append("Application.Read.All")
        } _: { tenant in
            let standard: JSONValue = [
                "client_id": tenant.endpoints["client_id"] ?? .null, "secrets": [["value": "emulated-secret-value"]],
            ]
            let late: JSONValue = [
                "client_id": "99999999-bbbb-4ccc-8ddd-eeeeeeeeeeee", "name": "Late", "secrets": [["value": "late"]],
            ]
            let change: JSONValue = ["applications": [standard, late], "domains": ["company.com", "late.example"]]
            #expect(try await tenant.client.control("PATCH", "settings", change).status == 200)
            let names = try await tenant.client.all("/servicePrincipals").compactMap { $0["displayName"]?.string }
            #expect(Set(names) == ["Provisioning", "Late"])
            let endpoints = (tenant.endpoints.object ?? [:]).merging([
                "client_id": late["client_id"] ?? .null, "tenant_id": "late.example",
            ]) { $1 }
            let client = try await TenantClient(.object(endpoints), secret: "late")
            #expect(try await client.send("GET", "/users").status == 200)
        }
    }

    @Test(
        "the refusal of an invalid setting names it",
        arguments: [
            ["throttle_speed": 0], ["delta_page_size": 0], ["delta_members_per_page": 0],
            ["expired_delta_status": 5000],
            ["throttled_batch_status": 5000], ["token_lifetime": 9_223_372_036_854_775_807],
            ["login_clock_skew": 1e300], ["page_token_lifetime": -1], ["group_licence_delay": 1e300],
            ["replication_lag": ["mean": 1e300]], ["replication_lag": ["mean": 1, "shpae": "fixed"]],
            ["index_lag": ["shape": "fixed"]], ["delta_lag": -1],
            ["applications": [["secrets": [["value": "x", "expires": "tomorrow"]]]]],
            ["applications": [["certificates": ["nonsense"]]]],
            ["applications": [["federated_credentials": [["public_key": "nonsense"]]]]],
        ] as [JSONValue]
    )
    func wrongSettings(_ settings: JSONValue) async throws {
        try await TenantInProcess.with { tenant in
            let answer = try await tenant.client.control("PATCH", "settings", settings)
            #expect(answer.status == 400, "\(answer.body)")
            #expect(answer.body["error"]?["message"]?.string?.isEmpty == false)
            let far = try await tenant.client.control("POST", "clock", ["advance_seconds": 1e300])
            #expect(far.status == 400)
        }
    }

    @Test("the page shows the tenant, and its lists show the objects")
    func page() async throws {
        try await TenantInProcess.with { tenant in
            let id = try await tenant.client.make("/users", GraphTests.user("ada"))
            let users = try await tenant.client.control("GET", "browse/users?search=person")
            #expect(users.body["value"]?.array?.compactMap { $0["id"]?.string } == [id])
            let shown = try await tenant.client.control("GET", "browse/object/\(id)")
            #expect(shown.body["properties"]?["displayName"] == "Person ada")
            let page = try await tenant.client.control("GET", "page")
            #expect(page.body["latest"]?.array?.first?["call"] == "POST /users")
            #expect(page.body["changes_per_second"]?.array?.reduce(0) { $0 + ($1.integer ?? 0) } == 1)
        }
    }
}

import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@Suite("The API's own operations, which authentik does not have")
struct CausewayEndpointTests {
    private func settings(_ tenant: TenantProgram) -> JSONValue {
        var settings: [String: JSONValue] = [
            "name": "Entra", "cloud": "custom", "client_secret": "emulated-secret-value",
        ]
        for key in ["client_id", "tenant_id", "login_endpoint", "graph_endpoint"] {
            settings[key] = tenant.endpoints[key]
        }
        return .object(settings)
    }

    private func levels(_ answer: HTTP.Answer, _ subject: String) -> [String] {
        (answer.body["findings"]?.array ?? []).filter { $0["subject"]?.string == subject }
            .compactMap { $0["level"]?.string }
    }

    @Test("settings can be checked before they are stored; the stored secret is used if the request has none")
    func connection() async throws {
        try await TenantProgram.with { tenant in
            try await ServedProgram.with { server in
                let path = "/causeway/connection/check/"
                let good = settings(tenant)
                let checked = try await server.send("POST", path, ["settings": good])
                #expect(checked.status == 200)
                #expect(levels(checked, "tenant") == ["ok"], "\(checked.body.text)")
                #expect(levels(checked, "application").isEmpty)
                var wrong = good.object ?? [:]
                wrong["client_secret"] = "mistyped-value"
                let refused = try await server.send("POST", path, ["settings": .object(wrong)])
                #expect(levels(refused, "tenant") == ["error"], "\(refused.body.text)")
                #expect(!refused.body.text.contains("mistyped-value"))
                let stored = try await server.send("POST", "/providers/microsoft_entra/", good)
                let key = try #require(stored.body["pk"])
                wrong["client_secret"] = nil
                let again = try await server.send("POST", path, ["provider": key, "settings": .object(wrong)])
                #expect(levels(again, "tenant") == ["ok"], "\(again.body.text)")
                #expect(levels(again, "application") == ["error"])
                let invalid = try await server.send("POST", path, ["settings": ["tenant_id": "x"]])
                #expect(invalid.status == 400)
                let nobody = try await server.send("POST", path, ["provider": 99, "settings": [:]])
                #expect(nobody.status == 400)
            }
        }
    }

    @Test("an account whose user was deleted can be linked to another user by hand; a linked account cannot")
    func linkByHand() async throws {
        try await ServedProgram.with { server in
            let provider: JSONValue = [
                "name": "Entra", "client_id": "c", "tenant_id": "t", "client_secret": "s",
                "same_person_keys": ["employee_id"],
            ]
            let made = try await server.send("POST", "/providers/microsoft_entra/", provider)
            #expect(made.body["same_person_keys"] == ["employee_id"], "\(made.body.text)")
            let key = try #require(made.body["pk"])
            var users: [JSONValue] = []
            for name in ["john", "jane", "mary"] {
                let user = try await server.send(
                    "POST",
                    "/core/users/",
                    ["username": .string(name), "name": .string(name)]
                )
                users.append(try #require(user.body["pk"]))
            }
            func link(_ user: JSONValue) async throws -> HTTP.Answer {
                let body: JSONValue = ["provider": key, "user": user, "microsoft_id": "account-1"]
                return try await server.send("POST", "/providers/microsoft_entra_users/", body)
            }
            #expect(try await link(users[0]).status == 201)
            #expect(try await link(users[1]).status == 400)
            _ = try await server.send("DELETE", "/core/users/\(users[0].integer ?? 0)/")
            let taken = try await link(users[1])
            #expect(taken.status == 201 && taken.body["user"] == users[1], "\(taken.body.text)")
            #expect(try await link(users[2]).status == 400)
            let links = try await server.send("GET", "/providers/microsoft_entra_users/")
            #expect(links.body["results"]?.array?.count == 1)
            let wrong: JSONValue = ["same_person_keys": ["display_name"]]
            let refused = try await server.send("PATCH", "/providers/microsoft_entra/\(key.integer ?? 0)/", wrong)
            #expect(refused.status == 400 && refused.body["same_person_keys"] != nil, "\(refused.body.text)")
        }
    }

    @Test("an expression is tested on named objects or on a sample, without being stored")
    func preview() async throws {
        try await ServedProgram.with { server in
            let path = "/causeway/mappings/preview/"
            let people = (1...12).map { "u\($0),Person \($0)" }.joined(separator: "\n")
            _ = try await server.send("POST", "/causeway/import/", ["users": .string("username,name\n" + people)])
            let users = try await server.send("GET", "/core/users/?username=u3")
            let user = try #require(users.body["results"]?.array?.first?["pk"])
            let expression: JSONValue = "return {'displayName': request.user.name, 'mailNickname': 'x'}"
            let one = try await server.send("POST", path, ["expression": expression, "users": [user]])
            let result = try #require(one.body["results"]?.array?.first, "\(one.body.text)")
            #expect(result["name"] == "u3")
            let outcome = try #require(result["outcome"])
            #expect(outcome["properties"]?["displayName"] == "Person 3", "\(outcome)")
            // The administrator without an address is in no scope.
            let sample = try await server.send("POST", path, ["expression": expression, "sample": 100])
            let results = sample.body["results"]?.array ?? []
            #expect(Set(results.compactMap { $0["name"]?.string }).count == 12)
            let broken = try await server.send("POST", path, ["expression": "x = 1\nreturn {", "users": [user]])
            let problem = try #require(broken.body["problems"]?.array?.first)
            #expect(problem["line"] == 2)
            let none = broken.body["results"]?.array?.isEmpty
            #expect(none == true)
            let unknown = try await server.send("POST", path, ["expression": expression, "users": [4711]])
            #expect(unknown.status == 400)
            let mappings = try await server.send("GET", "/propertymappings/all/?search=preview")
            #expect(mappings.body["pagination"]?["count"] == 0)
        }
    }

    @Test("a linked user is previewed as an existing account, even if no provider is named")
    func previewOfLinked() async throws {
        try await ServedProgram.with { server in
            let settings: JSONValue = ["name": "Entra", "client_id": "c", "client_secret": "s", "tenant_id": "t"]
            let provider = try await server.send("POST", "/providers/microsoft_entra/", settings)
            let key = try #require(provider.body["pk"], "\(provider.body.text)")
            var users: [JSONValue] = []
            for name in ["ada", "bob"] {
                let body: JSONValue = ["username": .string(name), "name": .string(name)]
                users.append(try #require(try await server.send("POST", "/core/users/", body).body["pk"]))
            }
            let link: JSONValue = ["provider": key, "user": users[0], "microsoft_id": "account-1"]
            #expect(try await server.send("POST", "/providers/microsoft_entra_users/", link).status == 201)
            let expression: JSONValue = """
                return {'display_name': user.name, 'city': 'Oslo', 'account_enabled': True, 'mail_nickname': 'x',
                        'user_principal_name': 'x@company.com', 'password_profile': {'password': user.password}}
                """
            func verbs(_ user: JSONValue) async throws -> [String] {
                let body: JSONValue = ["expression": expression, "users": [user]]
                let answer = try await server.send("POST", "/causeway/mappings/preview/", body)
                let actions = answer.body["results"]?.array?.first?["actions"]?.array ?? []
                return actions.compactMap { $0["action"]?.string }
            }
            let linked = try await verbs(users[0])
            let new = try await verbs(users[1])
            #expect(linked.contains("update") && !linked.contains("create"), "\(linked)")
            #expect(new == ["create"], "\(new)")
        }
    }

    @Test("an import can be previewed; importing what was exported changes nothing")
    func importAndExport() async throws {
        try await ServedProgram.with { server in
            let text: JSONValue = """
                username,name,email,groups,attributes.phone,attributes.note
                ada,"Lovelace, Ada",ada@company.com,staff;mathematicians,+44 20,''=1+1
                bob,Bob,bob@company.com,,,"two
                lines"
                """
            let tried = try await server.send("POST", "/causeway/import/", ["users": text, "dry_run": true])
            #expect(tried.body["created"] == 2)
            let before = try await server.send("GET", "/core/users/")
            #expect(before.body["pagination"]?["count"] == 1)
            _ = try await server.send("POST", "/causeway/import/", ["users": text])
            let headers = [("Authorization", "Bearer \(server.key)")]
            let address = server.origin + "/api/v3/causeway/export/users/"
            let exported = try await HTTP.text("GET", address, headers: headers)
            #expect(exported.text.contains("''=1+1"), "\(exported.text)")
            let again = try await server.send("POST", "/causeway/import/", ["users": .string(exported.text)])
            #expect(again.body["unchanged"] == 3, "\(again.body.text)\n\(exported.text)")
            let ada = try await server.send("GET", "/core/users/?username=ada")
            let attributes = try #require(ada.body["results"]?.array?.first?["attributes"])
            #expect(attributes["phone"] == "+44 20")
        }
    }

    @Test(
        "exported groups name their parents and members, large ones in several lines; another directory imports them"
    )
    func groups() async throws {
        let all = (0..<1100).map { "u\($0)" }
        let odd = ["u1", "a;b|\"c\"", "group:staff", "user:x"]
        func line(_ name: String, _ parents: [String] = [], _ members: [String] = [], _ more: [String] = ["", ""])
            -> String
        {
            CSVText.line([name, ListText.joined(parents), ListText.joined(members)] + more)
        }
        let oddLine = line("sales, north", ["staff"], ["u1", "a;b|\"c\"", "user:group:staff", "user:user:x"])
        let below = line("below", ["p;q", "staff"])
        let groups =
            CSVText.line(["name", "parents", "members", "attributes.floor", "attributes.sign"])
            + line("staff", [], all, ["3", "=1+1"]) + oddLine + line("even", [], Array(all.prefix(400))) + line("p;q")
            + below + line("nobody")
        let users = "username,name\n" + (all + odd.dropFirst()).map { CSVText.line([$0, "Person"]) }.joined()
        var exported: [String] = []
        for text in [groups, nil] {
            try await ServedProgram.with { server in
                let files: JSONValue = ["users": .string(users), "groups": .string(text ?? exported[0])]
                let report = try await server.send("POST", "/causeway/import/", files)
                #expect(report.body["memberships_added"] == 1507, "\(report.body.text)")
                let address = server.origin + "/api/v3/causeway/export/groups/"
                let headers = [("Authorization", "Bearer \(server.key)")]
                exported.append(try await HTTP.text("GET", address, headers: headers).text)
            }
        }
        let lines = exported.map { $0.split(separator: "\r\n").map(String.init).sorted() }
        #expect(lines[0] == lines[1])
        #expect(lines[0].count == 13)
        #expect(lines[0].contains(String(oddLine.dropLast())))
        #expect(lines[0].contains(String(below.dropLast())))
        #expect(lines[0].count { $0.hasPrefix("staff,") } == 6)
        #expect(lines[0].count { $0.hasPrefix("even,") } == 2)
        #expect(lines[0].contains { $0.hasPrefix("staff,,\"u0;u1;") && $0.hasSuffix(",3,'=1+1") }, "\(lines[0])")
    }

    @Test("the server reports its state, its activity by day, and the roles")
    func state() async throws {
        try await ServedProgram.with { server in
            let system = try await server.send("GET", "/causeway/system/")
            #expect(system.body["database"]?["users"] == 1)
            let layers = system.body["mappings"]?["layers"]?.array ?? []
            #expect(layers.count == 2)
            let days = try await server.send("GET", "/causeway/activity/?days=3")
            #expect(days.body.array?.count == 3)
            #expect(days.body.array?.last?["created"] == 0)
            let roles = try await server.send("GET", "/causeway/roles/")
            #expect(roles.body.array?.compactMap { $0["role"]?.string } == ["auditor", "operator", "administrator"])
        }
    }

    @Test(
        "the numbers of a provider, its failures by cause and as CSV, and a run that has ended and cannot be canceled"
    )
    func overview() async throws {
        try await TenantProgram.with { tenant in
            try await ServedProgram.with { server in
                let users = "username,name,email\nada,Ada,ada@company.com\nbob,Bob,\ncarl,Carl,\n"
                _ = try await server.send("POST", "/causeway/import/", ["users": .string(users)])
                var body = settings(tenant).object ?? [:]
                let mappings = try await server.send("GET", "/propertymappings/provider/microsoft_entra/")
                for mapping in mappings.body["results"]?.array ?? [] {
                    let managed = mapping["managed"]?.string
                    if managed == "goauthentik.io/providers/microsoft_entra/user", let key = mapping["pk"] {
                        body["property_mappings"] = [key]
                    }
                }
                let key = try #require(
                    try await server.send("POST", "/providers/microsoft_entra/", .object(body)).body["pk"]
                )
                let source = "/causeway/providers/\(key.integer ?? 0)/"
                let before = try await server.send("GET", source + "overview/")
                #expect(before.body["users"]?["in_scope"] == 3 && before.body["users"]?["linked"] == 0)
                #expect(
                    before.body["tenant"] == .null && before.body["portal"] == .null && before.body["running"] == .null
                )
                let secret = before.body["credentials"]?.array?.first
                #expect(
                    secret?["kind"] == "client_secret" && secret?["expires"] == .null && secret?["is_ending"] == false
                )
                let application: JSONValue = ["name": "E", "slug": "e", "backchannel_providers": [key]]
                _ = try await server.send("POST", "/core/applications/", application)
                while try await server.send("GET", source + "state/").body["last_full_sync"] == .null {
                    try await Task.sleep(for: .milliseconds(50))
                }
                let after = try await server.send("GET", source + "overview/")
                #expect(
                    after.body["users"]?["linked"] == 1 && after.body["users"]?["failing"] == 2,
                    "\(after.body.text)"
                )
                #expect(after.body["tenant"]?["verified_domains"]?.array?.contains("company.com") == true)
                let causes = try await server.send("GET", source + "failures/causes/?kind=user")
                let cause = try #require(causes.body["results"]?.array?.first, "\(causes.body.text)")
                #expect(cause["count"] == 2)
                let name = try #require(
                    cause["cause"]?.string?.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
                )
                let alone = try await server.send("GET", source + "failures/causes/?cause=\(name)")
                #expect(alone.body["pagination"]?["count"] == 1)
                let groups = try await server.send("GET", source + "failures/causes/?kind=group")
                #expect(groups.body["pagination"]?["count"] == 0)
                let csv = try await server.send("GET", source + "failures/export/?cause=\(name)")
                let lines = csv.body.string?.split(separator: "\r\n").map(String.init) ?? []
                #expect(lines.count == 3 && lines[0].hasPrefix("cause,kind,name,") && lines[1].contains(",bob,"))
                let invalid = try await server.send("GET", source + "failures/export/?cause=nonsense")
                #expect(invalid.status == 400)
                let runs = try await server.send("GET", source + "runs/")
                let run = try #require(runs.body["results"]?.array?.first?["pk"]?.string)
                let late = try await server.send("POST", "/causeway/runs/\(run)/cancel/")
                #expect(
                    late.status == 409 && late.body["detail"]?.string?.contains("has ended") == true,
                    "\(late.body.text)"
                )
                let linked = try await server.send("GET", "/providers/microsoft_entra_users/?state=suspended")
                #expect(linked.body["pagination"]?["count"] == 0)
                let unknown = try await server.send("GET", "/providers/microsoft_entra_users/?state=nonsense")
                #expect(unknown.status == 400)
            }
        }
    }
}

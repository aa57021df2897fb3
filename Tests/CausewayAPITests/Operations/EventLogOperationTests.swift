import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayAPI

@Suite("The log of events", .serialized)
struct EventLogOperationTests {
    private static let log = "/causeway/events/"

    /// The events of a filter, the newest first.
    private static func events(_ server: ServedProgram, _ filter: String, key: String? = "") async throws -> [JSONValue]
    {
        let answer = try await server.send("GET", "\(log)?\(filter)", key: key)
        #expect(answer.status == 200, "\(answer.body.text)")
        return answer.body["results"]?.array ?? []
    }

    /// The change of a field in an event.
    private static func change(_ field: String, _ event: JSONValue?) -> JSONValue? {
        event?["changes"]?.array?.first { $0["field"]?.string == field }
    }

    private static func made(_ server: ServedProgram, _ path: String, _ body: JSONValue) async throws -> JSONValue {
        let answer = try await server.send("POST", path, body)
        #expect(answer.status == 201, "\(answer.body.text)")
        return try #require(answer.body["pk"])
    }

    private static func provider(_ server: ServedProgram) async throws -> Int64 {
        let body: JSONValue = [
            "name": "Entra", "client_id": "c", "tenant_id": "t", "client_secret": "the first secret",
        ]
        return try #require(try await made(server, "/providers/microsoft_entra/", body).integer)
    }

    @Test("a changed setting of a provider is in the log with both values by name; a secret is not")
    func provider() async throws {
        try await ServedProgram.with { server in
            let key = try await Self.provider(server)
            let group = try await Self.made(server, "/core/groups/", ["name": "Staff"])
            let path = "/providers/microsoft_entra/\(key)/"
            let body: JSONValue = ["filter_group": group, "dry_run": true, "client_secret": "the second secret"]
            #expect(try await server.send("PATCH", path, body).status == 200)
            let event = try await Self.events(server, "provider=\(key)&action=model_updated").first
            #expect(event?["user"] == "root" && event?["channel"] == "api" && event?["token"] == "test")
            #expect(event?["object"]?["name"] == "Entra")
            let filterGroup = Self.change("filter_group", event)
            #expect(filterGroup?["old"] == .null && filterGroup?["new"] == group && filterGroup?["new_name"] == "Staff")
            let dryRun = Self.change("dry_run", event)
            #expect(dryRun?["old"] == false && dryRun?["new"] == true)
            #expect(Self.change("client_secret", event)?["kind"] == "secret")
            #expect(event?["changes"]?.array?.count == 3, "\(event?.text ?? "")")
            // In the form of authentik's audit events, too.
            let diff = event?["context"]?["diff"]
            #expect(diff?["dry_run"] == ["previous_value": false, "new_value": true])
            let all = try await server.send("GET", "/events/events/?page_size=100")
            #expect(!all.body.text.contains("the first secret") && !all.body.text.contains("the second secret"))
            // The filter group's own log has it too.
            let ofGroup = try await Self.events(server, "object_type=group&object=\(group.string ?? "")")
            #expect(ofGroup.compactMap { $0["action"]?.string } == ["model_updated", "model_created"])
        }
    }

    @Test("members that are added and removed are in the log of the group and of the user")
    func members() async throws {
        try await ServedProgram.with { server in
            let ada = try await Self.made(server, "/core/users/", ["username": "ada", "name": "Ada"])
            let bob = try await Self.made(server, "/core/users/", ["username": "bob", "name": "Bob"])
            let group = try await Self.made(server, "/core/groups/", ["name": "Staff", "users": [ada]])
            let path = "/core/groups/\(group.string ?? "")/"
            #expect(try await server.send("PATCH", path, ["users": [bob]]).status == 200)
            #expect(try await server.send("POST", "\(path)add_user/", ["pk": ada]).status == 204)
            // Nothing changes, so nothing is recorded.
            #expect(try await server.send("POST", "\(path)add_user/", ["pk": ada]).status == 204)
            let events = try await Self.events(server, "object_type=group&object=\(group.string ?? "")")
            let users = events.map { Self.change("users", $0) }
            func named(_ key: JSONValue, _ name: JSONValue) -> JSONValue { [["pk": key, "name": name]] }
            #expect(users.map { $0?["added"] } == [named(ada, "ada"), named(bob, "bob"), named(ada, "ada")])
            #expect(users.map { $0?["removed"] } == [[], named(ada, "ada"), []])
            let ofAda = try await Self.events(server, "object_type=user&object=\(ada.integer ?? 0)")
            #expect(ofAda.count == 4, "\(ofAda)")
            let ofBob = try await Self.events(server, "object_type=user&object=\(bob.integer ?? 0)")
            #expect(ofBob.count == 2)
            #expect(try await server.send("DELETE", "/core/users/\(bob.integer ?? 0)/").status == 204)
            let deleted = try await Self.events(server, "action=model_deleted").first
            #expect(Self.change("name", deleted)?["old"] == "Bob")
        }
    }

    @Test("an import is one event with its files, options and counts; its users have none")
    func imported() async throws {
        try await ServedProgram.with { server in
            let body: JSONValue = ["users": "username,name\nada,Ada\nbob,Bob\n", "key": "user_name"]
            #expect(try await server.send("POST", "/causeway/import/", body).status == 200)
            var preview = body.object ?? [:]
            preview["dry_run"] = true
            #expect(try await server.send("POST", "/causeway/import/", .object(preview)).status == 200)
            let events = try await Self.events(server, "action=custom_import")
            #expect(events.count == 1 && events.first?["user"] == "root")
            let details = events.first?["details"]?["import"]
            #expect(details?["users"] == "users.csv" && details?["key"] == "user_name" && details?["exact"] == false)
            #expect(details?["counts"]?["created"] == 2)
            #expect(try await Self.events(server, "search=bob").count == 0)
            // Clients of authentik know the action as a custom one.
            let strict = try await server.send("GET", "/events/events/?search=custom_import")
            #expect(strict.body["results"]?.array?.first?["action"] == "custom_")
        }
    }

    @Test("passwords, roles, tokens, mappings, schedules and applications have their changes")
    func others() async throws {
        try await ServedProgram.with { server in
            let ada = try await Self.made(server, "/core/users/", ["username": "ada", "name": "Ada"]).integer ?? 0
            let password: JSONValue = ["password": "a phrase that is not told"]
            #expect(try await server.send("POST", "/core/users/\(ada)/set_password/", password).status == 204)
            let roles: JSONValue = ["roles": [.string(AccessRole.auditor.id.uuidString)]]
            #expect(try await server.send("PATCH", "/core/users/\(ada)/", roles).status == 200)
            let ofAda = try await Self.events(server, "object_type=user&object=\(ada)")
            #expect(Self.change("password", ofAda.dropFirst().first)?["kind"] == "secret")
            #expect(Self.change("roles", ofAda.first)?["added"]?.array?.first?["pk"] == "auditor")
            let token: JSONValue = ["identifier": "robot", "causeway_role": "auditor"]
            #expect(try await server.send("POST", "/core/tokens/", token).status == 201)
            #expect(try await server.send("GET", "/core/tokens/robot/view_key/").status == 200)
            #expect(try await server.send("DELETE", "/core/tokens/robot/").status == 204)
            let ofToken = try await Self.events(server, "object_name=robot")
            #expect(
                ofToken.compactMap { $0["action"]?.string } == ["model_deleted", "secret_view", "model_created"]
            )
            #expect(Self.change("causeway_role", ofToken.last)?["new"] == "auditor")
            let key = try await Self.provider(server)
            try await Self.mapping(server, key)
            try await Self.schedule(server, key)
            let text = try await server.send("GET", "/events/events/?page_size=100").body.text
            #expect(!text.contains("a phrase that is not told"))
        }
    }

    /// A change of a mapping is in the log of its provider.
    private static func mapping(_ server: ServedProgram, _ provider: Int64) async throws {
        let path = "/propertymappings/provider/microsoft_entra/"
        let mapping = try await made(server, path, ["name": "mail", "expression": "return {}"]).string ?? ""
        let body: JSONValue = ["property_mappings": [.string(mapping)]]
        let set = try await server.send("PATCH", "/providers/microsoft_entra/\(provider)/", body)
        #expect(set.status == 200, "\(set.body.text)")
        let change: JSONValue = ["expression": "return {'mail': None}"]
        #expect(try await server.send("PATCH", "\(path)\(mapping)/", change).status == 200)
        let event = try await events(server, "provider=\(provider)&area=changes").first
        #expect(event?["object"]?["name"] == "mail")
        let expression = Self.change("expression", event)
        #expect(expression?["old"] == "return {}" && expression?["new"] == "return {'mail': None}")
    }

    private static func schedule(_ server: ServedProgram, _ provider: Int64) async throws {
        let all = try await server.send("GET", "/tasks/schedules/").body["results"]?.array
        let schedule = try #require(all?.first?["id"]?.string)
        let body: JSONValue = ["crontab": "5 3 * * *", "paused": true]
        #expect(try await server.send("PATCH", "/tasks/schedules/\(schedule)/", body).status == 200)
        let event = try await events(server, "provider=\(provider)&area=changes").first
        #expect(Self.change("crontab", event)?["new"] == "5 3 * * *")
        #expect(Self.change("paused", event)?["new"] == true)
    }

    @Test("commands record what they change, and who enters them")
    func commands() async throws {
        try await TemporaryFolder.with { folder in
            let key = try await ServedProgram.setUp(in: folder)
            let data = ["--data", folder.path]
            let secret = folder.appending(path: "secret")
            try Data("a client secret\n".utf8).write(to: secret)
            let create = [
                "provider", "create", "Entra", "--tenant-id", "t", "--client-id", "c", "--client-secret-file",
                secret.path,
                "--application", "Entra ID",
            ]
            let created = try await Program.run(create + data)
            #expect(created.status == 0, "\(created.errors)")
            let updated = try await Program.run(["provider", "update", "Entra", "--guard-max-count", "7"] + data)
            #expect(updated.status == 0, "\(updated.errors)")
            #expect(try await Program.run(["schedule", "pause", "Entra"] + data).status == 0)
            let people = folder.appending(path: "people.csv")
            try Data("username,name\nada,Ada\n".utf8).write(to: people)
            #expect(try await Program.run(["import", "csv", people.path] + data).status == 0)
            try await ServedProgram.serving(folder, key: key) { server in
                let events = try await Self.events(server, "user=command%20line")
                let actions = events.compactMap { $0["action"]?.string }
                #expect(
                    actions == [
                        "custom_import", "model_updated", "model_updated", "model_created", "model_created",
                        "secret_view", "model_created", "model_created",
                    ],
                    "\(events)"
                )
                #expect(events.allSatisfy { $0["channel"] == "command_line" && $0["system_user"]?.string != nil })
                #expect(events[0]["details"]?["import"]?["users"] == "people.csv")
                #expect(Self.change("paused", events[1])?["new"] == true)
                let limit = Self.change("guard_max_count", events[2])
                #expect(limit?["old"] == 50 && limit?["new"] == 7)
                #expect(events[3]["object"]?["model_name"] == "application")
                #expect(Self.change("client_secret", events[4])?["kind"] == "secret")
            }
        }
    }

    @Test("failed sign-ins and the lock that follows are recorded")
    func lockout() async throws {
        try await ServedProgram.with(environment: ["CAUSEWAY_SIGN_IN_FAILURES": "2"]) { server in
            for _ in 0..<4 {
                let guess: JSONValue = ["username": "root", "password": "a guess"]
                _ = try await server.send("POST", "/causeway/session/", guess, key: nil)
            }
            let failed = try await Self.events(server, "action=login_failed")
            #expect(failed.count == 2 && failed.allSatisfy { $0["object"]?["name"] == "root" })
            let locked = try await Self.events(server, "action=custom_lockout")
            #expect(locked.count == 1, "\(locked)")
            #expect(locked.first?["details"]?["locked"]?.array?.contains("account") == true)
        }
    }

    @Test("the export has the filtered events, as CSV with a line for each change and as JSON lines")
    func export() async throws {
        try await ServedProgram.with { server in
            for number in 0..<3 {
                _ = try await Self.made(
                    server,
                    "/core/groups/",
                    ["name": .string("group \(number)"), "is_superuser": false]
                )
            }
            let key = try await Self.provider(server)
            let body: JSONValue = ["dry_run": true, "guard_max_count": 3]
            #expect(try await server.send("PATCH", "/providers/microsoft_entra/\(key)/", body).status == 200)
            let lines = try await server.send("GET", "\(Self.log)export/?format=jsonl&object_type=group")
            let read = try (lines.body.string ?? "").split(separator: "\n").map {
                try JSONValue(parsing: Array($0.utf8))
            }
            #expect(read == (try await Self.events(server, "object_type=group")))
            let csv = try await server.send("GET", "\(Self.log)export/?provider=\(key)&action=model_updated")
            #expect(csv.headers["content-type"]?.hasPrefix("text/csv") == true)
            let rows = (csv.body.string ?? "").components(separatedBy: "\r\n").filter { !$0.isEmpty }
            #expect(rows.count == 3 && rows[0].hasPrefix("time,action,user,via,client_ip,object_type"))
            #expect(rows.contains { $0.contains(",guard_max_count,50,3,") }, "\(rows)")
            #expect(rows.contains { $0.contains(",dry_run,false,true,") }, "\(rows)")
            let nobody = try await server.token(nil)
            #expect(try await server.send("GET", "\(Self.log)export/", key: nobody).status == 403)
        }
    }

    @Test("the volume has every day of the time, and the same filters")
    func volume() async throws {
        try await ServedProgram.with { server in
            _ = try await Self.made(server, "/core/groups/", ["name": "Staff"])
            let days = try await server.send("GET", "\(Self.log)volume/?period=days%3D3&object_type=group")
            let spans = days.body["spans"]?.array ?? []
            #expect((3...4).contains(spans.count), "\(days.body.text)")
            #expect(spans.last?["changes"] == 1 && spans.last?["problems"] == 0)
            #expect(days.body["counted_since"] == .null)
            let year = try await server.send("GET", "\(Self.log)volume/?from=2020-01-01T00:00:00Z")
            #expect(year.body["spans"]?.array?.count == 92)
            #expect(year.body["counted_since"] == year.body["spans"]?.array?.first?["time"], "\(year.body.text)")
            let hours = try await server.send("GET", "\(Self.log)volume/?span=hour")
            #expect(hours.body["spans"]?.array?.count == 48)
            let wrong = try await server.send("GET", "\(Self.log)volume/?period=always")
            #expect(wrong.status == 400 && wrong.body["period"] != nil)
        }
    }

    @Test("days of the volume begin at midnight in the time zone, also where clocks change")
    func zones() async throws {
        try await ServedProgram.with { server in
            func beginnings(_ query: String) async throws -> [String] {
                let answer = try await server.send("GET", "\(Self.log)volume/?\(query)")
                return answer.body["spans"]?.array?.compactMap { $0["time"]?.string } ?? []
            }
            let spring = "from=2026-03-28T00:00:00Z&until=2026-03-30T22:00:00Z"
            #expect(
                try await beginnings("\(spring)&time_zone=Europe/Berlin")
                    == ["2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"]
            )
            #expect(
                try await beginnings(spring)
                    == ["2026-03-28T00:00:00Z", "2026-03-29T00:00:00Z", "2026-03-30T00:00:00Z"]
            )
            let hours = try await beginnings("\(spring)&span=hour&time_zone=Asia/Kathmandu")
            #expect(hours.allSatisfy { $0.hasSuffix(":15:00Z") } && hours.count > 60, "\(hours)")
            _ = try await Self.made(server, "/core/groups/", ["name": "Staff"])
            for zone in ["Asia/Kathmandu", "Pacific/Auckland", "America/St_Johns"] {
                let answer = try await server.send("GET", "\(Self.log)volume/?object_type=group&time_zone=\(zone)")
                #expect(answer.body["spans"]?.array?.last?["changes"] == 1, "\(zone): \(answer.body.text)")
            }
            let wrong = try await server.send("GET", "\(Self.log)volume/?time_zone=nowhere")
            #expect(wrong.status == 400 && wrong.body["time_zone"] != nil)
        }
    }

    @Test("a view belongs to the user who saves it, and can be replaced and deleted")
    func views() async throws {
        try await ServedProgram.with { server in
            let path = "\(Self.log)views/"
            let filter: JSONValue = ["action": "login_failed", "period": "days=7"]
            let body: JSONValue = ["name": "Attacks", "filter": filter]
            #expect(try await server.send("POST", path, body).status == 201)
            let replaced = try await server.send("POST", path, body)
            let id = try #require(replaced.body["pk"]?.string)
            let auditor = try await server.token(.auditor)
            #expect(try await server.send("POST", path, ["name": "Mine", "filter": [:]], key: auditor).status == 201)
            let own = try await server.send("GET", path).body
            #expect(own == [["pk": .string(id), "name": "Attacks", "filter": filter]])
            #expect(try await server.send("DELETE", "\(path)\(id)/", key: auditor).status == 404)
            #expect(try await server.send("DELETE", "\(path)\(id)/").status == 204)
            let left = try await server.send("GET", path).body
            #expect(left == [])
            for wrong: JSONValue in [
                ["name": "x", "filter": ["password": "p"]], ["name": " ", "filter": [:]], ["filter": [:]],
            ] {
                #expect(try await server.send("POST", path, wrong).status == 400)
            }
        }
    }

    @Test("pages of the log follow each other; a key without a type is refused")
    func pages() async throws {
        try await ServedProgram.with { server in
            for number in 0..<5 {
                _ = try await Self.made(server, "/core/groups/", ["name": .string("group \(number)")])
            }
            let first = try await server.send("GET", "\(Self.log)?object_type=group&limit=2").body
            let next = try #require(first["next"]?.integer)
            let second = try await server.send("GET", "\(Self.log)?object_type=group&limit=2&before=\(next)").body
            let third = try #require(second["next"]?.integer)
            let last = try await server.send("GET", "\(Self.log)?object_type=group&limit=2&before=\(third)").body
            let names = [first, second, last].flatMap { $0["results"]?.array ?? [] }.map { $0["object"]?["name"] }
            #expect(names == (0..<5).reversed().map { .string("group \($0)") })
            #expect(last["next"] == .null)
            #expect(try await server.send("GET", "\(Self.log)?object=1").status == 400)
            let one = try #require(first["results"]?.array?.first)
            let same = try await server.send("GET", "\(Self.log)\(one["pk"]?.string ?? "")/").body
            #expect(same == one)
        }
    }
}

import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("Imports over the API")
struct ImportOperationTests {
    /// Server-sent events: their names and what they say.
    private func events(_ text: String) throws -> [(name: String, data: JSONValue)] {
        try text.split(separator: "\n\n").map { event in
            let lines = event.split(separator: "\n")
            func field(_ name: String) -> String {
                lines.first { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) } ?? ""
            }
            return (field("event"), try JSONValue(parsing: Array(field("data").utf8)))
        }
    }

    private func listen(_ server: ServedProgram, _ body: JSONValue) async throws -> [(name: String, data: JSONValue)] {
        let headers = [("Authorization", "Bearer \(server.key)"), ("Accept", "text/event-stream")]
        let answer = try await HTTP.text(
            "POST",
            server.origin + "/api/v3/causeway/import/",
            headers: headers,
            body: body
        )
        #expect(answer.status == 200)
        return try events(answer.text)
    }

    @Test("an import reports how many lines were read, and its result at the end")
    func progress() async throws {
        try await ServedProgram.with { server in
            let lines = (1...12_000).map { "u\($0),Person \($0)" }
            let events = try await listen(server, ["users": .string("username,name\n" + lines.joined(separator: "\n"))])
            let report = try #require(events.last)
            #expect(report.name == "report")
            #expect(report.data["created"] == 12_000)
            #expect(report.data["problem_count"] == 0)
            let counts = events.dropLast().compactMap { $0.data["lines"]?.integer }
            #expect(counts.count == events.count - 1)
            #expect(!counts.isEmpty)
            #expect(counts == counts.sorted())
        }
    }

    @Test("an import that cannot be read says why, and changes nothing")
    func refused() async throws {
        try await ServedProgram.with { server in
            let events = try await listen(server, ["users": "name\nAda\n"])
            #expect(events.map(\.name) == ["error"])
            let reasons = events.last?.data["non_field_errors"]?.array ?? []
            #expect(reasons.first?.string?.contains("username") == true, "\(events)")
            let users = try await server.send("GET", "/core/users/")
            #expect(users.body["pagination"]?["count"] == 1)
        }
    }

    @Test("the report and the log name a file as it is called, and a name with a folder is refused")
    func fileNames() async throws {
        try await ServedProgram.with { server in
            let lines = "username,name\nada,Ada\n,No name\n"
            let named = try await server.send(
                "POST",
                "/causeway/import/",
                [
                    "users": .string(lines), "users_file": "people.csv", "groups": "name\nStaff\n",
                    "groups_file": "people.csv",
                ]
            )
            #expect(named.status == 200)
            #expect(named.body["problems"]?.array?.first?["file"] == "people.csv")
            let events = try await server.send("GET", "/events/events/?action=custom_import")
            let details = events.body["results"]?.array?.first?["context"]?["causeway"]?["import"]
            #expect(details?["users"] == "people.csv" && details?["groups"] == "people.csv")
            for name in ["../people.csv", "", "..", "a/b.csv", "tab\t.csv", String(repeating: "x", count: 300)] {
                let body: JSONValue = ["users": .string(lines), "users_file": .string(name)]
                let refused = try await server.send("POST", "/causeway/import/", body)
                #expect(refused.status == 400 && refused.body["users_file"] != nil, "\(name)")
            }
        }
    }

    @Test("a preview lists the first changes, and all on request; users that would be created have no key yet")
    func changes() async throws {
        try await ServedProgram.with { server in
            let users = "username,name\n" + (1...12).map { "u\($0),Person \($0)\n" }.joined() + "root,Ruth\n"
            var body: [String: JSONValue] = ["users": .string(users), "dry_run": true]
            let first = try await server.send("POST", "/causeway/import/", .object(body)).body["changes"]?.array ?? []
            #expect(first.count == 11)
            #expect(first.filter { $0["change"] == "created" }.allSatisfy { $0["user"] == .null })
            let changed = try #require(first.first { $0["change"] == "updated" })
            #expect(changed["username"] == "root" && changed["fields"] == ["name"] && changed["user"]?.integer != nil)
            body["list_changes"] = true
            let all = try await server.send("POST", "/causeway/import/", .object(body)).body["changes"]?.array ?? []
            #expect(all.count == 13)
            body = ["users": .string(users)]
            let done = try await server.send("POST", "/causeway/import/", .object(body)).body["changes"]?.array ?? []
            let key = try #require(done.first { $0["username"] == "u1" }?["user"]?.integer)
            #expect(try await server.send("GET", "/core/users/\(key)/").body["username"] == "u1")
        }
    }

    @Test(
        "the columns of a file that cannot be imported are told, with what they may be; a chosen meaning then decides"
    )
    func columns() async throws {
        try await ServedProgram.with { server in
            let users: JSONValue = "Work e-mail,Contact email,Enabled/Disabled\nada@x.test,a@y.test,yes\n"
            let refused = try await server.send("POST", "/causeway/import/", ["users": users, "dry_run": true])
            #expect(refused.status == 400)
            let answer = try await server.send("POST", "/causeway/import/columns/", ["users": users])
            #expect(answer.status == 200 && answer.body["format"] == "")
            let columns = answer.body["columns"]?.array ?? []
            #expect(columns.map { $0["header"] } == ["Work e-mail", "Contact email", "Enabled/Disabled"])
            #expect(columns.map { $0["target"] } == ["email", "email", "is_active"])
            #expect(answer.body["targets"]?.array?.contains("is_blocked") == true)
            let map: JSONValue = ["Contact email=attributes.other_mail", "Enabled/Disabled=is_active"]
            let done = try await server.send(
                "POST",
                "/causeway/import/",
                ["users": users, "map": map, "dry_run": true]
            )
            #expect(done.status == 200 && done.body["created"] == 1, "\(done.body.text)")
            let read = done.body["files"]?.array?.first?["columns"]?.array ?? []
            #expect(read.map { $0["is_chosen"] } == [false, true, true])
            let empty = try await server.send("POST", "/causeway/import/columns/", ["users": "\"name,email\nx,y\n"])
            #expect(empty.status == 400 && empty.body["non_field_errors"] != nil)
        }
    }
}

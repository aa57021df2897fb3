import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("Blanks around texts that clients send")
struct TrimmedTextTests {
    /// White space of every kind that comes from spreadsheets and forms: a blank, a tab, a line end, a no-break blank, a wide one.
    private static let blanks = [" ", "\t", "\r\n", "\u{A0}", "\u{3000}"]

    private static let mapping = "/propertymappings/provider/microsoft_entra/"

    /// The created object, and its texts that are checked.
    private static let objects: [(path: String, body: [String: JSONValue], texts: [String])] = [
        (
            "/core/users/", ["username": "pad", "name": "Pad", "email": "sp@contoso.com"],
            ["username", "name", "email"]
        ),
        ("/core/groups/", ["name": "PadG"], ["name"]),
        (
            "/core/applications/",
            [
                "name": "Padded", "slug": "padded", "group": "G", "meta_description": "Two\nlines",
                "meta_publisher": "P",
            ],
            ["name", "slug", "group", "meta_description", "meta_publisher"]
        ),
        (mapping, ["name": "padded", "expression": "return {}"], ["name"]),
        (
            "/providers/microsoft_entra/",
            ["name": "padded", "client_id": "c", "tenant_id": "t", "client_secret": "s", "property_mappings": []],
            ["name", "client_id", "tenant_id"]
        ),
        ("/core/tokens/", ["identifier": "padded", "description": "D"], ["identifier", "description"]),
    ]

    private func padded(_ body: [String: JSONValue], _ texts: [String], with blank: String) -> JSONValue {
        .object(body.merging(texts.map { ($0, .string(blank + (body[$0]?.string ?? "") + blank)) }) { $1 })
    }

    @Test("blanks of every kind are removed; a name that differs in nothing else is a duplicate")
    func trimmed() async throws {
        try await ServedProgram.with { server in
            for (path, body, texts) in Self.objects {
                let made = try await server.send("POST", path, padded(body, texts, with: Self.blanks.joined()))
                #expect(made.status == 201, "\(path): \(made.body)")
                for text in texts { #expect(made.body[text] == body[text], "\(path) \(text)") }
                for blank in Self.blanks {
                    let again = try await server.send("POST", path, padded(body, texts, with: blank))
                    #expect(again.status == 400, "\(path) \(again.body)")
                }
            }
            let users = try await server.send("GET", "/core/users/?username=pad")
            let key = try #require(users.body["results"]?.array?.first?["pk"]?.integer)
            let changed = try await server.send("PATCH", "/core/users/\(key)/", ["name": " Other\u{A0}"])
            #expect(changed.body["name"] == "Other")
            let blank = try await server.send("PATCH", "/core/users/\(key)/", ["username": "  "])
            #expect(blank.status == 400)
        }
    }

    @Test("blanks before an expression are removed; its line ends stay as sent, as Terraform expects")
    func expressions() async throws {
        try await ServedProgram.with { server in
            for (sent, kept) in [
                ("  return {}", "return {}"), ("\n\t return {}\n", "\nreturn {}\n"),
                ("\nreturn {}\n\n", "\nreturn {}\n\n"),
            ] {
                let named = try await server.send(
                    "POST",
                    Self.mapping,
                    ["name": .string("m\(sent.count)"), "expression": .string(sent)]
                )
                #expect(named.body["expression"]?.string == kept)
            }
        }
    }

    @Test("blanks stay in passwords and in lines of CSV")
    func secrets() async throws {
        try await ServedProgram.with { server in
            let made = try await server.send("POST", "/core/users/", ["username": "ada", "name": "Ada"])
            let key = try #require(made.body["pk"]?.integer)
            let password = " a pass phrase in blanks "
            let set = try await server.send("POST", "/core/users/\(key)/set_password/", ["password": .string(password)])
            #expect(set.status == 204, "\(set.body)")
            for (tried, status) in [(password, 201), ("a pass phrase in blanks", 400)] {
                let session = try await server.send(
                    "POST",
                    "/causeway/session/",
                    ["username": " ada ", "password": .string(tried)],
                    key: nil
                )
                #expect(session.status == status, "\(session.body)")
            }
            // The empty lines before a header count.
            let report = try await server.send(
                "POST",
                "/causeway/import/",
                ["users": "\n\nusername,email\nx,nonsense\n"]
            )
            #expect(report.body["problems"]?.array?.first?["line"] == 4)
        }
    }

    @Test("an import creates no second group for a name with blanks, in quotes or not")
    func imported() async throws {
        try await ServedProgram.with { server in
            _ = try await server.send("POST", "/core/groups/", ["name": "Staff"])
            let csv = "username,groups\n ada ,\"\"\" Staff \"\";Staff\"\nada,Staff\n"
            let report = try await server.send("POST", "/causeway/import/", ["users": .string(csv)])
            #expect(report.body["groups_created"] == 0, "\(report.body)")
            #expect(report.body["problems"]?.array?.first?["line"] == 3)
            let groups = try await server.send("GET", "/core/groups/")
            #expect(groups.body["results"]?.array?.compactMap { $0["name"]?.string } == ["Staff"])
        }
    }
}

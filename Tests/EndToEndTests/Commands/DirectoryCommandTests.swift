import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("Users, groups and tokens on the command line", .timeLimit(.minutes(10)))
struct DirectoryCommandTests {
    private static func run(_ folder: URL, _ arguments: String...) async throws -> Program {
        try await Program.run(arguments + ["--data", folder.path])
    }

    private static func done(_ folder: URL, _ arguments: String...) async throws -> Program {
        let run = try await Program.run(arguments + ["--data", folder.path])
        #expect(run.status == 0, "\(arguments): \(run.output) \(run.errors)")
        return run
    }

    private static func users(_ folder: URL) async throws -> [JSONValue] {
        try await run(folder, "user", "list", "--json").json.array ?? []
    }

    @Test("a user is created with every field, a group and a role, is changed in part, and is deleted")
    func users() async throws {
        try await TemporaryFolder.with { folder in
            _ = try await Self.done(folder, "group", "create", "Staff", "--attribute", "floor=third")
            _ = try await Self.done(
                folder,
                "user",
                "create",
                "ada",
                "--name",
                "Ada Lovelace",
                "--email",
                "ada@company.com",
                "--type",
                "external",
                "--path",
                "users/emea",
                "--attribute",
                "department=Maths",
                "--attribute",
                "level:=3",
                "--group",
                "Staff",
                "--role",
                "auditor"
            )
            var ada = try #require(try await Self.users(folder).first)
            #expect(ada["name"] == "Ada Lovelace" && ada["email"] == "ada@company.com" && ada["type"] == "external")
            #expect(ada["path"] == "users/emea" && ada["attributes"] == ["department": "Maths", "level": 3])
            let groups = try await Self.run(folder, "group", "list", "--json").json.array
            #expect(groups?.first?["users"] == 1)
            let updated = try await Self.done(
                folder,
                "user",
                "update",
                "ada",
                "--username",
                "ada.l",
                "--no-active",
                "--attribute",
                "level=",
                "--no-role",
                "--json"
            )
            let roles = try updated.json["roles"]
            #expect(roles == [])
            ada = try #require(try await Self.users(folder).first)
            #expect(ada["username"] == "ada.l" && ada["is_active"] == false && ada["name"] == "Ada Lovelace")
            #expect(ada["attributes"] == ["department": "Maths"] && ada["type"] == "external")
            let deleted = try await Self.done(folder, "user", "delete", "ada.l")
            #expect(deleted.output == "User 'ada.l' was deleted.\n")
            #expect(try await Self.users(folder).isEmpty)
        }
    }

    @Test("several objects count once each, however often they are named")
    func several() async throws {
        try await TemporaryFolder.with { folder in
            _ = try await ServedProgram.setUp(in: folder)
            for name in ["ada", "bob"] { _ = try await Self.done(folder, "user", "create", name) }
            _ = try await Self.done(folder, "group", "create", "Staff")
            let added = try await Self.done(folder, "group", "add", "Staff", "ada", "ada")
            #expect(added.output.hasPrefix("1 user was added to 'Staff'."), "\(added.output)")
            let deleted = try await Self.done(folder, "user", "delete", "ada", "bob", "ada")
            #expect(deleted.output == "User 'ada' was deleted.\nUser 'bob' was deleted.\n")
        }
    }

    @Test("a group has parents and members; adding and removing says what changed")
    func groups() async throws {
        try await TemporaryFolder.with { folder in
            for name in ["ada", "bob", "cyd"] { _ = try await Self.done(folder, "user", "create", name) }
            _ = try await Self.done(folder, "group", "create", "Company")
            _ = try await Self.done(folder, "group", "create", "Staff", "--user", "ada", "--parent", "Company")
            let added = try await Self.done(folder, "group", "add", "Staff", "ada", "bob", "cyd")
            let said = "2 users were added to 'Staff'. 1 user needed no change.\n"
            #expect(added.output.hasPrefix(said), "\(added.output)")
            let removed = try await Self.done(folder, "group", "remove", "Staff", "bob", "--json")
            let changed = try removed.json["changed"]
            #expect(changed == ["bob"])
            let updated = try await Self.done(
                folder,
                "group",
                "update",
                "Staff",
                "--name",
                "Team",
                "--no-parent",
                "--superuser",
                "--json"
            )
            let group = try updated.json
            #expect(group["name"] == "Team" && group["parents"] == [] && group["is_superuser"] == true)
            let list = try await Self.run(folder, "group", "list", "--json").json.array ?? []
            #expect(list.first { $0["name"] == "Team" }?["users"] == 2)
            _ = try await Self.done(folder, "group", "delete", "Team", "Company")
            #expect(try await Self.users(folder).count == 3)
        }
    }

    @Test("wrong names and values are refused in the API's words, and nothing is half done")
    func refused() async throws {
        try await TemporaryFolder.with { folder in
            _ = try await Self.done(folder, "user", "create", "ada")
            let cases: [([String], String)] = [
                (["user", "create", "ada"], "username: This field must be unique."),
                (["user", "create", "bob", "--email", "bob"], "email: Enter a valid email address."),
                (["user", "create", "bob", "--group", "Staff"], "There is no group 'Staff'"),
                (["user", "update", "ada"], "Give at least one option with a new value."),
                (["user", "delete", "ada", "bob"], "There is no user 'bob'"),
                (["group", "add", "Staff", "ada"], "There is no group 'Staff'"),
                (["token", "revoke", "backup"], "There is no token 'backup'"),
                (["token", "create", "bob", "backup"], "There is no user 'bob'"),
            ]
            for (arguments, sentence) in cases {
                let run = try await Program.run(arguments + ["--data", folder.path])
                #expect(run.status == 1 && run.errors.contains(sentence), "\(arguments): \(run.errors)")
            }
            let type = try await Self.run(folder, "user", "create", "bob", "--type", "internal_service_account")
            #expect(type.status == 64 && type.errors.contains("internal, external, service_account"), "\(type.errors)")
            #expect(try await Self.users(folder).map { $0["username"] } == ["ada"])
        }
    }

    @Test(
        "changes are events of the command line, without an HTTP request"
    )
    func recorded() async throws {
        try await TemporaryFolder.with { folder in
            let key = try await ServedProgram.setUp(in: folder)
            _ = try await Self.done(folder, "user", "create", "ada", "--name", "Ada")
            _ = try await Self.done(folder, "user", "update", "ada", "--name", "Ada L.")
            _ = try await Self.done(folder, "group", "create", "Staff", "--user", "ada")
            _ = try await Self.done(folder, "user", "delete", "ada")
            try await ServedProgram.serving(folder, key: key) { server in
                let events = try await server.send("GET", "/events/events/?ordering=created&page_size=100")
                let own = (events.body["results"]?.array ?? []).filter { event in
                    ["ada", "Staff"].contains(event["context"]?["model"]?["name"]?.string)
                }
                #expect(
                    own.map { $0["action"] } == ["model_created", "model_updated", "model_created", "model_deleted"]
                )
                #expect(own.allSatisfy { $0["user"]?["username"] == "command line" })
                #expect(own.allSatisfy { $0["context"]?["http_request"] == nil })
            }
        }
    }

    @Test("a token is created, works, is listed without its key, and no longer works once it is revoked")
    func tokens() async throws {
        try await TemporaryFolder.with { folder in
            let key = try await ServedProgram.setUp(in: folder)
            let made = try await Self.done(
                folder,
                "token",
                "create",
                "root",
                "backup",
                "--role",
                "auditor",
                "--lifetime",
                "days=30",
                "--description",
                "Nightly"
            )
            let backup = made.output.trimmingCharacters(in: .newlines)
            let list = try await Self.run(folder, "token", "list", "--user", "root", "--json")
            #expect(!list.output.contains(backup))
            let lines = try list.json.array ?? []
            let line = try #require(lines.first { $0["identifier"] == "backup" })
            #expect(line["user"] == "root" && line["role"] == "auditor" && line["description"] == "Nightly")
            try await ServedProgram.serving(folder, key: key) { server in
                #expect(try await server.send("GET", "/core/users/", key: backup).status == 200)
                #expect(try await server.send("POST", "/core/groups/", ["name": "x"], key: backup).status == 403)
                _ = try await Self.done(folder, "token", "revoke", "backup")
                #expect(try await server.send("GET", "/core/users/", key: backup).status == 403)
            }
        }
    }

    @Test("a token's user may be an option, its name may be left out, and its user is named once")
    func shortForms() async throws {
        try await TemporaryFolder.with { folder in
            _ = try await ServedProgram.setUp(in: folder)
            let unnamed = try await Self.done(folder, "token", "create", "--user", "root", "--json").json
            #expect(unnamed["identifier"]?.string?.hasPrefix("root-") == true)
            #expect(unnamed["key"]?.string?.isEmpty == false)
            let named = try await Self.done(folder, "token", "create", "nightly", "--user", "root", "--json").json
            #expect(named["identifier"] == "nightly")
            for arguments in [["--json"], ["root", "nightly", "--user", "root"], ["--user", "root", "a b"]] {
                let run = try await Program.run(["token", "create"] + arguments + ["--data", folder.path])
                #expect(run.status == 64, "\(arguments): \(run.errors)")
            }
        }
    }

    @Test("a password that the command sets signs in, and a weak one is refused")
    func passwords() async throws {
        try await TemporaryFolder.with { folder in
            let key = try await ServedProgram.setUp(in: folder)
            _ = try await Self.done(folder, "user", "create", "ada", "--role", "operator")
            let file = folder.appending(path: "password")
            try Data("four words of a song\n".utf8).write(to: file)
            _ = try await Self.done(folder, "user", "set-password", "ada", "--password-file", file.path)
            try Data("short\n".utf8).write(to: file)
            let weak = try await Self.run(folder, "user", "set-password", "ada", "--password-file", file.path)
            #expect(weak.status == 1 && weak.errors.contains("password: "), "\(weak.errors)")
            try await ServedProgram.serving(folder, key: key) { server in
                let credentials: JSONValue = ["username": "ada", "password": "four words of a song"]
                let session = try await server.send("POST", "/causeway/session/", credentials, key: nil)
                #expect(session.status == 201 && session.body["role"] == "operator")
            }
        }
    }
}

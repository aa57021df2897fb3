import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

/// Ctrl-C at a real terminal, and SIGTERM.
@Suite("A command that is stopped", .serialized, .timeLimit(.minutes(10)))
struct InterruptionTests {
    private static let secret = ["CAUSEWAY_CLIENT_SECRET": "emulated-secret-value"]
    private static let people = 900

    /// A directory with many people, and a provider whose tenant takes seconds for each batch of new accounts.
    private static func with(_ body: (_ folder: URL, _ client: TenantClient) async throws -> Void) async throws {
        try await TemporaryFolder.with { folder in
            try await TenantProgram.with { tenant in
                let file = folder.appending(path: "people.csv")
                let lines = (1...people).map { "u\($0),Person \($0),u\($0)@company.com\n" }
                try Data(("Username,Display name,Email\n" + lines.joined()).utf8).write(to: file)
                let commands = [
                    ["import", "csv", file.path, "--data", folder.path],
                    tenant.providerArguments("Entra", data: folder.path),
                ]
                for command in commands {
                    let run = try await Program.run(command, environment: secret)
                    #expect(run.status == 0, "\(run.output) \(run.errors)")
                }
                let client = try await TenantClient(tenant.endpoints)
                let slow: JSONValue = [["kind": "slow", "operation": "POST /users", "seconds": 3]]
                let answer = try await client.control("PUT", "faults", slow)
                #expect(answer.status == 200, "\(answer.body.text)")
                try await body(folder, client)
            }
        }
    }

    private static func runs(_ folder: URL) async throws -> [JSONValue] {
        try await Program.run(["plan", "list", "Entra", "--json", "--data", folder.path]).json.array ?? []
    }

    @Test(
        "Ctrl-C in a sync: it says what is done and what happens next, the run is interrupted, the next one does the rest"
    )
    func sync() async throws {
        try await Self.with { folder, client in
            let sync = ["sync", "Entra", "--unpaced", "--data", folder.path]
            let stopped = try await TerminalProgram.run(sync, keys: [.interrupt(after: "Applying users")])
            #expect(stopped.status == 130, "\(stopped.output)")
            let figures = try #require(stopped.output.firstMatch(of: /Stopped: (\d+) actions are done, (\d+) are left/))
            let (done, left) = (Int(figures.1) ?? 0, Int(figures.2) ?? 0)
            #expect(done > 0 && left > 0 && done + left <= Self.people)
            #expect(stopped.output.contains("The next sync continues: causeway sync 'Entra'"))
            let run = try #require(try await Self.runs(folder).first)
            #expect(run["status"] == "interrupted" && run["message"] == "Stopped before it finished.")
            #expect(run["finished"]?.string != nil)
            _ = try await client.control("PUT", "faults", [])
            let rest = try await Program.run(sync)
            #expect(rest.status == 0, "\(rest.output) \(rest.errors)")
            #expect(try await client.state()["users"]?.integer == Int64(Self.people))
        }
    }

    @Test("SIGTERM in a sync ends it in the same way, with another exit status")
    func terminated() async throws {
        try await Self.with { folder, client in
            let arguments = ["sync", "Entra", "--unpaced", "--data", folder.path]
            let (_, status) = try await RunningProgram.with(arguments) { running in
                while try await Self.runs(folder).first?["status"] != "applying" {
                    try #require(!running.hasEnded)
                }
            }
            #expect(status == 143)
            #expect(try await Self.runs(folder).first?["status"] == "interrupted")
        }
    }

    @Test("Ctrl-C in a plan says that nothing was sent")
    func plan() async throws {
        try await Self.with { folder, client in
            _ = try await client.control(
                "PUT",
                "faults",
                [["kind": "slow", "operation": "GET /groups/delta", "seconds": 600]]
            )
            let account: JSONValue = [
                "displayName": "Someone", "accountEnabled": true, "mailNickname": "someone",
                "userPrincipalName": "someone@company.com", "passwordProfile": ["password": "Str4nger-Than-Fiction"],
            ]
            let created = try await client.send("POST", "/users", account)
            #expect(created.status == 201, "\(created.body.text)")
            let stopped = try await TerminalProgram.run(
                ["plan", "Entra", "--data", folder.path],
                keys: [.interrupt(after: "Reading users")]
            )
            #expect(stopped.status == 130, "\(stopped.output)")
            #expect(stopped.output.contains("A plan sends nothing to the tenant."))
            #expect(try await Self.runs(folder).first?["status"] == "interrupted")
        }
    }

    @Test("Ctrl-C in an import undoes all of it, and says so")
    func imports() async throws {
        try await TemporaryFolder.with { folder in
            let file = folder.appending(path: "people.csv")
            let lines = (1...200_000).map { "u\($0),Person \($0),u\($0)@company.com\n" }
            try Data(("Username,Display name,Email\n" + lines.joined()).utf8).write(to: file)
            let stopped = try await TerminalProgram.run(
                ["import", "csv", file.path, "--data", folder.path],
                keys: [.interrupt(after: "Reading lines")]
            )
            #expect(stopped.status == 130, "\(stopped.output)")
            #expect(stopped.output.contains("Nothing was imported"))
            let status = try await Program.run(["status", "--json", "--data", folder.path]).json
            #expect(status["users"] == 0)
        }
    }

    @Test("Ctrl-C ends a server with a sentence, and exit status 0")
    func server() async throws {
        try await TemporaryFolder.with { folder in
            let stopped = try await TerminalProgram.run(
                ["serve", "--listen", "127.0.0.1:0", "--data", folder.path],
                keys: [.interrupt(after: "Causeway is ready")]
            )
            #expect(stopped.status == 0, "\(stopped.output)")
            #expect(stopped.output.contains("Stopping:") && stopped.output.contains("Causeway has stopped."))
        }
    }

    @Test("a narrow terminal gets whole user names")
    func narrow() async throws {
        try await TemporaryFolder.with { folder in
            let file = folder.appending(path: "people.csv")
            let names = (1...3).map { "person.number.\($0).of.the.company@sub.company.com" }
            let lines = names.map { "\($0),Person,\($0)\n" }.joined()
            try Data(("Username,Display name,Email\n" + lines).utf8).write(to: file)
            _ = try await Program.run(["import", "csv", file.path, "--data", folder.path])
            let list = try await TerminalProgram.run(["user", "list", "--data", folder.path], columns: 50)
            for name in names { #expect(list.output.contains(name), "\(list.output)") }
        }
    }
}

import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("Schedules on the command line", .timeLimit(.minutes(15)))
struct ScheduleCommandTests {
    private static let secret = ["CAUSEWAY_CLIENT_SECRET": "emulated-secret-value"]

    private func run(_ arguments: String..., data: URL) async throws -> Program {
        try await Program.run(arguments + ["--data", data.path])
    }

    /// A provider of an unreachable tenant.
    private func makeProvider(_ name: String, application: Bool = true, data: URL) async throws {
        let arguments = [
            "provider", "create", name, "--tenant-id", "t", "--client-id", "c", "--cloud", "custom",
            "--login-endpoint", "http://127.0.0.1:1", "--graph-endpoint", "http://127.0.0.1:1/v1.0", "--data",
            data.path,
        ]
        let made = try await Program.run(
            arguments + (application ? ["--application", name] : []),
            environment: Self.secret
        )
        #expect(made.status == 0, "\(made.errors)")
    }

    private func status(_ data: URL) async throws -> JSONValue {
        try await run("status", "--json", data: data).json["providers"]?.array?.first ?? .null
    }

    @Test("a running server syncs an assigned provider, and one that another process requests")
    func server() async throws {
        try await TemporaryFolder.with { folder in
            try await TenantProgram.with { tenant in
                let file = folder.appending(path: "people.csv")
                try Data("username,name,email\nada,Ada,ada@company.com\n".utf8).write(to: file)
                let imported = try await run("import", "csv", file.path, data: folder)
                #expect(imported.status == 0, "\(imported.errors)")
                let serving = ["serve", "--listen", "127.0.0.1:0", "--data", folder.path]
                _ = try await RunningProgram.with(serving) { _ in
                    let arguments = tenant.providerArguments("Entra", data: folder.path)
                    _ = try await Program.run(arguments, environment: Self.secret)
                    let first = try await waitForSync(after: nil, data: folder)
                    let client = try await TenantClient(tenant.endpoints)
                    #expect(try await client.state()["users"] == 1)

                    let paused = try await run("schedule", "pause", "Entra", data: folder)
                    #expect(paused.output.contains("is paused"))
                    let requested = try await run("schedule", "run", "Entra", data: folder)
                    #expect(requested.status == 0 && requested.output.contains("the server starts it within seconds"))
                    _ = try await waitForSync(after: first, data: folder)
                }
            }
        }
    }

    /// Waits until a full sync has ended after that time.
    private func waitForSync(after previous: String?, data: URL) async throws -> String {
        while true {
            let line = try await run("schedule", "list", "--json", data: data).json.array?.first
            if let last = line?["last_full_sync"]?.string, last != previous { return last }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    @Test("a schedule is listed, set, paused and resumed")
    func schedule() async throws {
        try await TemporaryFolder.with { folder in
            try await makeProvider("Entra", data: folder)
            let standard = try await run("schedule", "list", "--json", data: folder).json.array?.first
            #expect(standard?["cron"]?.string?.hasSuffix(" */4 * * *") == true)
            #expect(standard?["requested"] == "save" && standard?["quarantine"] == .null)
            let set = try await run("schedule", "set", "Entra", "--cron", "0 6 * * mon-fri", "--json", data: folder)
            #expect(try set.json["cron"] == "0 6 * * mon-fri")
            let pause = try await run("schedule", "pause", "Entra", "--json", data: folder)
            #expect(try pause.json["is_paused"] == true && pause.json["next_run"] == .null)
            #expect(try await status(folder)["state"] == "paused")
            #expect(try await run("schedule", data: folder).output.contains("paused"))
            let resume = try await run("schedule", "resume", "Entra", "--json", data: folder)
            #expect(try resume.json["is_paused"] == false && resume.json["next_run"] != .null)
        }
    }

    @Test("an invalid schedule and a run of an unassigned provider are refused")
    func refused() async throws {
        try await TemporaryFolder.with { folder in
            try await makeProvider("Entra", application: false, data: folder)
            let never = try await run("schedule", "set", "Entra", "--cron", "30 2 30 2 *", data: folder)
            #expect(never.status == 1 && never.errors.contains("never occurs"))
            let wrong = try await run("schedule", "set", "Entra", "--cron", "61 * * * *", data: folder)
            #expect(wrong.status == 1 && wrong.errors.contains("minute '61'") && wrong.errors.contains("0 to 59"))
            for command in [["schedule", "run"], ["provider", "retry"]] {
                let unassigned = try await Program.run(command + ["Entra", "--data", folder.path])
                #expect(unassigned.status == 1 && unassigned.errors.contains("provider update 'Entra' --application"))
            }
        }
    }

    @Test("a provider that keeps failing shows its quarantine, until a person retries it")
    func quarantine() async throws {
        try await TemporaryFolder.with { folder in
            try await TenantProgram.with { tenant in
                let arguments = tenant.providerArguments("Entra", data: folder.path)
                _ = try await Program.run(arguments, environment: ["CAUSEWAY_CLIENT_SECRET": "not-the-secret"])
                #expect(try await run("sync", "Entra", data: folder).status == 1)
            }
            let resting = try await status(folder)
            #expect(resting["state"] == "quarantined" && resting["quarantine"]?["failures"] == 1)
            #expect(resting["quarantine"]?["reason"]?.string?.contains("The client secret is wrong") == true)
            #expect(resting["next_run"] == resting["quarantine"]?["until"])
            #expect(try await run("status", data: folder).output.contains("quarantine"))
            let retry = try await run("provider", "retry", "Entra", data: folder)
            #expect(retry.status == 0 && retry.output.contains("The quarantine of 'Entra' is over"))
            let after = try await status(folder)
            #expect(after["quarantine"] == .null && after["requested"] == "manual")
        }
    }
}

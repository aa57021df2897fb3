import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

/// `plan` and `sync` directly after `provider create`, while the server makes its first plan.
@Suite("Commands that wait for another run", .timeLimit(.minutes(15)))
struct WaitingCommandTests {
    private static let secret = ["CAUSEWAY_CLIENT_SECRET": "emulated-secret-value"]
    private static let sentence = "Another run of 'Entra' is in progress: a sync after a change of the provider"

    /// A server with three people and a new provider, whose first plan goes on until its tenant answers.
    private struct Scene: Sendable {
        let folder: URL
        let tenant: TenantProgram

        static func with(_ body: (Scene) async throws -> Void) async throws {
            try await TenantProgram.with { tenant in
                try await ServedProgram.with { server in
                    let scene = Scene(folder: server.folder, tenant: tenant)
                    let people = (1...3).map { "u\($0),Person \($0),u\($0)@company.com\n" }.joined()
                    let users = JSONValue.string("username,name,email\n" + people)
                    _ = try await server.send("POST", "/causeway/import/", ["users": users])
                    try await scene.hold(true)
                    let create = tenant.providerArguments("Entra", data: server.folder.path)
                    let arguments = create.map { $0 == "--no-review-first-sync" ? "--review-first-sync" : $0 }
                    let made = try await Program.run(arguments, environment: secret)
                    #expect(made.status == 0, "\(made.errors)")
                    while try await scene.runs().isEmpty { try await Task.sleep(for: .milliseconds(50)) }
                    try await body(scene)
                    try await scene.hold(false)
                }
            }
        }

        /// Stops the tenant's answers, or lets it answer again.
        func hold(_ isHeld: Bool) async throws {
            let control = tenant.endpoints["control_endpoint"]?.string ?? ""
            _ = try await HTTP.send("POST", "\(control)/hold", body: ["after_writes": isHeld ? 0 : .null])
        }

        func runs() async throws -> [JSONValue] {
            try await Program.run(["plan", "list", "Entra", "--json", "--data", folder.path]).json.array ?? []
        }

        /// Runs a command, and lets the tenant answer once the command says that it waits.
        func waiting(_ arguments: String...) async throws -> Program {
            let said = folder.appending(path: "said").path
            let all = [Program.url.path] + arguments + ["--data", folder.path]
            async let run = Program.run(
                ["-c", "exec \"$@\" 2>'\(said)'", "sh"] + all,
                at: URL(filePath: "/bin/sh")
            )
            while (try? String(contentsOfFile: said, encoding: .utf8))?.contains(sentence) != true {
                try await Task.sleep(for: .milliseconds(50))
            }
            try await hold(false)
            return try await run
        }
    }

    @Test("plan waits for the first plan of the server, and shows it instead of making another")
    func plan() async throws {
        try await Scene.with { scene in
            let plan = try await scene.waiting("plan", "Entra")
            #expect(plan.status == 0, "\(plan.output)")
            #expect(
                plan.output.contains("create user: 3  (") && plan.output.contains("Start it: causeway sync 'Entra'")
            )
            let runs = try await scene.runs()
            #expect(runs.map { $0["status"] } == ["awaiting_approval"], "\(plan.output)")
        }
    }

    @Test("sync waits for the first plan of the server, shows it, and applies it only when it is entered again")
    func sync() async throws {
        try await Scene.with { scene in
            let first = try await scene.waiting("sync", "Entra", "--unpaced")
            #expect(first.status == 3 && first.output.contains("tart it: causeway sync 'Entra'"), "\(first.output)")
            let client = try await TenantClient(scene.tenant.endpoints)
            #expect(try await client.state()["users"] == 0)
            let second = try await Program.run(["sync", "Entra", "--unpaced", "--data", scene.folder.path])
            #expect(second.status == 0, "\(second.output) \(second.errors)")
            #expect(try await client.state()["users"] == 3)
        }
    }

    @Test("Ctrl-C ends the waiting; the other run goes on")
    func stopped() async throws {
        try await Scene.with { scene in
            let stopped = try await TerminalProgram.run(
                ["plan", "Entra", "--data", scene.folder.path],
                columns: 200,
                keys: [.interrupt(after: "Waiting: reading")]
            )
            #expect(stopped.status == 130, "\(stopped.output)")
            #expect(stopped.output.contains("Stopped waiting. The other run goes on; this command did nothing."))
            #expect(try await scene.runs().map { $0["status"] } == ["discovering"])
        }
    }
}

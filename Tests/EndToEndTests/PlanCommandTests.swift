import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import Testing

@Suite("Plans on the command line")
struct PlanCommandTests {
    private static let secret = ["CAUSEWAY_CLIENT_SECRET": "emulated-secret-value"]

    /// A provider with six people in its directory, whose guard allows hardly anything.
    private static func with(_ body: (_ folder: URL, _ tenant: TenantClient) async throws -> Void) async throws {
        try await TemporaryFolder.with { folder in
            try await TenantProgram.with { tenant in
                try await importPeople(folder, "active")
                let further = ["--guard-max-count", "2", "--guard-max-percent", "100"]
                let arguments = tenant.providerArguments("Entra", data: folder.path, further: further)
                let created = try await Program.run(arguments, environment: secret)
                #expect(created.status == 0, "\(created.errors)")
                try await body(folder, try await TenantClient(tenant.endpoints))
            }
        }
    }

    private static func importPeople(_ folder: URL, _ state: String) async throws {
        let file = folder.appending(path: "people.csv")
        let lines = (1...6).map { "u\($0),Person \($0),u\($0)@company.com,\($0 <= 3 ? state : "active")\n" }
        try Data(("Username,Display name,Email,Status\n" + lines.joined()).utf8).write(to: file)
        let imported = try await Program.run(["import", "csv", file.path, "--data", folder.path])
        #expect(imported.status == 0, "\(imported.output) \(imported.errors)")
    }

    private func run(_ folder: URL, _ arguments: String...) async throws -> Program {
        try await Program.run(arguments + ["--data", folder.path])
    }

    private func key(_ program: Program) throws -> String { try program.json["run"]?.string ?? "" }

    /// The events of the runs name them, and who entered the commands.
    private static func checkEvents(of runs: [String], _ folder: URL) async throws {
        let store = try await Store.open(dataFolder: folder)
        let events = try await store.read { try $0.events(limit: 100) }.filter { $0.action == "system_task_execution" }
        try store.close()
        #expect(Set(events.compactMap { $0.context["causeway"]?["run"]?.string }) == Set(runs))
        #expect(events.allSatisfy { $0.context["causeway"]?["channel"] == "command_line" })
        #expect(events.allSatisfy { $0.context["causeway"]?["system_user"]?.string != nil })
    }

    @Test("a plan can be made, listed, shown, exported, compared and applied")
    func shown() async throws {
        try await Self.with { folder, tenant in
            let plan = try await run(folder, "plan", "Entra", "--json")
            #expect(plan.status == 0, "\(plan.errors)")
            let id = try key(plan)
            let list = try await run(folder, "plan", "list", "Entra")
            #expect(list.output.contains(id) && list.output.contains("preview"))
            let shown = try await run(folder, "plan", "show", id)
            #expect(shown.output.contains("create user: 6, for example") && !shown.output.contains("create user u6"))
            let alike = "    in each of these:\n    + accountEnabled: true\n"
            #expect(shown.output.components(separatedBy: alike).count == 2, "\(shown.output)")
            #expect(shown.output.contains("--all lists every action") && !shown.output.contains("plan show"))
            for further in [["--all"], ["--limit", "0"]] {
                let whole = try await Program.run(["plan", "show", id, "--data", folder.path] + further)
                #expect(whole.output.contains("create user u6"), "\(whole.output)")
            }
            let first = try await run(folder, "plan", "show", String(id.prefix(8)), "--limit", "1")
            #expect(first.output.contains("create user u1 ") && first.output.contains("only the first 1; --all"))
            let short = try await run(folder, "plan", "show", String(id.prefix(7)))
            #expect(short.status == 1 && short.errors.contains("first 8 characters"))
            let none = try await run(folder, "plan", "show", "00000000")
            #expect(none.status == 1 && none.errors.contains("There is no run '00000000…'"))
            let file = folder.appending(path: "plan.csv")
            let exported = try await run(folder, "plan", "export", id, "--format", "csv", "--file", file.path)
            #expect(exported.status == 0, "\(exported.errors)")
            let csv = try String(contentsOf: file, encoding: .utf8)
            #expect(csv.contains(",create,user,u1,"))
            let again = try await run(folder, "plan", "export", id, "--format", "csv", "--file", file.path)
            #expect(again.status == 1 && again.errors.contains("cannot be created"))
            let json = try await run(folder, "plan", "export", id, "--format", "json")
            let actions = try json.json["actions"]?.array
            #expect(actions?.count == 6)
            let other = try key(try await run(folder, "plan", "make", "Entra", "--json"))
            let same = try await run(folder, "plan", "diff", id, other)
            #expect(same.output == "Both plans are the same: 6 actions.\n")
            let applied = try await run(folder, "plan", "apply", id, "--unpaced", "--json")
            #expect(applied.status == 0, "\(applied.errors)")
            let users = try await tenant.state()["users"]
            #expect(users == 6)
            try await Self.checkEvents(of: [id, other, try key(applied)], folder)
            let late = try await run(folder, "plan", "apply", other, "--unpaced")
            #expect(late.status == 1)
            #expect(
                late.errors.contains("No longer planned: create user u1, create user u2, create user u3 and 3 more.")
            )
        }
    }

    @Test("a plan that the guard holds back can be rejected, approved, or approved immediately")
    func decided() async throws {
        try await Self.with { folder, tenant in
            _ = try await run(folder, "sync", "Entra", "--unpaced")
            try await Self.importPeople(folder, "inactive")
            let first = try await run(folder, "sync", "Entra", "--unpaced", "--json")
            #expect(first.status == 3)
            let id = try key(first)
            let rejected = try await run(folder, "plan", "reject", id, "--by", "grace")
            #expect(rejected.status == 0)
            let late = try await run(folder, "plan", "approve", id, "--unpaced")
            #expect(late.status == 1 && late.errors.contains("has been rejected"))
            let second = try key(try await run(folder, "sync", "Entra", "--unpaced", "--json"))
            let approved = try await run(folder, "plan", "approve", second, "--by", "grace", "--unpaced", "--json")
            #expect(approved.status == 0, "\(approved.output) \(approved.errors)")
            let trigger = try approved.json["trigger"]
            #expect(trigger == "approval")
            let disabledCount = try await disabled(tenant)
            #expect(disabledCount == 3)
            try await Self.importPeople(folder, "active")
            _ = try await run(folder, "sync", "Entra", "--unpaced")
            let disabledCountAfter = try await disabled(tenant)
            #expect(disabledCountAfter == 0)
        }
    }

    @Test("sync --approve approves what its own run holds back")
    func atOnce() async throws {
        try await Self.with { folder, tenant in
            _ = try await run(folder, "sync", "Entra", "--unpaced")
            try await Self.importPeople(folder, "inactive")
            let done = try await run(folder, "sync", "Entra", "--approve", "--unpaced", "--json")
            #expect(done.status == 0, "\(done.output) \(done.errors)")
            let held = try done.json["approved_run"]?["status"]
            #expect(held == "awaiting_approval")
            let disabledCount = try await disabled(tenant)
            #expect(disabledCount == 3)
        }
    }

    @Test("an invalid key and an unknown key have different messages")
    func unknown() async throws {
        try await TemporaryFolder.with { folder in
            let wrong = try await run(folder, "plan", "show", "seven")
            #expect(wrong.status == 1 && wrong.errors.contains("'seven' is not a run ID."))
            let missing = try await run(folder, "plan", "reject", UUID().uuidString)
            #expect(missing.status == 1 && missing.errors.contains("causeway plan list PROVIDER"))
        }
    }

    private func disabled(_ tenant: TenantClient) async throws -> Int {
        try await tenant.all("/users?$top=999&$select=id,accountEnabled").count { $0["accountEnabled"] == false }
    }
}

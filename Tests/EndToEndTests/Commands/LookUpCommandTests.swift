import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

/// Commands that answer the questions of an administrator: `log`, `provider show`, `schedule NAME`, `explain NAME`, `status`.
@Suite("Commands that look something up", .timeLimit(.minutes(15)))
struct LookUpCommandTests {
    private static let secret = ["CAUSEWAY_CLIENT_SECRET": "emulated-secret-value"]

    private static func run(_ folder: URL, _ arguments: String...) async throws -> Program {
        try await Program.run(arguments + ["--data", folder.path])
    }

    private static func done(_ folder: URL, _ arguments: String...) async throws -> String {
        let run = try await Program.run(arguments + ["--data", folder.path])
        #expect(run.status == 0, "\(arguments): \(run.output) \(run.errors)")
        return run.output
    }

    /// A directory with Ada, Bob, and a group of both, and a provider.
    private static func with(further: [String] = [], _ body: (_ folder: URL) async throws -> Void) async throws {
        try await TemporaryFolder.with { folder in
            try await TenantProgram.with { tenant in
                let ada = ["user", "create", "ada", "--name", "Ada Lovelace", "--email", "ada@company.com"]
                let bob = ["user", "create", "bob", "--name", "Bob", "--email", "bob@company.com"]
                let staff = ["group", "create", "Staff", "--user", "ada", "--user", "bob"]
                for command in [ada, bob, staff] {
                    let made = try await Program.run(command + ["--data", folder.path])
                    #expect(made.status == 0, "\(made.errors)")
                }
                let arguments = tenant.providerArguments("Entra", data: folder.path, further: further)
                let made = try await Program.run(arguments, environment: secret)
                #expect(made.status == 0, "\(made.errors)")
                try await body(folder)
            }
        }
    }

    @Test("the log says who set the filter group, and from what to what")
    func log() async throws {
        try await Self.with { folder in
            _ = try await Self.done(folder, "provider", "update", "Entra", "--filter-group", "Staff")
            let told = try await Self.done(folder, "log", "--object", "Entra", "--changes")
            let lines = told.split(separator: "\n").map(String.init)
            let head = try #require(lines.first)
            #expect(head.contains("  command line (") && head.hasSuffix("changed  provider Entra"), "\(told)")
            #expect(head.firstMatch(of: /^\S+T\d\d:\d\d:\d\d\.\d{3}Z/) != nil, "\(head)")
            #expect(lines[1] == "    filter_group: none → Staff", "\(told)")
            #expect(told.contains("client_secret: a new secret") && !told.contains("emulated-secret-value"))

            let table = try await Self.done(folder, "log", "--type", "user")
            #expect(table.contains("TIME") && table.contains("user ada") && !table.contains("Staff"), "\(table)")
            let members = try await Self.done(folder, "log", "--object", "Staff", "--changes")
            #expect(members.contains("users: + ada, bob"), "\(members)")
        }
    }

    @Test("every filter of the log narrows it, JSON has a line for each event, and wrong values are refused")
    func logFilters() async throws {
        try await Self.with { folder in
            func events(_ filters: String...) async throws -> [JSONValue] {
                let told = try await Program.run(["log", "--json", "--data", folder.path] + filters)
                #expect(told.status == 0, "\(told.errors)")
                return try told.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
            }
            let all = try await events()
            #expect(all.count >= 5 && all.allSatisfy { $0["user"] == "command line" }, "\(all.count)")
            #expect(try await events("--limit", "2").count == 2)
            #expect(try await events("--limit", "0", "--actor", "command line").count == all.count)
            #expect(try await events("--actor", "ada").isEmpty)
            #expect(
                try await events("--action", "model_created").count == all.count { $0["action"] == "model_created" }
            )
            #expect(try await events("--kind", "problems").isEmpty)
            #expect(try await events("--search", "lovelace").count == 1)
            #expect(try await events("--since", "hours=1").count == all.count)
            #expect(try await events("--since", "2199-01-01").isEmpty)
            #expect(try await events("--until", "2000-01-01").isEmpty)
            #expect(try await Self.done(folder, "log", "--object", "Other") == "No event fits.\n")
            let cut = try await Self.run(folder, "log", "--limit", "1")
            #expect(cut.errors == "The latest 1 are shown; --limit 0 shows all.\n")
            let time = try await Self.run(folder, "log", "--since", "yesterday")
            #expect(time.status == 1 && time.errors.contains("--since 'yesterday' is not a time"))
            #expect(try await Self.run(folder, "log", "--type", "person").status == 64)
            #expect(try await Self.run(folder, "log", "--kind", "person").status == 64)
        }
    }

    @Test("a provider is shown in the words of its form, with names of groups and mappings, and without its secret")
    func provider() async throws {
        try await Self.with(further: ["--filter-group", "Staff", "--guard-max-count", "7"]) { folder in
            let before = try await Self.done(folder, "provider", "show", "Entra")
            #expect(before.contains("not read yet"), "\(before)")
            _ = try await Self.done(folder, "sync", "Entra", "--unpaced")
            let shown = try await Self.run(folder, "provider", "show", "Entra")
            let facts = Dictionary(
                shown.output.split(separator: "\n").compactMap { line in
                    line.firstMatch(of: /^(.+?)  +(.+)$/).map { (String($0.1), String($0.2)) }
                }
            ) { first, _ in first }
            #expect(facts["Group"] == "Staff" && facts["Client secret"] == "set", "\(shown.output)")
            #expect(facts["User Property Mappings"]?.contains("authentik default") == true, "\(shown.output)")
            #expect(facts["User deletion action"] == "Delete" && facts["Suspend inactive users"] == "yes")
            #expect(facts["Domains, as last read"]?.contains("company.com") == true)
            #expect(facts["State"] == "in sync" && facts["Linked"] == "2 users, 1 group")
            // Three objects and two memberships: a tenth is less than five, which are always allowed.
            #expect(facts["Guard"]?.hasPrefix("Up to 5 suspensions, deletions and removals") == true, "\(shown.output)")
            #expect(facts["Schedule"]?.hasPrefix("every 4 hours at minute ") == true)
            #expect(shown.output.contains("\nSync settings\n") && !shown.output.contains("emulated-secret-value"))
            let json = try await Self.run(folder, "provider", "show", "Entra", "--json").json
            #expect(json["filter_group"]?.string != nil && json["schedule"]?["guard"]?["limit"] == 5)
            #expect(json["tenant"]?["domains"]?.array?.contains("company.com") == true)
        }
    }

    @Test("the schedule of one provider has words, next times, and what the guard lets pass")
    func schedule() async throws {
        try await Self.with(further: ["--guard-max-count", "0"]) { folder in
            _ = try await Self.done(folder, "schedule", "set", "Entra", "--cron", "5 6 * * mon-fri")
            let told = try await Self.done(folder, "schedule", "Entra")
            #expect(told.contains("Monday to Friday at 06:05 UTC (5 6 * * mon-fri, UTC)"), "\(told)")
            #expect(told.contains("Every suspension, deletion and removal waits for approval."))
            let json = try await Self.run(folder, "schedule", "Entra", "--json").json
            let times = json["next_times"]?.array ?? []
            #expect(times.count == 5 && times.allSatisfy { $0.string?.hasSuffix("T06:05:00.000Z") == true })
            #expect(try await Self.done(folder, "schedule").contains("Monday to Friday at 06:05 UTC"))
            let unknown = try await Self.run(folder, "schedule", "Other")
            #expect(unknown.status == 1 && unknown.errors.contains("existing: 'Entra'"))
        }
    }

    @Test("explain finds a user or a group by any name, and the ID in its history opens the run")
    func explain() async throws {
        try await Self.with { folder in
            _ = try await Self.done(folder, "sync", "Entra", "--unpaced")
            let ada = try await Self.done(folder, "explain", "ada")
            #expect(ada.hasPrefix("user ada at Entra"), "\(ada)")
            let names = [["Ada Lovelace"], ["ADA@company.com"], ["user", "ada"]]
            for name in names {
                let found = try await Program.run(["explain"] + name + ["--data", folder.path])
                #expect(found.output == ada, "\(name): \(found.errors)")
            }
            #expect(try await Self.done(folder, "explain", "Staff").hasPrefix("group Staff at Entra"))
            let id = try #require(ada.firstMatch(of: /run ([0-9a-f]{8})\n/)?.1)
            let shown = try await Self.done(folder, "plan", "show", String(id))
            #expect(shown.contains("create user: 2") && !shown.contains("plan show"), "\(shown)")

            let similar = try await Self.run(folder, "explain", "lovel")
            #expect(similar.status == 1 && similar.errors.contains("user 'ada' (Ada Lovelace, ada@company.com)"))
            let nobody = try await Self.run(folder, "explain", "group", "ada")
            #expect(nobody.status == 1 && nobody.errors.contains("There is no group 'ada'"))
            _ = try await Self.done(folder, "group", "create", "ada")
            let both = try await Self.run(folder, "explain", "ada")
            #expect(both.status == 1 && both.errors.contains("causeway explain group 'ada'"))
            #expect(try await Self.run(folder, "explain", "Ada", "Lovelace").status == 64)
        }
    }

    @Test("status says which run was the last, and shows the last full sync")
    func status() async throws {
        try await Self.with { folder in
            _ = try await Self.done(folder, "sync", "Entra", "--unpaced")
            _ = try await Self.done(folder, "plan", "Entra")
            let told = try await Self.done(folder, "status")
            #expect(told.contains("planned (plan only)") && told.contains("(succeeded)"), "\(told)")
            let json = try await Self.run(folder, "status", "--json").json["providers"]?.array?.first
            #expect(json?["last_run"]?["kind"] == "plan only" && json?["last_full_sync"]?["kind"] == "full")
        }
    }

    @Test("a leaver's command says what happens in Entra, with and without a server, and if nothing happens")
    func leaver() async throws {
        try await Self.with { folder in
            _ = try await Self.done(folder, "sync", "Entra", "--unpaced")
            let ada = try await Self.done(folder, "user", "update", "ada", "--no-active")
            #expect(
                ada == """
                    User 'ada' was changed.
                    'Entra' suspends the account in Entra when a server runs (causeway serve), or now with: causeway sync 'Entra'
                    See: causeway explain user 'ada'

                    """
            )
            let serving = ["serve", "--listen", "127.0.0.1:0", "--data", folder.path]
            _ = try await RunningProgram.with(serving) { server in
                _ = try await server.origin()
                let bob = try await Self.done(folder, "user", "update", "bob", "--no-active")
                #expect(bob.contains("'Entra' suspends the account in Entra within seconds."), "\(bob)")
            }
            _ = try await Self.done(folder, "schedule", "pause", "Entra")
            let removed = try await Self.run(folder, "group", "remove", "Staff", "bob", "--json")
            let next = try removed.json["next_steps"]
            #expect(next == ["Nothing is sent to Entra: no provider is active ('Entra': paused)."], "\(removed.output)")
        }
    }
}

import CausewayInstallation
import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import Testing

@Suite("What an installed program offers")
struct InstalledProgramTests {
    @Test("the version is the same wherever it is told")
    func version() async throws {
        let told = try await Program.run(["--version"])
        #expect(told.status == 0 && told.output == "causeway \(Version.current)\n")
        try await ServedProgram.with { server in
            let system = try await server.send("GET", "/causeway/system/")
            #expect(system.body["version"] == .string(Version.current))
            let checks = try await Program.run(["diagnose", "--json", "--data", server.folder.path]).json.array ?? []
            let version = checks.first { $0["subject"] == "version" }
            #expect(version?["message"]?.string?.contains(Version.current) == true)
        }
    }

    @Test("every shell's script completes commands and values", arguments: ["bash", "zsh", "fish"])
    func completion(_ shell: String) async throws {
        let script = try await Program.run(["completion", shell])
        #expect(script.status == 0, "\(script.errors)")
        for word in ["provider", "set-password", "user-delete-action", "do_nothing"] {
            #expect(script.output.contains(word), "\(word)")
        }
    }

    @Test("bash takes the script and offers the commands of a word's beginning")
    func bash() async throws {
        let script = try await Program.run(["completion", "bash"])
        let ask = """
            source /dev/stdin
            COMP_WORDS=(causeway user set) COMP_CWORD=2 COMP_LINE='causeway user set' COMP_POINT=17 COMP_TYPE=9 COMP_KEY=9
            "$(complete -p causeway | sed 's/.*-F \\([^ ]*\\).*/\\1/')" causeway set user
            echo "${COMPREPLY[@]}"
            """
        let bash = try await Program.run(
            ["-c", ask],
            at: URL(filePath: "/bin/bash"),
            input: Array(script.output.utf8)
        )
        #expect(bash.output.contains("set-password"), "\(bash.output) \(bash.errors)")
    }

    @Test("the manual page is one that groff takes without a complaint", .enabled(if: InstalledProgramTests.hasGroff))
    func manual() async throws {
        let page = try await Program.run(["manual"])
        #expect(page.status == 0, "\(page.errors)")
        let shown = try await Program.run(
            ["-Kutf8", "-man", "-Tutf8", "-ww", "-P-cbu"],
            at: URL(filePath: "/usr/bin/groff"),
            input: Array(page.output.utf8)
        )
        #expect(shown.errors.isEmpty && shown.output.contains("causeway plan approve"), "\(shown.errors)")
    }

    @Test("at a terminal, man shows the manual page; without man it is printed")
    func pager() async throws {
        try await TemporaryFolder.with { folder in
            let man = folder.appending(path: "man")
            try Data("#!/bin/sh\necho \"shown by man $*\"\nhead -n 1\n".utf8).write(to: man)
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: man.path)
            let shown = try await TerminalProgram.run(["manual"], environment: ["PATH": "\(folder.path):/usr/bin:/bin"])
            #expect(shown.status == 0 && shown.output.hasPrefix("shown by man -l -"), "\(shown.output.prefix(200))")
            #expect(shown.output.contains(".TH CAUSEWAY") && !shown.output.contains(".SH NAME"))
            let printed = try await TerminalProgram.run(["manual"], environment: ["PATH": folder.path + "/none"])
            #expect(printed.status == 0 && printed.output.contains(".SH NAME"))
        }
    }

    private static var hasGroff: Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/groff") }

    @Test("plan ends with status 2 if every user would fail")
    func failingPlan() async throws {
        try await TemporaryFolder.with { folder in
            try await TenantProgram.with { tenant in
                _ = try await Program.run(["user", "create", "ada", "--data", folder.path])
                let mapping = folder.appending(path: "wrong.py")
                try Data("return {'display_name': request.user.nme}\n".utf8).write(to: mapping)
                let arguments = tenant.providerArguments(
                    "Entra",
                    data: folder.path,
                    further: ["--user-mapping", mapping.path]
                )
                let secret = ["CAUSEWAY_CLIENT_SECRET": "emulated-secret-value"]
                let created = try await Program.run(arguments, environment: secret)
                #expect(created.status == 0, "\(created.errors)")
                let plan = try await Program.run(["plan", "Entra", "--data", folder.path])
                #expect(plan.status == 2, "\(plan.output) \(plan.errors)")
            }
        }
    }

    /// The changes of providers that commands made, the first one first.
    private static func events(of folder: URL) async throws -> [String] {
        let store = try await Store.open(dataFolder: folder)
        let events = try await store.read { try $0.events(limit: 100) }
        try store.close()
        return events.reversed().filter { $0.actor == "command line" }.compactMap { event in
            guard event.context["model"]?["model_name"] == "microsoftentraprovider" else { return nil }
            return "\(event.action) \(event.context["model"]?["name"]?.string ?? "")"
        }
    }

    @Test("a provider is renamed, gets every kind of setting and a stored mapping, and is deleted after a confirmation")
    func provider() async throws {
        try await TemporaryFolder.with { folder in
            try await TenantProgram.with { tenant in
                let data = ["--data", folder.path]
                let mapping = folder.appending(path: "mine.py")
                try Data("return {'display_name': request.user.name}\n".utf8).write(to: mapping)
                let secret = ["CAUSEWAY_CLIENT_SECRET": "emulated-secret-value"]
                let further = ["--user-mapping", mapping.path]
                _ = try await Program.run(
                    tenant.providerArguments("Entra", data: folder.path, further: further),
                    environment: secret
                )
                _ = try await Program.run(tenant.providerArguments("Second", data: folder.path), environment: secret)
                let update =
                    [
                        "provider", "update", "Second", "--name", "Other", "--user-mapping", "mine", "--sync-page-size",
                        "50",
                        "--json",
                    ] + data
                let updated = try await Program.run(update)
                #expect(updated.status == 0, "\(updated.errors)")
                let json = try updated.json
                #expect(json["name"] == "Other" && json["sync_page_size"] == 50)
                let list = try await Program.run(["provider", "list", "--json"] + data).json.array ?? []
                let (first, second) = (list.first { $0["name"] == "Entra" }, list.first { $0["name"] == "Other" })
                #expect(first?["property_mappings"] == second?["property_mappings"])
                let events = try await Self.events(of: folder)
                #expect(events == ["model_created Entra", "model_created Second", "model_updated Other"])
                let group = ["provider", "update", "Other", "--group-delete-action", "suspend"] + data
                #expect(try await Program.run(group).status == 64)
                let asked = try await Program.run(["provider", "delete", "Other"] + data)
                #expect(asked.status == 1 && asked.errors.contains("--yes"))
                let typed = try await TerminalProgram.run(
                    ["provider", "delete", "Other"] + data,
                    keys: [.init("Entra\n", after: "type its name: ")]
                )
                #expect(typed.status == 1 && typed.output.contains("nothing was deleted"))
                #expect(try await Program.run(["provider", "delete", "Other", "--yes"] + data).status == 0)
                let left = try await Program.run(["provider", "list", "--json"] + data).json.array ?? []
                #expect(left.map { $0["name"] } == ["Entra"])
            }
        }
    }
}

import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

/// One provider, seen in every interface.
@Suite("A provider's state in every interface", .timeLimit(.minutes(15)))
struct StateSurfaceTests {
    private static let secret = ["CAUSEWAY_CLIENT_SECRET": "emulated-secret-value"]

    private static func people(_ domain: String) -> Data {
        let rows = (0..<5).map { "user\($0),User \($0),user\($0)@\(domain)" }
        return Data((["username,name,email", "ada,Ada,ada@company.com"] + rows).joined(separator: "\n").utf8)
    }

    private static func bring(_ domain: String, into folder: URL) async throws {
        let file = folder.appending(path: "people.csv")
        try people(domain).write(to: file)
        let imported = try await Program.run(["import", "csv", file.path, "--data", folder.path])
        #expect(imported.status == 0, "\(imported.errors)")
    }

    @Test("dashboard, provider page, command line and API agree, in each state")
    func agree() async throws {
        try await TenantProgram.with { tenant in
            try await ServedProgram.with { served in
                try await Self.bring("elsewhere.test", into: served.folder)
                let arguments = tenant.providerArguments("Entra", data: served.folder.path, further: ["--dry-run"])
                let made = try await Program.run(arguments, environment: Self.secret)
                #expect(made.status == 0, "\(made.errors)")
                let views = try await Views(served)
                // The administrator has no address.
                try await views.expect("failing", "Failing")
                let address = "/providers/microsoft_entra/\(views.provider)/"
                for number in 0..<5 {
                    let found = try await served.send("GET", "/core/users/?username=user\(number)").body
                    let key = found["results"]?.array?.first?["pk"]?.integer ?? 0
                    let email = JSONValue.string("user\(number)@company.com")
                    _ = try await served.send("PATCH", "/core/users/\(key)/", ["email": email])
                }
                let all = try await served.send("GET", "/core/users/?username=root").body
                let root = all["results"]?.array?.first?["pk"]?.integer ?? 0
                _ = try await served.send("PATCH", "/core/users/\(root)/", ["email": "root@company.com"])
                _ = try await served.send("POST", "/causeway/providers/\(views.provider)/plans/")
                try await views.expect("dry_run", "Dry run")
                _ = try await served.send("PATCH", address, ["dry_run": false])
                try await views.expect("in_sync", "In sync")
                let applications = try await served.send("GET", "/core/applications/").body
                let slug = applications["results"]?.array?.first?["slug"]?.string ?? ""
                _ = try await served.send("DELETE", "/core/applications/\(slug)/")
                try await views.expect("unassigned", "Not assigned")
            }
        }
    }

    @Test("plan and sync exit with 2 if objects fail, in dry run or not", arguments: [["--dry-run"], []])
    func endings(further: [String]) async throws {
        try await TenantProgram.with { tenant in
            try await TemporaryFolder.with { folder in
                try await Self.bring("elsewhere.test", into: folder)
                let arguments = tenant.providerArguments("Entra", data: folder.path, further: further)
                _ = try await Program.run(arguments, environment: Self.secret)
                let data = ["--data", folder.path]
                for _ in 0..<2 {
                    #expect(try await Program.run(["plan", "Entra"] + data).status == 2)
                    #expect(try await Program.run(["sync", "Entra"] + data).status == 2)
                }
                try await Self.bring("company.com", into: folder)
                #expect(try await Program.run(["plan", "Entra"] + data).status == 0)
                #expect(try await Program.run(["sync", "Entra"] + data).status == 0)
            }
        }
    }

    /// The four ways to look at the provider.
    private struct Views {
        let served: ServedProgram
        let provider: Int64
        private let cookie: String

        init(_ served: ServedProgram) async throws {
            self.served = served
            let found = try await served.send("GET", "/providers/microsoft_entra/").body
            provider = found["results"]?.array?.first?["pk"]?.integer ?? 0
            let form = "username=root&password=\(ServedProgram.password.replacing(" ", with: "+"))&next=&code="
            let signedIn = try await HTTP.text("POST", served.origin + "/if/sign-in/", form: form)
            cookie = String(signedIn.headers["set-cookie"]?.prefix { $0 != ";" } ?? "")
        }

        /// Waits until one of them shows the state, and then expects all of them to agree.
        func expect(_ state: String, _ words: String) async throws {
            while try await api() != state { try await Task.sleep(for: .milliseconds(50)) }
            let status = try await Program.run(["status", "--json", "--data", served.folder.path]).json
            let list = try await Program.run(["provider", "list", "--json", "--data", served.folder.path]).json
            #expect(status["providers"]?.array?.first?["state"]?.string == state)
            #expect(list.array?.first?["state"]?.string == state)
            for page in ["/if/admin/", "/if/admin/providers/\(provider)/"] {
                let shown = try await HTTP.text("GET", served.origin + page, headers: [("Cookie", cookie)])
                #expect(shown.text.contains("state-\(state)"), "\(page) does not say \(state)")
                let text = shown.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                #expect(text.contains("</svg>\(words) </span>"), "\(page) does not say \(words)")
            }
        }

        private func api() async throws -> String? {
            try await served.send("GET", "/causeway/providers/\(provider)/state/").body["state"]?.string
        }
    }
}

import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("The quick start of the README")
struct QuickStartTests {
    private static let secret = ["CAUSEWAY_CLIENT_SECRET": "emulated-secret-value"]

    /// The file that the README imports: Microsoft 365's template.
    private static func sample() throws -> String {
        try ProjectFiles.text("docs/samples/people.csv")
    }

    /// Microsoft Entra's template, with twelve people.
    private static let entra =
        "version:v1.0\nName [displayName] Required,User name [userPrincipalName] Required,"
        + "Initial password [passwordProfile] Required,Block sign in (Yes/No) [accountEnabled] Required,"
        + "First name [givenName],Last name [surname]\n"
        + (1...12).map { "Person \($0),p\($0)@company.com,Geheim-1234,\($0 == 12 ? "Yes" : "No"),P,\($0)\n" }.joined()

    private func imported(_ text: String, _ body: (URL, TenantClient) async throws -> Void) async throws {
        try await TemporaryFolder.with { folder in
            try await TenantProgram.with { tenant in
                let people = folder.appending(path: "people.csv")
                try Data(text.utf8).write(to: people)
                let data = ["--data", folder.path]
                let commands = [
                    ["import", "csv", people.path] + data, tenant.providerArguments("Entra", data: folder.path),
                    ["plan", "Entra"] + data, ["sync", "Entra"] + data,
                ]
                for command in commands {
                    let run = try await Program.run(command, environment: Self.secret)
                    #expect(run.status == 0, "\(command[0]): \(run.output) \(run.errors)")
                }
                try await body(folder, try await TenantClient(tenant.endpoints))
            }
        }
    }

    @Test("every user of Microsoft's own template is provisioned with the default mappings")
    func microsoft365() async throws {
        let sample = try Self.sample()
        #expect(sample.hasPrefix("Username,First name,Last name,Display name,Job title,Department,Office number,"))
        try await imported(sample) { _, tenant in
            for line in sample.split(separator: "\n").dropFirst() {
                let name = String(line.prefix { $0 != "," })
                let user = try await tenant.send("GET", "/users/\(name)?$select=accountEnabled,mailNickname")
                #expect(user.body["accountEnabled"] == true, "\(name): \(user.body)")
                #expect(user.body["mailNickname"]?.string == String(name.prefix { $0 != "@" }))
            }
        }
    }

    @Test("users whom Entra's own template does not block can sign in")
    func entraTemplate() async throws {
        try await imported(Self.entra) { folder, tenant in
            for number in 1...12 {
                let user = try await tenant.send("GET", "/users/p\(number)@company.com?$select=accountEnabled")
                #expect(user.body["accountEnabled"] == .bool(number != 12), "\(number): \(user.body)")
            }
            let again = try await Program.run(["sync", "Entra", "--data", folder.path, "--json"])
            #expect(again.status == 0)
        }
    }

    @Test("a preview on the command line says what it would do, and does nothing")
    func preview() async throws {
        try await TemporaryFolder.with { folder in
            let people = folder.appending(path: "people.csv")
            try Data(Self.entra.utf8).write(to: people)
            let arguments = ["import", "csv", people.path, "--dry-run", "--data", folder.path]
            let run = try await Program.run(arguments)
            #expect(run.status == 0, "\(run.errors)")
            for part in [
                "Microsoft Entra bulk create template", "In 'Block sign in', No means that the person may sign in.",
                "Block sign in (Yes/No) [accountEnabled] Required -> is_blocked", "p1@company.com (created)",
                "12 users created", "1 inactive", "nothing is changed",
            ] { #expect(run.output.contains(part), "\(part)") }
            #expect(!run.output.contains("Geheim"))
            let json = try await Program.run(arguments + ["--json", "--key", "employee_id"]).json
            #expect(json["problem_count"] == 12 && json["dry_run"] == true)
            let status = try await Program.run(["import", "csv", people.path, "--data", folder.path, "--json"]).json
            #expect(status["created"] == 12)
        }
    }
}

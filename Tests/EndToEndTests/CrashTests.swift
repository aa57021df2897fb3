import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@Suite("A sync that is killed")
struct CrashTests {
    private static let people = 400
    private static let secret = ["CAUSEWAY_CLIENT_SECRET": "emulated-secret-value"]

    /// Four histories of five kills each, at random points of the writing.
    @Test("ends with the same tenant and no duplicate, wherever it was killed", arguments: 1...4)
    func kills(_ history: Int) async throws {
        try await TemporaryFolder.with { folder in
            try await TenantProgram.with { tenant in
                let data = folder.appending(path: "data").path
                try await prepare(folder, data, tenant)
                let client = try await TenantClient(tenant.endpoints)
                var seen: [Int64] = []
                for _ in 1...5 { seen.append(try await syncAndKill(data, client)) }
                // Otherwise nothing was ever interrupted and the test would say nothing.
                #expect(seen.contains { $0 > 0 && $0 < Self.people }, "users after each kill: \(seen)")
                let last = try await Program.run(["sync", "Entra", "--unpaced", "--json", "--data", data])
                #expect(last.status == 0, "\(last.output) \(last.errors)")
                try await client.resetCounters()
                let again = try await Program.run(["sync", "Entra", "--unpaced", "--json", "--data", data])
                #expect(again.status == 0, "\(again.output) \(again.errors)")
                #expect(try await client.counters()["writes"] == 0)
                try await check(client)
            }
        }
    }

    private func prepare(_ folder: URL, _ data: String, _ tenant: TenantProgram) async throws {
        let (people, groups) = (folder.appending(path: "people.csv"), folder.appending(path: "groups.csv"))
        var text = "Username,Display name,Email,Groups\n"
        for number in 1...Self.people {
            let domain = number % 5 == 0 ? "partner.test" : "company.com"
            text += "u\(number),Person \(number),u\(number)@\(domain),Everyone;Team \(number % 10)\n"
        }
        try Data(text.utf8).write(to: people)
        try Data("name,members\nTeams,\((0...9).map { "group:Team \($0)" }.joined(separator: ";"))\n".utf8).write(
            to: groups
        )
        let mapping = folder.appending(path: "mapping.py")
        try Data(DefaultMappings.emailVerifiedUsers.expression.utf8).write(to: mapping)
        let imported = try await Program.run(
            ["import", "csv", people.path, "--groups", groups.path, "--data", data]
        )
        #expect(imported.status == 0, "\(imported.errors)")
        let arguments = tenant.providerArguments("Entra", data: data, further: ["--user-mapping", mapping.path])
        let created = try await Program.run(arguments, environment: Self.secret)
        #expect(created.status == 0, "\(created.errors)")
    }

    /// Starts a sync and kills it when the tenant has carried out a random number of writes and answers no more: some answers
    /// are lost for good then.
    ///
    /// - Returns: how many users the tenant has then.
    private func syncAndKill(_ data: String, _ client: TenantClient) async throws -> Int64 {
        let target = Int64.random(in: 0...60)
        try await client.resetCounters()
        try await client.hold(afterWrites: target)
        let running = try Program.start(["sync", "Entra", "--unpaced", "--data", data])
        while running.process.isRunning {
            let counters = try await client.counters()
            if counters["writes"]?.integer ?? 0 >= target, counters["tokens"]?.integer ?? 0 > 0 { break }
        }
        kill(running.process.processIdentifier, SIGKILL)
        running.process.waitUntilExit()
        try await client.hold(afterWrites: nil)
        return try await client.state()["users"]?.integer ?? 0
    }

    private func check(_ client: TenantClient) async throws {
        let users = try await client.all("/users?$top=999&$select=id,displayName")
        let names = users.compactMap { $0["displayName"]?.string }
        #expect(names.count == Self.people)
        #expect(Set(names).count == Self.people)
        let members = try await client.memberNames()
        #expect(members.count == 12)
        #expect(members["Everyone"]?.count == Self.people)
        #expect(members["Teams"] == Set((0...9).map { "Team \($0)" }))
        for team in 0...9 {
            let expected = (1...Self.people).filter { $0 % 10 == team }
                .map { "u\($0)@\($0 % 5 == 0 ? "partner.test" : "company.com")" }
            #expect(members["Team \(team)"] == Set(expected))
        }
    }
}

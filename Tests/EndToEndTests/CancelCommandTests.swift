import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("Runs that another process cancels", .timeLimit(.minutes(15)))
struct CancelCommandTests {
    @Test("a run of the server ends cleanly when the command line cancels it, and does not begin again by itself")
    func ofServer() async throws {
        try await TenantProgram.with { tenant in
            try await ServedProgram.with { server in
                let users = (0..<600).map { "u\($0),U \($0),u\($0)@company.com" }.joined(separator: "\n")
                _ = try await server.send(
                    "POST",
                    "/causeway/import/",
                    ["users": .string("username,name,email\n\(users)\n")]
                )
                try await Self.hold(20, tenant)
                let provider = try await Self.makeProvider(tenant, server)
                let source = "/causeway/providers/\(provider)/"
                let run = try await Self.first { () -> String? in
                    let runs = try await server.send("GET", source + "runs/").body["results"]?.array ?? []
                    let counts = runs.first?["counts"]?.array ?? []
                    return counts.contains { $0["outcome"] == "sent" } ? runs.first?["pk"]?.string : nil
                }
                let path = "/causeway/runs/\(run)/"
                let arguments = ["plan", "cancel", "Entra", "--by", "ada", "--json", "--data", server.folder.path]
                async let command = Program.run(arguments)
                _ = try await Self.first { () -> Bool? in
                    try await server.send("GET", path).body["cancel_requested_by"] == "ada" ? true : nil
                }
                try await Self.hold(nil, tenant)
                let done = try await command
                #expect(done.status == 0, "\(done.errors)")
                let summary = try done.json
                #expect(summary["run"]?.string == run && summary["status"] == "canceled", "\(done.output)")
                let state = try await server.send("GET", source + "state/")
                #expect(state.body["run"] == .null && state.body["requested"] == .null, "\(state.body.text)")
                let again = try await Program.run(["plan", "cancel", "Entra", "--data", server.folder.path])
                #expect(
                    again.status == 1 && again.errors.contains("No run of 'Entra' is in progress."),
                    "\(again.errors)"
                )
            }
        }
    }

    /// Stops the tenant's answers after this many writes; nil lets it answer again.
    private static func hold(_ writes: Int64?, _ tenant: TenantProgram) async throws {
        let control = tenant.endpoints["control_endpoint"]?.string ?? ""
        let body: JSONValue = ["after_writes": writes.map(JSONValue.integer) ?? .null]
        _ = try await HTTP.send("POST", "\(control)/hold", body: body)
    }

    private static func makeProvider(_ tenant: TenantProgram, _ server: ServedProgram) async throws -> Int64 {
        var body: [String: JSONValue] = ["name": "Entra", "cloud": "custom", "client_secret": "emulated-secret-value"]
        for key in ["client_id", "tenant_id", "login_endpoint", "graph_endpoint"] { body[key] = tenant.endpoints[key] }
        let mappings = try await server.send("GET", "/propertymappings/provider/microsoft_entra/")
        let user = "goauthentik.io/providers/microsoft_entra/user"
        let mapping = mappings.body["results"]?.array?.first { $0["managed"]?.string == user }
        body["property_mappings"] = .array([try #require(mapping?["pk"])])
        let made = try await server.send("POST", "/providers/microsoft_entra/", .object(body))
        let key = try #require(made.body["pk"], "\(made.body.text)")
        let application: JSONValue = ["name": "E", "slug": "e", "backchannel_providers": [key]]
        _ = try await server.send("POST", "/core/applications/", application)
        return key.integer ?? 0
    }

    /// The first answer that is not nil.
    private static func first<Value>(_ answer: () async throws -> Value?) async throws -> Value {
        while true {
            if let value = try await answer() { return value }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

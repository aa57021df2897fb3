import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

/// Ends the server with SIGTERM during runs that the API started, and starts it again.
@Suite("A server that is shut down during a run", .serialized, .timeLimit(.minutes(15)))
struct ShutdownTests {
    /// The requested work.
    enum Work: String, CaseIterable, Sendable { case plan, apply, retry, object }

    @Test(
        "the server ends, leaves the run as interrupted, and runs the provider again after its next start",
        arguments: Work.allCases
    )
    func stopped(_ work: Work) async throws {
        try await TemporaryFolder.with { folder in
            try await TenantProgram.with { tenant in
                let key = try await ServedProgram.setUp(in: folder)
                let client = try await TenantClient(tenant.endpoints)
                let scene = try await ServedProgram.serving(folder, key: key) { server in
                    let scene = try await Scene(server, tenant, client)
                    try await scene.begin(work)
                    return scene
                }
                let last = "Causeway has stopped. The sync of 'Entra' was interrupted; the next one continues."
                #expect(scene.errors.last == last)
                try await ServedProgram.serving(folder, key: key) { server in
                    let again = scene.at(server)
                    let stopped = try await again.lastRun()
                    #expect(stopped["status"] == "interrupted" && stopped["message"] == "Stopped before it finished.")
                    _ = try await client.control("PUT", "faults", [])
                    try await again.sync()
                }
                let users = try await client.all("/users?$select=userPrincipalName").compactMap {
                    $0["userPrincipalName"]?.string
                }
                #expect(users.sorted() == ["ada@company.com", "bob@company.com"])
            }
        }
    }
}

/// A paused provider after its first sync, and a user who was created since.
private struct Scene {
    private let server: ServedProgram
    private let client: TenantClient
    private let provider: String
    private let bob: String

    init(_ server: ServedProgram, _ tenant: TenantProgram, _ client: TenantClient) async throws {
        (self.server, self.client) = (server, client)
        func make(_ path: String, _ body: JSONValue) async throws -> JSONValue {
            let answer = try await server.send("POST", path, body)
            return try #require(answer.status == 201 ? answer.body["pk"] : nil, "\(answer.body.text)")
        }
        var settings: [String: JSONValue] = [
            "name": "Entra", "cloud": "custom", "client_secret": "emulated-secret-value", "review_first_sync": false,
        ]
        let keys = ["client_id", "tenant_id", "login_endpoint", "graph_endpoint"]
        for key in keys { settings[key] = tenant.endpoints[key] }
        let name = DefaultMappings.user.name
        let mappings = try await server.send("GET", "/propertymappings/provider/microsoft_entra/").body["results"]
        let mapping = mappings?.array?.first { $0["name"] == .string(name) }
        settings["property_mappings"] = [try #require(mapping?["pk"])]
        _ = try await make("/core/users/", ["username": "ada", "name": "Ada", "email": "ada@company.com"])
        let provider = try await make("/providers/microsoft_entra/", .object(settings))
        self.provider = provider.text
        _ = try await make(
            "/core/applications/",
            ["name": "Entra", "slug": "entra", "backchannel_providers": [provider]]
        )
        try await Self.waitForRun(of: provider.text, server, Self.isDone)
        let paused = try await Program.run(["schedule", "pause", "Entra", "--data", server.folder.path])
        #expect(paused.status == 0, "\(paused.errors)")
        bob = try await make("/core/users/", ["username": "bob", "name": "Bob", "email": "bob@company.com"]).text
    }

    private init(server: ServedProgram, client: TenantClient, provider: String, bob: String) {
        (self.server, self.client, self.provider, self.bob) = (server, client, provider, bob)
    }

    /// The same at another start of the server.
    func at(_ server: ServedProgram) -> Scene { Scene(server: server, client: client, provider: provider, bob: bob) }

    /// The server's last lines on standard error.
    var errors: [String] { server.program.errors }

    func lastRun() async throws -> JSONValue { try await Self.lastRun(of: provider, server) }

    private static func lastRun(of provider: String, _ server: ServedProgram) async throws -> JSONValue {
        try await server.send("GET", "/causeway/providers/\(provider)/runs/").body["results"]?.array?.first ?? .null
    }

    /// The administrator, who has no address, may fail.
    private static func isDone(_ run: JSONValue) -> Bool {
        ["succeeded", "warning"].contains(run["status"]?.string)
    }

    /// Waits until the last run is as expected.
    private static func waitForRun(
        of provider: String,
        _ server: ServedProgram,
        _ isReached: (JSONValue) -> Bool
    ) async throws {
        let end = ContinuousClock.now + .seconds(120)
        while true {
            let run = try await lastRun(of: provider, server)
            if isReached(run) { return }
            try #require(ContinuousClock.now < end, "the last run is \(run.text)")
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func waitForRun(_ isReached: (JSONValue) -> Bool) async throws {
        try await Self.waitForRun(of: provider, server, isReached)
    }

    /// Begins the work, which then waits for an answer of the tenant.
    func begin(_ work: ShutdownTests.Work) async throws {
        switch work {
        case .plan:
            try await slow("GET /organization")
            try await start("/causeway/providers/\(provider)/plans/", [:])
            return
        case .apply:
            try await start("/causeway/providers/\(provider)/plans/", [:])
            try await waitForRun { $0["status"] == "planned" }
            try await slow("POST /users")
            try await start("/causeway/runs/\(try await lastRun()["pk"]?.string ?? "")/apply/", [:])
        case .retry:
            let fault: JSONValue = [["kind": "quota_exceeded", "operation": "POST /users"]]
            _ = try await client.control("PUT", "faults", fault)
            _ = try await syncBob()
            try await slow("POST /users")
            try await start("/causeway/providers/\(provider)/retry/", [:])
        case .object:
            try await slow("POST /users")
            // No client waits for the answer.
            async let _ = syncBob()
            try await waitForRun { $0["status"] == "applying" }
            return
        }
        try await waitForRun { $0["status"] == "applying" }
    }

    private func slow(_ operation: JSONValue) async throws {
        let fault: JSONValue = [["kind": "slow", "operation": operation, "seconds": 600]]
        let answer = try await client.control("PUT", "faults", fault)
        #expect(answer.status == 200, "\(answer.body.text)")
    }

    private func start(_ path: String, _ body: JSONValue) async throws {
        let answer = try await server.send("POST", path, body)
        #expect(answer.status == 201, "\(answer.body.text)")
    }

    private func syncBob() async throws -> HTTP.Answer {
        let body: JSONValue = [
            "sync_object_model": "authentik.core.models.User", "sync_object_id": .string(bob),
            "override_dry_run": false,
        ]
        return try await server.send("POST", "/providers/microsoft_entra/\(provider)/sync/object/", body)
    }

    /// Syncs everything, and waits for the end.
    func sync() async throws {
        let stopped = try await lastRun()["pk"]
        for command in ["resume", "run"] {
            let program = try await Program.run(["schedule", command, "Entra", "--data", server.folder.path])
            #expect(program.status == 0, "\(program.errors)")
        }
        try await waitForRun { $0["pk"] != stopped && Self.isDone($0) }
    }
}

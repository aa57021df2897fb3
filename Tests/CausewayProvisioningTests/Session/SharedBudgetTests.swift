import CausewayEmulator
import CausewayGraph
import CausewayJSON
import CausewayStore
import CausewayTestSupport
import Testing

@testable import CausewayProvisioning

@Suite("A budget that clients share", .timeLimit(.minutes(30)))
struct SharedBudgetTests {
    private static let speed = 20.0
    private static let writes = 2500

    @Test("two clients of one application together stay within Graph's limit of writes")
    func together() async throws {
        try await TenantInProcess.with {
            $0.throttles = true
            $0.throttleSpeed = Self.speed
        } _: { tenant in
            try await StoreFixture.with { fixture in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for node in 0..<2 {
                        let store = try await fixture.open()
                        group.addTask {
                            try await Self.createUsers("node\(node)", in: tenant, sharing: store)
                            try store.close()
                        }
                    }
                    try await group.waitForAll()
                }
            }
            let counters = try await tenant.client.counters()
            #expect(counters["throttled"] == 0)
            #expect(counters["writes"] == .integer(Int64(2 * Self.writes)))
        }
    }

    private static func createUsers(_ prefix: String, in tenant: TenantInProcess, sharing store: Store) async throws {
        func text(_ key: String) -> String { tenant.endpoints[key]?.string ?? "" }
        let transport = NetworkTransport()
        let limits = ThrottleLimits.documented.faster(by: speed)
        let client = GraphClient(
            endpoints: try GraphEndpoints(login: text("login_endpoint"), graph: text("graph_endpoint")),
            credentials: [
                GraphCredential(
                    tenant: text("tenant_id"),
                    clientID: text("client_id"),
                    proof: .clientSecret(ClientSecret("emulated-secret-value"))
                )
            ],
            transport: transport,
            limits: limits,
            logger: .silent
        )
        await client.share(SharedBudget(tenant: text("tenant_id"), limits: limits, store: store))
        let requests = (0..<writes).map { GraphRequest(.post, "/users", body: body("\(prefix)-\($0)")) }
        let result: Swift.Result<[Swift.Result<GraphResponse, GraphFailure>], any Error>
        do { result = .success(try await client.send(batch: requests)) } catch { result = .failure(error) }
        try await transport.shutdown()
        for created in try result.get() { _ = try created.get() }
    }

    private static func body(_ name: String) -> JSONValue {
        [
            "displayName": .string(name), "accountEnabled": true, "mailNickname": .string(name),
            "userPrincipalName": .string("\(name)@company.com"), "passwordProfile": ["password": "Long-Enough-1"],
        ]
    }
}

import CausewayGraph
import CausewayJSON
import CausewayTestSupport
import Logging

extension GraphClient {
    /// A client of a tenant in this process, with pauses too short to matter; closed afterwards.
    static func with<Value>(
        _ tenant: TenantInProcess,
        clientID: String? = nil,
        secret: String = "emulated-secret-value",
        limits: ThrottleLimits? = nil,
        policy: RetryPolicy = RetryPolicy(attempts: 2, firstPause: .milliseconds(1)),
        _ body: (GraphClient) async throws -> Value
    ) async throws -> Value {
        func text(_ key: String) -> String { tenant.endpoints[key]?.string ?? "" }
        let proof = GraphCredential.Proof.clientSecret(ClientSecret(secret))
        return try await NetworkTransport().used { transport in
            let client = GraphClient(
                endpoints: try GraphEndpoints(login: text("login_endpoint"), graph: text("graph_endpoint")),
                credentials: [
                    GraphCredential(tenant: text("tenant_id"), clientID: clientID ?? text("client_id"), proof: proof)
                ],
                transport: transport,
                limits: limits,
                policy: policy,
                logger: Logger(label: "test")
            )
            return try await body(client)
        }
    }
}

/// Bodies of creates.
enum TestUser {
    static func body(_ number: Int) -> JSONValue {
        [
            "displayName": .string("Person \(number)"), "accountEnabled": true, "mailNickname": .string("p\(number)"),
            "userPrincipalName": .string("p\(number)@company.com"), "passwordProfile": ["password": "Long-Enough-1"],
        ]
    }

    static func group(_ name: String, _ further: [String: JSONValue] = [:]) -> JSONValue {
        let body: [String: JSONValue] = [
            "displayName": .string(name), "mailNickname": .string(name), "mailEnabled": false, "securityEnabled": true,
            "uniqueName": .string(name),
        ]
        return .object(body.merging(further) { $1 })
    }
}

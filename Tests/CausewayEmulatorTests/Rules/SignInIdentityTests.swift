import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("The emulated tenant: identities")
struct SignInIdentityTests {
    private static func identity(_ type: String, _ issuer: String, _ assigned: String) -> JSONValue {
        ["signInType": .string(type), "issuer": .string(issuer), "issuerAssignedId": .string(assigned)]
    }

    private static let mirror = identity("userPrincipalName", "emulated.onmicrosoft.com", "ada@company.com")
    private static let outside = identity("federated", "mail", "ada@partner.example")
    private static let local = identity("userName", "company.com", "ada-1")

    @Test("an identity that mirrors the principal name does not replace the required properties of a new user")
    func mirrorAlone() async throws {
        try await TenantInProcess.with { tenant in
            let body: JSONValue = ["displayName": "Ada", "identities": [Self.mirror]]
            let answer = try await tenant.client.send("POST", "/users", body)
            #expect(answer.body["error"]?["details"]?.array?.first?["code"] == "PropertyRequired")
            let other = GraphTests.user("bob", ["identities": [Self.mirror]])
            let refused = try await tenant.client.send("POST", "/users", other)
            #expect(refused.body["error"]?["details"]?.array?.first?["target"] == "identities")
            _ = try await tenant.client.make("/users", GraphTests.user("ada", ["identities": [Self.mirror]]))
        }
    }

    @Test(
        "a local identity needs the right form and the tenant as its issuer",
        arguments: [
            ("userName", "company.com", "ada_1-b", 201), ("userName", "company.com", "-ada", 400),
            ("userName", "company.com", "a.b", 400), ("userName", "elsewhere.example", "ada", 400),
            ("emailAddress", "company.com", "ada@partner.example", 201), ("emailAddress", "company.com", "ada", 400),
            ("badge", "company.com", "No. 7", 201), ("badge", "elsewhere.example", "No. 7", 400),
            ("federated", "elsewhere.example", "anything", 201),
        ]
    )
    func forms(_ type: String, _ issuer: String, _ assigned: String, _ status: Int) async throws {
        try await TenantInProcess.with { tenant in
            let further: [String: JSONValue] = [
                "identities": [Self.identity(type, issuer, assigned)], "passwordPolicies": "DisablePasswordExpiration",
            ]
            let answer = try await tenant.client.send("POST", "/users", GraphTests.user("ada", further))
            #expect(answer.status == status, "\(answer.body)")
        }
    }

    @Test("a change keeps the identity that mirrors the principal name, and cannot add a first local identity")
    func changes() async throws {
        try await TenantInProcess.with { tenant in
            let user = try await tenant.client.make("/users", GraphTests.user("ada"))
            let cases: [([JSONValue], Int)] = [
                ([Self.mirror, Self.outside], 204), ([Self.mirror], 204), ([Self.outside], 400), ([], 400),
                ([Self.mirror, Self.local], 400),
                ([Self.identity("userPrincipalName", "company.com", "bob@company.com")], 400),
            ]
            for (identities, status) in cases {
                let body: JSONValue = ["identities": .array(identities)]
                #expect(try await tenant.client.send("PATCH", "/users/\(user)", body).status == status, "\(body.text)")
            }
            let further: [String: JSONValue] = [
                "identities": [Self.local], "passwordPolicies": "DisablePasswordExpiration",
                "userPrincipalName": "eve@company.com",
            ]
            let eve = try await tenant.client.make("/users", GraphTests.user("eve", further))
            let more: JSONValue = [
                "identities": [
                    Self.identity("userPrincipalName", "company.com", "eve@company.com"), Self.local,
                    Self.identity("emailAddress", "company.com", "eve@partner.example"),
                ]
            ]
            #expect(try await tenant.client.send("PATCH", "/users/\(eve)", more).status == 204)
        }
    }
}

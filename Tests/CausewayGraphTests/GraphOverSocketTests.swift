import CausewayEmulator
import CausewayGraph
import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("The Graph client against a tenant, over a socket")
struct GraphOverSocketTests {
    @Test("the organization, its domains and the granted permissions are read")
    func organization() async throws {
        try await TenantInProcess.with { tenant in
            try await GraphClient.with(tenant) { client in
                let organization = try await client.organization()
                #expect(organization.verifiedDomains.contains("company.com"))
                #expect(try await client.claims().first?.roles.contains("User.ReadWrite.All") == true)
            }
        }
    }

    @Test("batches of creates arrive, conflicts are recognized, and a listing shows all objects")
    func batches() async throws {
        try await TenantInProcess.with { tenant in
            try await GraphClient.with(tenant) { client in
                let numbers = Array(0..<50) + [7]
                let requests = numbers.map { GraphRequest(.post, "/users", body: TestUser.body($0)) }
                let results = try await client.send(batch: requests)
                let made = results.count { if case .success = $0 { true } else { false } }
                #expect(made == 50)
                guard case .failure(let failure) = results[50] else { return }
                #expect(failure.kind == .alreadyExists(property: "userPrincipalName"))
                var names: Set<String> = []
                for try await page in client.users(select: ["id", "displayName"]) {
                    names.formUnion(page.compactMap { $0["displayName"]?.string })
                }
                #expect(names.count == 50)
            }
        }
    }

    @Test("a revoked token is replaced during a request")
    func revokedToken() async throws {
        try await TenantInProcess.with { tenant in
            try await GraphClient.with(tenant) { client in
                _ = try await client.organization()
                _ = try await HTTP.send("POST", "\(tenant.client.control)/revoke-tokens")
                #expect(try await client.organization().verifiedDomains.isEmpty == false)
            }
        }
    }

    @Test("a wrong secret and an unknown tenant are different errors")
    func wrongSecret() async throws {
        try await TenantInProcess.with { tenant in
            try await GraphClient.with(tenant, secret: "wrong") { client in
                let failure = await #expect(throws: GraphFailure.self) { try await client.organization() }
                #expect(failure?.sentence.contains("client secret is wrong") == true)
            }
        }
    }

    @Test("a missing object is nil, not an error")
    func missingObject() async throws {
        try await TenantInProcess.with { tenant in
            try await GraphClient.with(tenant) { client in
                let found = try await client.object("users", id: "nobody", select: ["id"])
                #expect(found == nil)
            }
        }
    }
}

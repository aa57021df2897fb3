import CausewayEmulator
import CausewayGraph
import CausewayJSON
import CausewayTestSupport
import Foundation
import Logging
import Testing

@Suite("The client's credentials, against a tenant")
struct CredentialTests {
    private static func roles(_ tenant: TenantInProcess, _ proof: GraphCredential.Proof) async throws -> [String] {
        func text(_ key: String) -> String { tenant.endpoints[key]?.string ?? "" }
        return try await NetworkTransport().used { transport in
            let client = GraphClient(
                endpoints: try GraphEndpoints(login: text("login_endpoint"), graph: text("graph_endpoint")),
                credentials: [GraphCredential(tenant: text("tenant_id"), clientID: text("client_id"), proof: proof)],
                transport: transport,
                policy: RetryPolicy(attempts: 2, firstPause: .milliseconds(1)),
                logger: Logger(label: "test")
            )
            return try await client.claims().flatMap(\.roles)
        }
    }

    @Test("a certificate signs in, even if the clocks differ; an unregistered one is named in the error")
    func certificate() async throws {
        let own = try TestCertificate()
        let other = try TestCertificate()
        try await TenantInProcess.with {
            $0.applications[0].certificates = [own.certificatePEM]
        } _: { tenant in
            let certificate = try ClientCertificate(pem: own.keyPEM + "\n" + own.certificatePEM)
            #expect(try await Self.roles(tenant, .certificate(certificate)).contains("User.ReadWrite.All"))
            _ = try await tenant.client.control("PATCH", "settings", ["login_clock_skew": 3600])
            tenant.clock.advance(by: 3600)
            #expect(try await !Self.roles(tenant, .certificate(certificate)).isEmpty)
            let stranger = try ClientCertificate(pem: other.certificatePEM + "\n" + other.keyPEM)
            let error = await #expect(throws: LoginError.self) { try await Self.roles(tenant, .certificate(stranger)) }
            #expect(error?.code == .wrongCredential)
            #expect(error?.sentence.contains("AADSTS700027") == true)
        }
    }

    @Test("a federated token is read from its file each time")
    func federated() async throws {
        let issuer = try TestCertificate()
        try await TenantInProcess.with {
            $0.applications[0].federatedCredentials = [FederatedCredential(of: issuer)]
        } _: { tenant in
            try await TemporaryFolder.with { folder in
                let file = folder.appending(path: "token")
                let proof = GraphCredential.Proof.federated(FederatedToken(file: file.path))
                let missing = await #expect(throws: LoginError.self) { try await Self.roles(tenant, proof) }
                #expect(missing?.sentence.contains(file.path) == true)
                let now = Int64(Date().timeIntervalSince1970)
                func write(subject: String) throws {
                    let token = try issuer.assertion([
                        "iss": "https://issuer.example", "sub": .string(subject), "aud": "api://AzureADTokenExchange",
                        "iat": .integer(now), "exp": .integer(now + 300),
                    ])
                    try (token + "\n").write(to: file, atomically: true, encoding: .utf8)
                }
                try write(subject: "somebody")
                let wrong = await #expect(throws: LoginError.self) { try await Self.roles(tenant, proof) }
                #expect(wrong?.sentence.contains("subject") == true)
                try write(subject: "workload")
                #expect(try await !Self.roles(tenant, proof).isEmpty)
            }
        }
    }

    @Test("an unusable certificate or key is refused in one sentence")
    func unusable() throws {
        let (one, other) = (try TestCertificate(), try TestCertificate())
        for (pem, words) in [
            ("nonsense", "not PEM text"), (one.keyPEM, "no CERTIFICATE"), (one.certificatePEM, "no PRIVATE KEY"),
            (one.certificatePEM + "\n" + other.keyPEM, "does not belong"),
        ] {
            let error = #expect(throws: CertificateError.self) { try ClientCertificate(pem: pem) }
            #expect(error?.description.contains(words) == true)
        }
        let certificate = try ClientCertificate(pem: one.certificatePEM + "\n" + one.keyPEM)
        #expect("\(certificate)".hasPrefix("certificate "))
        #expect(!String(reflecting: certificate).contains("PRIVATE"))
    }

    @Test("an expired certificate is refused before any request")
    func expired() async throws {
        let old = try TestCertificate(notAfter: Date(timeIntervalSinceNow: -60))
        try await TenantInProcess.with { tenant in
            let certificate = try ClientCertificate(pem: old.certificatePEM + "\n" + old.keyPEM)
            let error = await #expect(throws: LoginError.self) {
                try await Self.roles(tenant, .certificate(certificate))
            }
            #expect(error?.sentence.contains("has expired") == true)
            #expect(try await tenant.client.counters()["tokens"] == 1)
        }
    }
}

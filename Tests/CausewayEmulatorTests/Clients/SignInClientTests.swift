import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

/// Microsoft's own libraries for signing in, over TLS, without any changes to them.
@Suite("Microsoft's sign-in libraries for Python against a tenant")
struct SignInClientTests {
    private static let libraries = PythonEnvironment(
        "sign-in",
        packages: [
            "msal==1.39.0", "azure-identity==1.27.0", "azure-core==1.41.0", "PyJWT==2.15.1", "cryptography==50.0.2",
            "requests==2.34.2",
        ],
        modules: "msal, azure.identity, jwt, requests"
    )

    @Test(
        "msal and azure-identity find the tenant and sign in; an independent library verifies their tokens",
        .enabled("\(libraries.unavailable)") { try await libraries.install() }
    )
    func everything() async throws {
        let script = try #require(
            Bundle.module.url(forResource: "sign_in_clients", withExtension: "py", subdirectory: "Resources")
        )
        let certificate = try TestCertificate()
        try await TemporaryFolder.with { folder in
            let (trusted, own) = (folder.appending(path: "tenant.pem").path, folder.appending(path: "own.json"))
            let credential: JSONValue = [
                "certificate": .string(certificate.certificatePEM), "key": .string(certificate.keyPEM),
                "thumbprint": .string(certificate.thumbprint),
            ]
            try Data(credential.bytes).write(to: own)
            let application: JSONValue = [
                "secrets": [["value": "emulated-secret-value"]], "certificates": [.string(certificate.certificatePEM)],
            ]
            try await TenantProgram.with(
                settings: ["applications=\(JSONValue.array([application]).text)"],
                further: ["--tls-self-made", trusted]
            ) { tenant in
                let run = try await Program.run(
                    [script.path, tenant.endpoints.text, own.path],
                    at: Self.libraries.python,
                    environment: ["REQUESTS_CA_BUNDLE": trusted, "SSL_CERT_FILE": trusted]
                )
                #expect(run.status == 0, "\(run.output)\(run.errors)")
                let report = run.output.split(separator: "\n").last.map(String.init) ?? ""
                #expect(report.contains(#""checks": 40, "failures": 0"#), "\(run.output)")
            }
        }
    }
}

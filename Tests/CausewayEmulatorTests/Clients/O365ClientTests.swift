import CausewayTestSupport
import Testing

/// A third-party client that knows Graph by one name only: `graph.microsoft.com`.
@Suite("O365 against a tenant")
struct O365ClientTests {
    private static let client = PythonEnvironment(
        "o365",
        packages: [
            "O365==2.1.10", "msal==1.39.0", "requests==2.34.2", "urllib3==2.8.0", "cryptography==50.0.2",
            "python-dateutil==4.0.0", "beautifulsoup4==4.15.0", "tzlocal==5.4.5", "tzdata==2026.6",
        ],
        modules: "O365"
    )

    @Test(
        "users, groups, members, owners, guests, the recycle bin, delta, a batch and throttling work",
        .enabled("\(client.unavailable)") { try await client.install() }
    )
    func everything() async throws {
        try await ClientScript.run("o365_client", in: Self.client, checks: 39)
    }
}

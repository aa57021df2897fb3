import CausewayTestSupport
import Testing

/// A third-party client that knows Graph by one name only: `graph.microsoft.com`.
@Suite("Office365-REST-Python-Client against a tenant")
struct Office365ClientTests {
    private static let client = PythonEnvironment(
        "office365",
        packages: [
            "Office365-REST-Python-Client==3.3.0", "msal==1.39.0", "requests==2.34.2", "urllib3==2.8.0",
            "cryptography==50.0.2", "pytz==2026.6", "typing_extensions==4.16.0",
        ],
        modules: "office365.graph_client"
    )

    @Test(
        "sign-in to three clouds, objects, their links, the recycle bin, delta, batches and throttling work",
        .enabled("\(client.unavailable)") { try await client.install() }
    )
    func everything() async throws {
        try await ClientScript.run("office365_client", in: Self.client, checks: 49)
    }
}

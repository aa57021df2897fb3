import CausewayTestSupport
import Testing

/// A third-party client: the first release of Microsoft's Graph SDK for Python.
@Suite("The first release of Microsoft's SDK for Python against a tenant")
struct FirstGraphSDKTests {
    /// Together with the oldest libraries that it works with: older versions of `microsoft-kiota-http` cannot repeat a request.
    private static let sdk = PythonEnvironment(
        "first-graph-sdk",
        packages: [
            "msgraph-sdk==1.0.0", "msgraph-core==1.0.0", "microsoft-kiota-abstractions==1.0.0",
            "microsoft-kiota-authentication-azure==1.0.0", "microsoft-kiota-http==1.3.1",
            "microsoft-kiota-serialization-json==1.0.0", "microsoft-kiota-serialization-text==1.0.0",
            "azure-identity==1.27.0", "azure-core==1.41.0", "msal==1.39.0", "httpx==0.28.1", "aiohttp==3.14.5",
            "pendulum==3.3.0", "std-uritemplate==2.0.12",
        ],
        modules: "msgraph, azure.identity"
    )

    @Test(
        "users, groups, members, owners, guests, the recycle bin, delta, a batch and retries work",
        .enabled("\(sdk.unavailable)") { try await sdk.install() }
    )
    func everything() async throws {
        try await ClientScript.run("graph_sdk_first", in: Self.sdk, checks: 40)
    }
}

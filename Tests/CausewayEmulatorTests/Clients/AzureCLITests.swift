import CausewayTestSupport
import Testing

/// A third-party client: Azure's command line.
@Suite("The Azure CLI against a tenant", .enabled(if: ClientScript.areLargeOnesWanted, "make test-clients runs it"))
struct AzureCLITests {
    private static let client = PythonEnvironment(
        "azure-cli",
        packages: ["azure-cli==2.91.0", "azure-cli-core==2.91.0"],
        modules: "azure.cli.core"
    )

    @Test(
        "az ad and az rest work in a custom cloud and under Microsoft's names",
        .enabled("\(client.unavailable)") { try await client.install() }
    )
    func everything() async throws {
        try await ClientScript.run("azure_cli", in: Self.client, checks: 34, settings: [ClientScript.application])
    }
}

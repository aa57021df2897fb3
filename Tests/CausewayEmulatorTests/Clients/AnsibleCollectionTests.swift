import CausewayTestSupport
import Testing

/// A third-party client: Ansible's modules for Azure, as far as they use Graph.
@Suite(
    "Ansible's azure.azcollection against a tenant",
    .enabled(if: ClientScript.areLargeOnesWanted, "make test-clients runs it")
)
struct AnsibleCollectionTests {
    /// `ansible` contains the collection, version 3.12.0, with the list of packages that its modules need.
    private static let client = PythonEnvironment(
        "ansible",
        packages: [
            "ansible==12.3.0", "ansible-core==2.19.14", "msgraph-core==1.5.2", "microsoft-kiota-abstractions==1.16.0",
            "microsoft-kiota-authentication-azure==1.16.0", "microsoft-kiota-http==1.16.0",
        ],
        modules: "ansible, msgraph, azure.cli.core",
        requirements: "ansible_collections/azure/azcollection/requirements.txt"
    )

    @Test(
        "the collection manages users, groups, members, owners and service principals, and copes with throttling",
        .enabled("\(client.unavailable)") { try await client.install() }
    )
    func everything() async throws {
        try await ClientScript.run("ansible_azure", in: Self.client, checks: 26, settings: [ClientScript.application])
    }
}

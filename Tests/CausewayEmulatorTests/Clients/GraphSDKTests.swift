import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

/// A third-party client: Microsoft's own Graph SDK for Python, with its own middleware for retries.
@Suite("Microsoft's SDK for Python against a tenant")
struct GraphSDKTests {
    /// The last one is missing from the requirements of msgraph-core.
    private static let sdk = PythonEnvironment(
        "graph-sdk",
        packages: [
            "msgraph-sdk==1.65.0", "msgraph-core==1.5.2", "microsoft-kiota-abstractions==1.16.0",
            "microsoft-kiota-http==1.16.0", "microsoft-kiota-serialization-json==1.16.0", "Deprecated==1.3.1",
        ],
        modules: "msgraph, deprecated"
    )

    @Test(
        "create, read, page, update, delete, restore, members, delta, batch and retries work as its models expect",
        .enabled("\(sdk.unavailable)") { try await sdk.install() }
    )
    func everything() async throws {
        let script = try #require(
            Bundle.module.url(forResource: "graph_sdk", withExtension: "py", subdirectory: "Resources")
        )
        try await TenantProgram.with { tenant in
            let run = try await Program.run(
                [script.path, tenant.endpoints.text],
                at: Self.sdk.python
            )
            #expect(run.status == 0, "\(run.output)\(run.errors)")
            let report = run.output.split(separator: "\n").last.map(String.init) ?? ""
            #expect(report.contains(#""checks": 58"#), "\(run.output)")
        }
    }
}

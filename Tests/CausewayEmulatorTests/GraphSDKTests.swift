import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

/// A client that was written by others: Microsoft's own Graph SDK for Python, with its own middleware for retries.
@Suite("Microsoft's SDK for Python against a tenant")
struct GraphSDKTests {
    @Test(
        "create, read, page, update, delete, restore, members, delta, batch and retries work as its models expect",
        .enabled("\(GraphSDK.unavailable)") { try await GraphSDK.install() }
    )
    func everything() async throws {
        let script = try #require(
            Bundle.module.url(forResource: "graph_sdk", withExtension: "py", subdirectory: "Resources")
        )
        try await TenantProgram.with { tenant in
            let run = try await Program.run(
                [script.path, tenant.endpoints.text],
                at: GraphSDK.python
            )
            #expect(run.status == 0, "\(run.output)\(run.errors)")
            let report = run.output.split(separator: "\n").last.map(String.init) ?? ""
            #expect(report.contains(#""checks": 58"#), "\(run.output)")
        }
    }
}

/// The SDK in a virtual environment of its own, beside what is built.
enum GraphSDK {
    /// The last one is missing from what msgraph-core says that it needs.
    private static let packages = [
        "msgraph-sdk==1.65.0", "msgraph-core==1.5.2", "microsoft-kiota-abstractions==1.16.0",
        "microsoft-kiota-http==1.16.0", "microsoft-kiota-serialization-json==1.16.0", "Deprecated==1.3.1",
    ]

    private static var environment: URL {
        Program.url.deletingLastPathComponent().deletingLastPathComponent().appending(path: "python-graph-sdk")
    }

    static var python: URL { environment.appending(path: "bin/python") }

    /// Sets the environment up where it is not there yet.
    ///
    /// - Returns: whether the SDK can be imported.
    static func install() async throws -> Bool {
        if await isRunning(python, ["-c", "import msgraph, deprecated"]) { return true }
        guard await isRunning(URL(filePath: "/usr/bin/python3"), ["-m", "venv", "--clear", environment.path]) else {
            return false
        }
        _ = await isRunning(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"] + packages)
        return await isRunning(python, ["-c", "import msgraph, deprecated"])
    }

    static let unavailable =
        "SKIPPED: msgraph-sdk cannot be installed (PyPI is out of reach, or python3-venv is missing)"

    private static func isRunning(_ program: URL, _ arguments: [String]) async -> Bool {
        await (try? Program.run(arguments, at: program))?.status == 0
    }
}

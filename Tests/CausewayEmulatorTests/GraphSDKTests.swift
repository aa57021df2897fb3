import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

/// A client that was written by others: Microsoft's own Graph SDK for Python, with its own middleware for retries.
@Suite("Microsoft's SDK for Python against a tenant")
struct GraphSDKTests {
    @Test(
        "create, read, page, update, delete, restore, members, delta, batch and retries work as its models expect",
        .enabled(if: GraphSDK.isInstalled, "\(GraphSDK.unavailable)")
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

    /// Sets the environment up, once.
    static let isInstalled: Bool = {
        if run(python, ["-c", "import msgraph, deprecated"]) { return true }
        guard run(URL(filePath: "/usr/bin/python3"), ["-m", "venv", "--clear", environment.path]) else { return false }
        return run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"] + packages)
            && run(python, ["-c", "import msgraph, deprecated"])
    }()

    static let unavailable =
        "SKIPPED: msgraph-sdk cannot be installed (PyPI is out of reach, or python3-venv is missing)"

    private static func run(_ program: URL, _ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

/// A Python script that uses a tenant through a third-party client, over TLS, and counts its checks.
enum ClientScript {
    /// Whether the clients run that take gigabytes and minutes; `make test-clients` says so.
    static let areLargeOnesWanted = ProcessInfo.processInfo.environment["CAUSEWAY_TEST_CLIENTS"] != nil

    /// An application that may do what those clients do: they read service principals too, and write passwords with every change.
    static let application =
        #"applications=[{"secrets":[{"value":"emulated-secret-value"}],"permissions":["User.ReadWrite.All","#
        + #""User-PasswordProfile.ReadWrite.All","Group.ReadWrite.All","Directory.Read.All"],"#
        + #""directory_roles":["User Administrator"]}]"#

    /// Runs the script until it ends. Its first argument is the tenant's ready line; the last line that it prints is its count.
    ///
    /// - Parameters:
    ///   - name: the script's, without its extension.
    ///   - checks: how many it makes if none is left out.
    ///   - settings: of the tenant, `NAME=JSON` each.
    static func run(
        _ name: String,
        in environment: PythonEnvironment,
        checks: Int,
        settings: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let script = try #require(
            Bundle.module.url(forResource: name, withExtension: "py", subdirectory: "Resources"),
            sourceLocation: sourceLocation
        )
        try await TemporaryFolder.with { folder in
            let trusted = folder.appending(path: "tenant.pem").path
            try await TenantProgram.with(settings: settings, further: ["--tls-self-made", trusted]) { tenant in
                let run = try await Program.run(
                    [script.path, tenant.endpoints.text],
                    at: environment.python,
                    environment: [
                        "HOME": folder.path, "REQUESTS_CA_BUNDLE": trusted, "SSL_CERT_FILE": trusted,
                        "PYTHONDONTWRITEBYTECODE": "1",
                    ]
                )
                #expect(run.status == 0, "\(run.output)\(run.errors)", sourceLocation: sourceLocation)
                let report = run.output.split(separator: "\n").last.map(String.init) ?? ""
                #expect(
                    report == #"{"checks": \#(checks), "failures": 0}"#,
                    "\(run.output)",
                    sourceLocation: sourceLocation
                )
            }
        }
    }
}

package import CausewayJSON
import Foundation

/// `causeway tenant` in a process of its own.
package struct TenantProgram: Sendable {
    package let endpoints: JSONValue

    /// - Parameters:
    ///   - settings: `NAME=JSON` each, in addition to those of a tenant that answers immediately and has no lags.
    ///   - further: arguments of the program.
    package static func with<Value: Sendable>(
        settings: [String] = [],
        further: [String] = [],
        _ body: (TenantProgram) async throws -> Value
    ) async throws -> Value {
        let all = ["replication_lag=0", "index_lag=0", "delta_lag=0"] + settings
        let arguments =
            [
                "tenant", "--listen", "127.0.0.1:0", "--domain", "company.com", "--domain", "example.com",
                "--until-stdin-closes", "--throttle", "off",
            ] + all.flatMap { ["--set", $0] } + further
        return try await RunningProgram.with(arguments) { running in
            let endpoints = try JSONValue(parsing: try await running.line())
            return try await body(TenantProgram(endpoints: endpoints))
        }.value
    }

    /// The arguments of `provider create` for this tenant; its first sync waits for no approval.
    package func providerArguments(_ name: String, data: String, further: [String] = []) -> [String] {
        func text(_ key: String) -> String { endpoints[key]?.string ?? "" }
        return [
            "provider", "create", name, "--tenant-id", text("tenant_id"), "--client-id", text("client_id"), "--cloud",
            "custom", "--login-endpoint", text("login_endpoint"), "--graph-endpoint", text("graph_endpoint"),
            "--application", "Entra ID", "--no-review-first-sync", "--data", data,
        ] + further
    }
}

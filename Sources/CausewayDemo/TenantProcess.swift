package import CausewayGraph
import CausewayInstallation
package import CausewayJSON
import Foundation

/// An emulated tenant in a separate process, which ends with this one, however this one ends.
package final class TenantProcess {
    /// Its endpoints, from the line that it prints.
    package let endpoints: JSONValue
    private let process: ChildProcess

    /// Flags of a tenant that neither throttles nor lags.
    package static let calm =
        ["--throttle", "off"] + ["replication_lag=0", "index_lag=0", "delta_lag=0"].flatMap { ["--set", $0] }

    /// Starts the tenant and waits until it is ready.
    ///
    /// - Parameter flags: options of `causeway tenant`.
    /// - Throws: ``DemoError`` if it does not become ready.
    package init(domains: [String] = [], flags: [String] = calm) throws {
        process = try ChildProcess(
            Installation.program("causeway"),
            ["tenant", "--listen", "127.0.0.1:0", "--until-stdin-closes"] + flags
                + domains.flatMap { ["--domain", $0] }
        )
        guard let endpoints = try? JSONValue(parsing: process.firstLine) else {
            throw DemoError("The emulated tenant could not be started.")
        }
        self.endpoints = endpoints
    }

    package var processID: Int32 { process.id }

    /// An endpoint by its name in the tenant's line.
    package func text(_ name: String) -> String { endpoints[name]?.string ?? "" }

    /// Calls the tenant's control endpoint.
    package func control(_ method: String, _ path: String, _ body: JSONValue? = nil, with transport: NetworkTransport)
        async throws
        -> JSONValue
    {
        let request = HTTPRequestMessage(
            method: method,
            url: "\(text("control_endpoint"))/\(path)",
            headers: [("Content-Type", "application/json")],
            body: body?.bytes
        )
        let answer = try await transport.send(request, deadline: .now + .seconds(60))
        let json = answer.body.isEmpty ? JSONValue.null : try JSONValue(parsing: answer.body)
        guard (200...299).contains(answer.status) else {
            throw DemoError(
                "The emulated tenant refuses '\(path)': \(json["error"]?["message"]?.string ?? "no reason")."
            )
        }
        return json
    }

    /// Ends the tenant.
    package func stop() { process.stop() }
}

package import CausewayJSON
package import Foundation

/// The built program, run as a user would.
package struct Program: Sendable {
    package let status: Int32
    package let output: String
    package let errors: String

    package static var url: URL {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appending(
            path: "causeway"
        )
    }

    /// Runs a command and waits for its end.
    ///
    /// - Parameter program: another program than the one that was built.
    @concurrent
    package static func run(
        _ arguments: [String],
        at program: URL = url,
        environment: [String: String] = [:]
    ) async throws -> Program {
        let process = try start(arguments, at: program, environment: environment)
        async let output = process.output.readToEnd()
        async let errors = process.errors.readToEnd()
        let (out, err) = try await (output, errors)
        process.process.waitUntilExit()
        return Program(
            status: process.process.terminationStatus,
            output: String(decoding: out ?? Data(), as: UTF8.self),
            errors: String(decoding: err ?? Data(), as: UTF8.self)
        )
    }

    /// A started command.
    package struct Running: @unchecked Sendable {
        // Foundation's Process may be used from any thread, but does not say so.
        package let process: Process
        package let output: FileHandle
        package let errors: FileHandle
        package let input: Pipe
    }

    package static func start(
        _ arguments: [String],
        at program: URL = url,
        environment: [String: String] = [:]
    ) throws -> Running {
        let process = Process()
        let (output, errors, input) = (Pipe(), Pipe(), Pipe())
        process.executableURL = program
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = input
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": NSTemporaryDirectory()].merging(environment) { $1 }
        try process.run()
        return Running(
            process: process,
            output: output.fileHandleForReading,
            errors: errors.fileHandleForReading,
            input: input
        )
    }

    /// The output as JSON.
    package var json: JSONValue {
        get throws { try JSONValue(parsing: output) }
    }
}

/// `causeway tenant` in a process of its own.
package struct TenantProgram: Sendable {
    package let endpoints: JSONValue
    private let running: Program.Running

    /// - Parameter settings: `NAME=JSON` each, over those of a tenant that answers at once and lags behind in nothing.
    package static func with<Value>(
        settings: [String] = [],
        _ body: (TenantProgram) async throws -> Value
    ) async throws -> Value {
        let all = ["replication_lag=0", "index_lag=0", "delta_lag=0"] + settings
        let running = try Program.start(
            [
                "tenant", "--listen", "127.0.0.1:0", "--domain", "company.com", "--domain", "example.com",
                "--until-stdin-closes", "--throttle", "off",
            ] + all.flatMap { ["--set", $0] }
        )
        defer {
            running.process.terminate()
            running.process.waitUntilExit()
        }
        var line: [UInt8] = []
        while !line.contains(10) {
            let part = running.output.availableData
            guard !part.isEmpty else { break }
            line += part
        }
        let endpoints = try JSONValue(parsing: line.prefix { $0 != 10 })
        return try await body(TenantProgram(endpoints: endpoints, running: running))
    }

    /// The arguments of `provider create` for this tenant.
    package func providerArguments(_ name: String, data: String, further: [String] = []) -> [String] {
        func text(_ key: String) -> String { endpoints[key]?.string ?? "" }
        return [
            "provider", "create", name, "--tenant-id", text("tenant_id"), "--client-id", text("client_id"), "--cloud",
            "custom", "--login-endpoint", text("login_endpoint"), "--graph-endpoint", text("graph_endpoint"),
            "--application", "Entra ID", "--data", data,
        ] + further
    }
}

import CausewayInstallation
package import CausewayJSON
package import Foundation
import Subprocess
import SystemPackage

/// The built program, run as a user would.
package struct Program: Sendable {
    /// The exit status; 128 plus the signal's number if a signal ended it, as in shells.
    package let status: Int32
    package let output: String
    package let errors: String

    package static var url: URL { Installation.program("causeway") }

    private static let outputLimit = 64 << 20

    /// Runs a command and waits for its end, without blocking a thread.
    ///
    /// - Parameter program: another program than the one that was built.
    @concurrent
    package static func run(
        _ arguments: [String],
        at program: URL = url,
        environment: [String: String] = [:],
        input: [UInt8] = []
    ) async throws -> Program {
        let result = try await Subprocess.run(
            try await configuration(arguments, program, environment),
            input: .array(input),
            output: .bytes(limit: outputLimit),
            error: .bytes(limit: outputLimit)
        )
        return Program(
            status: result.terminationStatus.number,
            output: String(decoding: result.standardOutput, as: UTF8.self),
            errors: String(decoding: result.standardError, as: UTF8.self)
        )
    }

    static func configuration(_ arguments: [String], _ program: URL, _ environment: [String: String]) async throws
        -> Configuration
    {
        let all = ["PATH": "/usr/bin:/bin", "HOME": NSTemporaryDirectory()]
            .merging(try await TestDatabase.environment(of: arguments)) { $1 }
            .merging(environment) { $1 }
        let entries = all.compactMap { name, value in Environment.Key(rawValue: name).map { ($0, value) } }
        return Configuration(
            executable: .path(FilePath(program.path)),
            arguments: Arguments(arguments),
            environment: .custom(Dictionary(uniqueKeysWithValues: entries))
        )
    }

    /// The output as JSON.
    package var json: JSONValue {
        get throws { try JSONValue(parsing: output) }
    }
}

extension TerminationStatus {
    var number: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }
}

import CausewayInstallation
import CausewayJSON
import Foundation

/// A measurement in a process of its own.
enum Measurement {
    /// Runs `causeway-bench measure` and reads the JSON that it prints.
    static func run(_ arguments: String...) throws -> JSONValue { try run(arguments) }

    static func run(_ arguments: [String]) throws -> JSONValue {
        let process = Process()
        let output = Pipe()
        process.executableURL = Installation.program("causeway-bench")
        process.arguments = ["measure"] + arguments
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchError(
                "`measure \(arguments.joined(separator: " "))` ended with status \(process.terminationStatus)"
            )
        }
        return try JSONValue(parsing: [UInt8](data))
    }
}

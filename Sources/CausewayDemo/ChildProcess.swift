package import Foundation

/// A process that prints a line when it is ready, and ends when its input does: so also with this process, however that ends.
package final class ChildProcess {
    /// The line, without its end; empty if it ended before.
    package let firstLine: [UInt8]
    private let process = Process()
    private let input = Pipe()

    /// Starts the program and waits for its first line.
    ///
    /// - Parameter environment: variables in addition to those of this process.
    /// - Throws: an error of the system if it cannot be started.
    package init(_ program: URL, _ arguments: [String], environment: [String: String] = [:]) throws {
        process.executableURL = program
        process.arguments = arguments
        if !environment.isEmpty {
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        }
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line: [UInt8] = []
        while !line.contains(10), case let part = output.fileHandleForReading.availableData, !part.isEmpty {
            line += part
        }
        firstLine = Array(line.prefix { $0 != 10 })
    }

    package var id: Int32 { process.processIdentifier }

    /// Ends it.
    package func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}

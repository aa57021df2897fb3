import Foundation

/// The program that is measured.
struct ProgramUnderTest {
    let path: String

    /// Runs a command and reads the JSON that it prints.
    func json(_ arguments: [String]) throws -> [String: Any] {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { throw BenchError("\(path) is not there; build it with: make build") }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0, let json = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        else {
            throw BenchError(
                "`causeway \(arguments.joined(separator: " "))` ended with status \(process.terminationStatus)"
            )
        }
        return json
    }
}

/// What went wrong, in a sentence.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

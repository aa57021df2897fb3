import Foundation
import Testing

@testable import CausewayMapping

/// A server that is killed leaves its workers behind: those that had not yet asked the kernel to end with it, and those that it was
/// sending to.
@Suite("A worker whose server is gone", .timeLimit(.minutes(5)))
struct AbandonedWorkerTests {
    private func run(_ arguments: [String], sending bytes: [UInt8]) throws -> (
        reason: Process.TerminationReason, status: Int32, said: String
    ) {
        let (process, input, errors) = (Process(), Pipe(), Pipe())
        process.executableURL = URL(filePath: arguments[0])
        process.arguments = Array(arguments.dropFirst())
        (process.standardInput, process.standardError, process.standardOutput) = (input, errors, FileHandle.nullDevice)
        try process.run()
        try? input.fileHandleForWriting.write(contentsOf: bytes)
        try input.fileHandleForWriting.close()
        let said = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationReason, process.terminationStatus, String(decoding: said, as: UTF8.self))
    }

    @Test(
        "a worker ends when its input ends, wherever the program stopped",
        arguments: [[], [0], [0, 0, 1, 0], [0, 0, 1, 0, 91]]
    )
    func nothingComes(_ bytes: [UInt8]) throws {
        let ended = try run(WorkerCommand(environment: .find()).arguments, sending: bytes)
        #expect(ended.reason == .exit && ended.status == 0, "\(ended)")
    }

    @Test("a worker does not start if its parent is not the process that started it")
    func anotherParent() throws {
        var arguments = try WorkerCommand(environment: .find()).arguments
        let place = try #require(arguments.firstIndex(of: "--parent"))
        arguments[place + 1] = "1"
        let ended = try run(arguments, sending: [])
        #expect(ended.reason == .exit && ended.status == 125 && ended.said.contains("the parent is gone"), "\(ended)")
    }
}

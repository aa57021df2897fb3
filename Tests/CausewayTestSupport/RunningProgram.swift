package import Foundation
import Subprocess
import Synchronization

/// A program that runs while a test uses it.
package struct RunningProgram: Sendable {
    package let id: Int32
    private let lines: AsyncStream<String>
    private let said: Said

    /// How long a program may take to end once it is asked to.
    private static let patience = Duration.seconds(60)

    private final class Said: Sendable {
        struct State {
            var hasEnded = false
            var wasKilled = false
            var errors: [String] = []
        }
        let state = Mutex(State())
    }

    /// Starts a program, and asks it to end with SIGTERM after the body.
    ///
    /// - Parameter program: another program than the one that was built.
    /// - Returns: what the body returned, and the program's ``Program/status``.
    /// - Throws: ``NotEnded`` if it had to be killed, and what the body throws.
    package static func with<Value: Sendable>(
        _ arguments: [String],
        at program: URL = Program.url,
        environment: [String: String] = [:],
        _ body: (RunningProgram) async throws -> Value
    ) async throws -> (value: Value, status: Int32) {
        let said = Said()
        let (lines, output) = AsyncStream.makeStream(of: String.self)
        let result = try await Subprocess.run(
            try await Program.configuration(arguments, program, environment),
            input: .inputWriter,
            output: .sequence,
            error: .sequence
        ) { execution in
            async let reading: Void = read(execution.standardOutput, said, into: output)
            async let complaining: Void = keepLast(execution.standardError, in: said)
            let running = RunningProgram(id: execution.processIdentifier.value, lines: lines, said: said)
            let ended = await outcome(of: body, running)
            let mayBeKilled = said.state.withLock { $0.hasEnded || $0.wasKilled }
            await execution.teardown(using: [.gracefulShutDown(allowedDurationToNextStep: patience)])
            _ = try await (reading, complaining)
            return (ended, mayBeKilled)
        }
        let (ended, mayBeKilled) = result.closureResult
        let value = try ended.get()
        let status = result.terminationStatus
        if status == .signaled(SIGKILL), !mayBeKilled { throw NotEnded(arguments: arguments) }
        return (value, status.number)
    }

    /// Stored, so that the program is ended and its output is read to the end before an error is thrown.
    private static func outcome<Value: Sendable>(
        of body: (RunningProgram) async throws -> Value,
        _ running: RunningProgram
    ) async -> Result<Value, any Error> {
        do { return .success(try await body(running)) } catch { return .failure(error) }
    }

    private static func read(
        _ sequence: SubprocessOutputSequence,
        _ said: Said,
        into lines: AsyncStream<String>.Continuation
    )
        async throws
    {
        defer {
            said.state.withLock { $0.hasEnded = true }
            lines.finish()
        }
        for try await line in sequence.strings() { lines.yield(line) }
    }

    private static func keepLast(_ sequence: SubprocessOutputSequence, in said: Said) async throws {
        for try await line in sequence.strings() {
            said.state.withLock { $0.errors = $0.errors.suffix(19) + [line] }
        }
    }

    /// Whether it has closed its output.
    package var hasEnded: Bool { said.state.withLock(\.hasEnded) }

    /// Its last lines on standard error.
    package var errors: [String] { said.state.withLock(\.errors) }

    /// Waits for a line of its output.
    ///
    /// - Throws: ``Ended`` if it ends without one.
    package func line(containing text: String? = nil) async throws -> String {
        for await line in lines {
            if text.map(line.contains) ?? true { return line }
        }
        throw Ended(wanted: text ?? "a line", errors: errors)
    }

    /// Waits for a line with the address that it serves.
    package func origin() async throws -> String {
        let line = try await line(containing: "http://")
        return line.firstRange(of: /http:\/\/[0-9.]+:[0-9]+/).map { String(line[$0]) } ?? ""
    }

    /// Kills it.
    package func kill() {
        said.state.withLock { $0.wasKilled = true }
        if !hasEnded { Foundation.kill(id, SIGKILL) }
    }

    /// It ended too early.
    package struct Ended: Error {
        let wanted: String
        let errors: [String]
    }

    /// It did not end when it was asked to, and was killed.
    package struct NotEnded: Error {
        let arguments: [String]
    }
}

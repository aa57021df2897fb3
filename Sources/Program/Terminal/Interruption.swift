import ArgumentParser
import Foundation
import Synchronization
import UnixSignals

/// Ctrl-C (SIGINT) or SIGTERM stopped a command.
struct Interruption: Error {
    let signal: UnixSignal
    /// What was done, and what happens next.
    var sentence = "Stopped."

    /// 128 and the number of the signal, as in shells: 130 after Ctrl-C, 143 after SIGTERM.
    var exitCode: ExitCode { ExitCode(128 + signal.rawValue) }

    /// Does work that Ctrl-C and SIGTERM cancel; a second signal ends the program immediately.
    ///
    /// - Throws: ``Interruption`` if a signal came before the work was done.
    static func stopping<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let first = Mutex<UnixSignal?>(nil)
        let signals = await UnixSignalsSequence(trapping: trapped)
        let task = Task { try await work() }
        let watch = Task {
            for await signal in signals {
                let isSecond = first.withLock { first in
                    defer { first = first ?? signal }
                    return first != nil
                }
                if isSecond { exit(128 + signal.rawValue) }
                printErrorAfterKey("Stopping …")
                task.cancel()
            }
        }
        defer {
            watch.cancel()
            for signal in trapped { Foundation.signal(signal.rawValue, SIG_DFL) }
        }
        do { return try await task.value } catch {
            guard let signal = first.withLock(\.self) else { throw error }
            throw Interruption(signal: signal)
        }
    }

    private static let trapped: [UnixSignal] = [.sigint, .sigterm]

    /// The same with other words.
    func saying(_ sentence: String) -> Interruption { Interruption(signal: signal, sentence: sentence) }
}

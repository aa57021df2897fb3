import Foundation
import Testing

@testable import CausewayMapping

@Suite("How long a worker may take", .timeLimit(.minutes(5)))
struct ReplyDeadlineTests {
    private let limit = Duration.seconds(2)

    @Test("time without a processor does not count, until ten times the limit have passed")
    func counted() {
        func counted(_ passed: Double, _ delayed: Double) -> Duration {
            ReplyDeadline.counted(of: .seconds(passed), delayed: .seconds(delayed), limit)
        }
        #expect(counted(1, 0) == .seconds(1))
        #expect(counted(3, 2.5) == .seconds(0.5))
        #expect(counted(19, 18.5) == .seconds(0.5))
        #expect(counted(20, 19.9) == .seconds(20))
        #expect(counted(1, 1.5) == .zero)
    }

    @Test("the kernel says how long a process has waited for a processor; of none, nothing is said")
    func delay() async throws {
        #expect(ReplyDeadline.delay(of: -1) == .zero)
        // More than there are processors, so that one of them waits at any moment.
        let busy = (0...ProcessInfo.processInfo.activeProcessorCount).map { _ in
            let process = Process()
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", "i=0; while [ $i -lt 100000000 ]; do i=$((i + 1)); done"]
            return process
        }
        // A gentler signal may be blocked in the thread that starts them, and so in them.
        defer { for process in busy where process.isRunning { kill(process.processIdentifier, SIGKILL) } }
        for process in busy { try process.run() }
        func delays() -> [Duration] { busy.map { ReplyDeadline.delay(of: $0.processIdentifier) } }
        let before = delays()
        while zip(before, delays()).allSatisfy({ $1 - $0 < .milliseconds(20) }) {
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test("a process that rests has no more time than the limit")
    func rest() async throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sleep")
        process.arguments = ["60"]
        try process.run()
        defer { kill(process.processIdentifier, SIGKILL) }
        let deadline = ReplyDeadline(of: process.processIdentifier, .milliseconds(50))
        while deadline.left > .zero { try await Task.sleep(for: .milliseconds(10)) }
        #expect(deadline.elapsed >= .milliseconds(50))
    }
}

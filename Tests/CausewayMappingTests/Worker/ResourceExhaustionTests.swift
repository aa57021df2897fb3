import Testing

@testable import CausewayMapping

@Suite("A system without free resources")
struct ResourceExhaustionTests {
    /// No machine has room for a stack of that size.
    @Test("if no thread can be started, the caller gets an error instead of waiting for ever")
    func noThread() async throws {
        let worker = WorkerProcess(command: WorkerCommand(environment: try .find()), stackSize: 1 << 46)
        for _ in 0..<2 {
            let failure = await #expect(throws: WorkerFailure.self) {
                try await worker.exchange([], timeLimit: .seconds(1))
            }
            guard case .notStarted(let words) = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
            #expect(words.hasPrefix("no thread: "))
        }
    }
}

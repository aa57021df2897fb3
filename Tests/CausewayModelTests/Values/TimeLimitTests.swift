import CausewayModel
import Testing

@Suite("Work that is not waited for too long")
struct TimeLimitTests {
    @Test("what ends in time has its value, also if the one who waits is canceled")
    func inTime() async {
        #expect(await TimeLimit.value(within: .seconds(600)) { 7 } == 7)
        let canceled = Task {
            while !Task.isCancelled { await Task.yield() }
            return await TimeLimit.value(within: .seconds(600)) { Task.isCancelled ? 0 : 7 }
        }
        canceled.cancel()
        #expect(await canceled.value == 7)
    }

    @Test("what takes longer is left, also if it does not end when it is canceled")
    func late() async {
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let value = await TimeLimit.value(within: .milliseconds(10)) {
            // Waits in a task of its own, which is not canceled.
            await Task { for await _ in released { return } }.value
            return 7
        }
        #expect(value == nil)
        release.yield()
    }
}

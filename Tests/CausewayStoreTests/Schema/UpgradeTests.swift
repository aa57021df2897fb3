import CausewayModel
import CausewayTestSupport
import Testing

@testable import CausewayStore

@Suite("A database of an earlier version")
struct UpgradeTests {
    @Test("its providers get the standard schedule when they are first read, and do not run for it")
    func schedules() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                let provider = try transaction.makeProvider()
                try transaction.execute("DELETE FROM provider_schedules")
                let before = try transaction.runState(of: provider.id)
                #expect(before.schedule.nextRunAt == nil && before.needsPlanning(at: transaction.now))
                try transaction.requestDueRuns()
                let after = try transaction.runState(of: provider.id)
                #expect(after.schedule.cron == before.schedule.cron)
                #expect(after.schedule.nextRunAt == before.schedule.cron.next(after: transaction.now))
                #expect(after.request == nil)
            }
        }
    }
}

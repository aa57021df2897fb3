import CausewayModel
import Testing

@testable import CausewayProvisioning

@Suite("The guard")
struct GuardTests {
    @Test(
        "the guard stops a large number and a large share of destructive changes",
        arguments: [(50, 10_000, false), (51, 10_000, true), (5, 10, false), (6, 20, true), (6, 1000, false)]
    )
    func limits(_ actions: Int, _ managed: Int, _ objects: Bool) {
        let settings = ProviderSettings(name: "p", clientID: "c", tenantID: "t")
        let objection = Guard(settings: settings).blockingReason(for: Guard.Changes(actions: actions, managed: managed))
        #expect((objection != nil) == objects)
    }

    @Test(
        "the limit is the most that the guard lets through, whatever the settings and the size",
        arguments: [0, 1, 5, 50, 1000],
        [0, 1, 10, 33, 99, 100]
    )
    func limit(_ count: Int, _ percent: Int) {
        var settings = ProviderSettings(name: "p", clientID: "c", tenantID: "t")
        (settings.guardMaxCount, settings.guardMaxPercent) = (count, percent)
        let rule = Guard(settings: settings)
        for managed in [0, 1, 7, 49, 50, 51, 480, 10_000] {
            let most = rule.limit(managed: managed)
            #expect(rule.blockingReason(for: Guard.Changes(actions: most, managed: managed)) == nil)
            #expect(rule.blockingReason(for: Guard.Changes(actions: most + 1, managed: managed)) != nil)
            #expect(most <= count && (percent == 100 || most <= 5 || most * 100 <= percent * managed))
        }
    }

    @Test("destructive changes of direct syncs within the last hour count, but alone do not stop a run")
    func smallSteps() {
        let rule = Guard(settings: ProviderSettings(name: "p", clientID: "c", tenantID: "t"))
        let many = rule.blockingReason(for: Guard.Changes(actions: 1, recent: 50, managed: 10_000))
        #expect(many?.contains("after 50 within the last hour") == true)
        #expect(rule.blockingReason(for: Guard.Changes(actions: 1, recent: 49, managed: 10_000)) == nil)
        #expect(rule.blockingReason(for: Guard.Changes(actions: 0, recent: 900, managed: 10_000)) == nil)
    }
}

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

    @Test("destructive changes of direct syncs within the last hour count, but alone do not stop a run")
    func smallSteps() {
        let rule = Guard(settings: ProviderSettings(name: "p", clientID: "c", tenantID: "t"))
        let many = rule.blockingReason(for: Guard.Changes(actions: 1, recent: 50, managed: 10_000))
        #expect(many?.contains("after 50 within the last hour") == true)
        #expect(rule.blockingReason(for: Guard.Changes(actions: 1, recent: 49, managed: 10_000)) == nil)
        #expect(rule.blockingReason(for: Guard.Changes(actions: 0, recent: 900, managed: 10_000)) == nil)
    }
}

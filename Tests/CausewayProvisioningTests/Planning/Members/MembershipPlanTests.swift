import CausewayModel
import CausewayStore
import Testing

@testable import CausewayProvisioning

@Suite("Changes to the members of a group")
struct MembershipPlanTests {
    @Test("twenty members are added in a request, removed one by one; members of others stay unless drift is reverted")
    func memberships() {
        let group = Group(id: .random(), profile: GroupProfile(name: "G"))
        let members = (0..<45).map { MemberReference.local(ObjectReference(UserID($0))) }
        var batches = MemberBatches(group: group, entraID: EntraObjectID("g"))
        let additions =
            batches.add(Array(members.prefix(19))) + batches.add(Array(members.dropFirst(19))) + batches.finish()
        #expect(additions.map(\.members.count) == [20, 20, 5])
        #expect(additions.flatMap(\.members) == members)
        let extra = [("ours", true), ("strange", false)].map {
            ExtraMember(entraID: EntraObjectID($0.0), isOurs: $0.1)
        }
        let plan = MembershipPlan(group: group, entraID: EntraObjectID("g"))
        let reporting = MemberDrift(policy: .report, drifts: [])
        let removals = plan.removals(of: extra.filter(reporting.isToBeRemoved))
        #expect(removals.map(\.members) == [[.remote(EntraObjectID("ours"))]])
        #expect(extra.filter(MemberDrift(policy: .restore, drifts: []).isToBeRemoved).count == 2)
    }
}

import CausewayGraphTypes
import CausewayJSON
import CausewayModel
import Testing

@testable import CausewayProvisioning

@Suite("Plans for users")
struct UserPlanTests {
    @Test("an account is suspended in a request of its own")
    func disabling() throws {
        let user = User.named("ada")
        let desired = DesiredObject(properties: ["displayName": "New", "accountEnabled": false])
        let actions = UserPlan(types: try GraphTypes.load()).changes(
            of: user,
            desired: desired,
            link: ObjectLink(
                provider: ProviderID(1),
                kind: .user,
                object: ObjectReference(user.id),
                entraID: EntraObjectID("e"),
                known: ["displayName": "Old", "accountEnabled": true]
            ),
            resolver: DriftResolver(policy: .restore, equality: ValueEquality(kind: .user, types: try .load())),
            drifts: [],
            sieve: WritableChanges(writability: Writability(kind: .user, types: try .load()), refusals: [])
        ).actions
        #expect(actions.map(\.verb) == [.update, .suspend])
        #expect(actions.map { $0.changes.map(\.attribute) } == [["displayName"], ["accountEnabled"]])
        #expect(actions[1].phase == .suspensions)
    }
}

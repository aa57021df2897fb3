import CausewayJSON
import CausewayModel
import Testing

@testable import CausewayProvisioning

@Suite("What happens to the objects of users who leave")
struct DeprovisioningPlanTests {
    @Test(
        "a user who leaves the scope is handled as the provider's settings say",
        arguments: [
            (true, DeleteAction.delete, ScopeExitAction.keep, ActionVerb.delete), (true, .suspend, .keep, .suspend),
            (true, .doNothing, .keep, .unlink), (false, .delete, .followDeleteAction, .delete),
            (false, .delete, .suspend, .suspend), (false, .delete, .keep, nil),
        ] as [(Bool, DeleteAction, ScopeExitAction, ActionVerb?)]
    )
    func exits(_ isDeleted: Bool, _ deletion: DeleteAction, _ exit: ScopeExitAction, _ verb: ActionVerb?) {
        var settings = ProviderSettings(name: "p", clientID: "c", tenantID: "t")
        settings.userDeleteAction = deletion
        settings.scopeExitAction = exit
        let link = ObjectLink(
            provider: ProviderID(1),
            kind: .user,
            object: isDeleted ? nil : ObjectReference(UserID(1)),
            entraID: EntraObjectID("e"),
            known: ["accountEnabled": true]
        )
        #expect(DeprovisioningPlan(settings: settings).action(for: link, name: "ada")?.verb == verb)
    }
}

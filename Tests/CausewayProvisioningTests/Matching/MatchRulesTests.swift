import CausewayJSON
import CausewayModel
import CausewayStore
import Testing

@testable import CausewayProvisioning

@Suite("The keys by which objects are matched")
struct MatchRulesTests {
    @Test("users are matched by immutable id, name, then address; groups by unique name, then display name")
    func matchKeys() {
        let user = User.named("ada")
        var settings = ProviderSettings(name: "p", clientID: "c", tenantID: "t")
        let desired: [String: JSONValue] = ["userPrincipalName": "ada@x.test", "mail": "a@x.test"]
        #expect(
            MatchRules(settings: settings).keys(for: user, desired: desired) == [
                .immutableID(user.uid), .userPrincipalName("ada@x.test"), .mail("a@x.test"), .mailIdentity("a@x.test"),
                .mail("ada@company.com"), .mailIdentity("ada@company.com"),
            ]
        )
        let group = Group(id: .random(), profile: GroupProfile(name: "Staff"))
        #expect(
            MatchRules(settings: settings).keys(for: group, desired: ["displayName": "All staff"]) == [
                .uniqueName(group.id.text), .uniqueName("Staff"), .displayName("All staff"),
            ]
        )
        settings.userMatchRules = [.mail, .immutableID]
        settings.groupMatchRules = []
        #expect(MatchRules(settings: settings).keys(for: user, desired: [:]).first == .mail("ada@company.com"))
        #expect(MatchRules(settings: settings).keys(for: user, desired: desired).last == .immutableID(user.uid))
        #expect(MatchRules(settings: settings).keys(for: group, desired: desired).isEmpty)
        settings.discoveryEnabled = false
        #expect(MatchRules(settings: settings).keys(for: user, desired: desired).isEmpty)
    }
}

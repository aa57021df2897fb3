import CausewayModel
import Foundation
import Testing

@Suite struct ModelTests {
    @Test(arguments: [
        ("minutes=30", 1800.0), ("hours=1;minutes=30", 5400), ("Seconds=1.5", 1.5), ("days=1;fortnights=2", 86_400),
    ])
    func `a duration text is read as authentik reads it`(text: String, seconds: Double) {
        #expect(DurationText(text)?.duration.seconds == seconds)
    }

    @Test(arguments: ["", "30", "minutes", "minutes=x", "fortnights=2", "minutes=-1", "minutes=inf"])
    func `a text that is no duration is refused`(text: String) {
        #expect(DurationText(text) == nil)
    }

    @Test func `a point in time prints in UTC with milliseconds`() {
        #expect(Timestamp(milliseconds: 1_795_507_200_123).text == "2026-11-24T08:00:00.123Z")
        #expect(Timestamp(milliseconds: 5) + .seconds(2) == Timestamp(milliseconds: 2005))
    }

    @Test func `a user with several faults is refused with all of them`() {
        let profile = UserProfile(username: "", email: "no address", path: "/users")
        let error = #expect(throws: ValidationError.self) { try profile.validate() }
        #expect(error?.problems.map(\.field) == ["username", "email", "path"])
    }

    @Test func `an address outside ASCII is an address`() throws {
        try UserProfile(username: "jürgen", email: "jürgen@exämple.org").validate()
    }

    @Test(arguments: ["", "with space", "ümlaut", "token"])
    func `a slug that cannot be part of a URL is refused`(slug: String) {
        #expect(throws: ValidationError.self) { try Application(name: "Entra", slug: slug).validate() }
    }

    @Test func `a custom cloud needs both of its endpoints`() {
        var settings = ProviderSettings(name: "Entra", clientID: "client", tenantID: "tenant")
        settings.cloud = .custom
        settings.loginEndpoint = "http://127.0.0.1:1"
        let error = #expect(throws: ValidationError.self) { try settings.validate() }
        #expect(error?.problems.map(\.field) == ["graph_endpoint"])
    }

    @Test func `a secret never shows, however it is printed`() {
        let secret = Secret("hunter2")
        #expect(!"\(secret) \(String(reflecting: secret)) \([secret])".contains("hunter2"))
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("hunter2"))
    }

    @Test func `a group's numeric key is made of the first five digits of its UUID`() throws {
        let id = try #require(GroupID(text: "00000000-0000-0000-0000-0000000001e2"))
        #expect(Group(id: id, profile: GroupProfile(name: "g")).numericKey == 482)
        let large = try #require(GroupID(text: "ffffffff-ffff-ffff-ffff-ffffffffffff"))
        #expect(Group(id: large, profile: GroupProfile(name: "g")).numericKey == 34_028)
    }

    @Test func `removals are destructive, and so is re-creating or unlinking what disappeared`() {
        func action(_ verb: ActionVerb, _ reason: ActionReason) -> Action {
            Action(phase: .users, verb: verb, kind: .user, object: nil, name: "ada", reason: reason)
        }
        let always: [ActionVerb] = [.suspend, .delete, .removeMember]
        let whereVanished: [ActionVerb] = [.create, .restore, .unlink]
        for verb in ActionVerb.allCases {
            #expect(action(verb, .attributesDiffer).isDestructive == always.contains(verb))
            #expect(action(verb, .vanishedFromEntra).isDestructive == (always + whereVanished).contains(verb))
        }
    }

    @Test(arguments: ["", "soon", "hours=0", "fortnights=1"])
    func `an approval lifetime is a duration above zero`(_ text: String) {
        var settings = ProviderSettings(name: "p", clientID: "c", tenantID: "t")
        settings.approvalLifetime = text
        let error = #expect(throws: ValidationError.self) { try settings.validate() }
        #expect(error?.problems.map(\.field) == ["approval_lifetime"])
    }

    @Test func `a reference is read back only where its key fits its kind`() throws {
        let group = GroupID.random()
        #expect(ObjectReference(kind: .group, id: ObjectReference(group).id)?.group == group)
        #expect(ObjectReference(kind: .user, id: "12")?.user == UserID(12))
        #expect(ObjectReference(kind: .user, id: "twelve") == nil)
    }
}

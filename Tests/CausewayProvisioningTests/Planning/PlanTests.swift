import CausewayGraphTypes
import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation
import Testing

@testable import CausewayProvisioning

@Suite("Planning without a tenant")
struct PlanTests {
    private static func difference() throws -> AttributeDifference {
        AttributeDifference(kind: .user, types: try .load())
    }

    @Test("only attributes that differ are planned, with both values")
    func differences() throws {
        let known: [String: JSONValue] = [
            "displayName": "Ada", "city": "Oslo", "jobTitle": "Clerk", "userPrincipalName": "Ada@company.com",
            "userType": "Member", "otherMails": ["a@x.test", "b@x.test"],
        ]
        let desired: [String: JSONValue] = [
            "displayName": "Ada", "city": "Bergen", "jobTitle": .null, "userPrincipalName": "ada@company.com",
            "userType": "member", "otherMails": ["b@x.test", "a@x.test"], "companyName": .null,
            "passwordProfile": ["password": "********"],
        ]
        #expect(
            try Self.difference().changes(from: known, to: desired) == [
                AttributeChange(attribute: "city", old: "Oslo", new: "Bergen"),
                AttributeChange(attribute: "jobTitle", old: "Clerk", new: .null),
            ]
        )
    }

    @Test("existing identities are left alone; new ones keep the identity that mirrors the principal name")
    func identities() throws {
        let mirror: JSONValue = ["signInType": "userPrincipalName", "issuer": "x.test", "issuerAssignedId": "a@x.test"]
        let mail: JSONValue = ["signInType": "federated", "issuer": "mail", "issuerAssignedId": "a@p.test"]
        let other: JSONValue = ["signInType": "federated", "issuer": "mail", "issuerAssignedId": "b@p.test"]
        let known: [String: JSONValue] = ["identities": [mirror, mail]]
        #expect(try Self.difference().changes(from: known, to: ["identities": [mail]]).isEmpty)
        let change = try Self.difference().changes(from: known, to: ["identities": [other]]).first
        #expect(change?.new == [mirror, other])
    }

    @Test("an account is suspended in a request of its own")
    func disabling() throws {
        let user = Self.user("ada")
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

    @Test("a group is created after every group in it")
    func levels() {
        let ids = (0..<4).map { _ in GroupID.random() }
        let nesting = [(ids[1], ids[0]), (ids[2], ids[1]), (ids[2], ids[0]), (ids[3], ids[0])]
        let levels = GroupCreationOrder(nesting: nesting.map { (child: $0.0, parent: $0.1) })
        #expect(ids.map { levels[$0] } == [2, 1, 0, 0])
    }

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
        let connection = ObjectLink(
            provider: ProviderID(1),
            kind: .user,
            object: isDeleted ? nil : ObjectReference(UserID(1)),
            entraID: EntraObjectID("e"),
            known: ["accountEnabled": true]
        )
        #expect(DeprovisioningPlan(settings: settings).action(for: connection, name: "ada")?.verb == verb)
    }

    @Test(
        "the guard stops a large number and a large share of destructive changes",
        arguments: [(50, 10_000, false), (51, 10_000, true), (5, 10, false), (6, 20, true), (6, 1000, false)]
    )
    func guarding(_ actions: Int, _ managed: Int, _ objects: Bool) {
        let settings = ProviderSettings(name: "p", clientID: "c", tenantID: "t")
        let objection = Guard(settings: settings).blockingReason(for: Guard.Changes(actions: actions, managed: managed))
        #expect((objection != nil) == objects)
    }

    @Test("destructive changes of direct syncs within the last hour count, but alone do not stop a run")
    func guardingSmallSteps() {
        let rule = Guard(settings: ProviderSettings(name: "p", clientID: "c", tenantID: "t"))
        let many = rule.blockingReason(for: Guard.Changes(actions: 1, recent: 50, managed: 10_000))
        #expect(many?.contains("after 50 within the last hour") == true)
        #expect(rule.blockingReason(for: Guard.Changes(actions: 1, recent: 49, managed: 10_000)) == nil)
        #expect(rule.blockingReason(for: Guard.Changes(actions: 0, recent: 900, managed: 10_000)) == nil)
    }

    @Test("users are matched by immutable id, name, then address; groups by unique name, then display name")
    func matchKeys() {
        let user = Self.user("ada")
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

    @Test("a process is distinguished from a later one with the same number")
    func processes() throws {
        let present = ProcessIdentity.current
        #expect(present.isGone == false)
        let read = try #require(ProcessIdentity(present.text))
        #expect(read == present)
        #expect(ProcessIdentity("\(present.host)/\(present.process)/1")?.isGone == true)
        #expect(ProcessIdentity("elsewhere/1/1")?.isGone == false)
    }

    static func user(_ name: String) -> User {
        User(
            id: UserID(1),
            uuid: UUID(),
            uid: String(repeating: "f", count: 64),
            profile: UserProfile(username: name, email: "\(name)@company.com"),
            dateJoined: .now(),
            lastUpdated: .now()
        )
    }
}

import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@testable import CausewayProvisioning

@Suite("Losses by a first link wait for approval")
struct FirstLinkTests {
    /// A property of an object that was in Entra before, and whether its change needs approval.
    struct Case: Sendable, CustomStringConvertible {
        let kind: ObjectKind
        let property: String
        let before: JSONValue?
        let after: JSONValue
        let asks: Bool
        var known: [String: JSONValue] = [:]

        init(
            _ kind: ObjectKind,
            _ property: String,
            _ before: JSONValue?,
            _ after: JSONValue,
            asks: Bool,
            known: [String: JSONValue] = [:]
        ) {
            (self.kind, self.property, self.before, self.after) = (kind, property, before, after)
            (self.asks, self.known) = (asks, known)
        }

        var description: String { "\(kind) \(property) \(before ?? .null) → \(after)" }
    }

    private static let name: JSONValue = ["signInType": "userPrincipalName", "issuerAssignedId": "a@x.test"]
    private static let mail: JSONValue = ["signInType": "federated", "issuer": "mail", "issuerAssignedId": "a@p.test"]

    static let cases = [
        Case(.user, "userPrincipalName", "old@company.com", "ada@company.com", asks: true),
        Case(.user, "mail", "old@company.com", "ada@company.com", asks: true),
        Case(.user, "mail", nil, "ada@company.com", asks: false),
        Case(.user, "mail", "", "ada@company.com", asks: false),
        Case(.user, "onPremisesImmutableId", "theirs", "ours", asks: true),
        Case(.user, "onPremisesImmutableId", .null, "ours", asks: false),
        Case(.user, "userType", "Guest", "Member", asks: true),
        Case(.user, "otherMails", ["a@x.test", "b@x.test"], ["a@x.test"], asks: true),
        Case(.user, "otherMails", ["a@x.test"], .null, asks: true),
        Case(.user, "otherMails", ["a@x.test"], ["b@x.test", "a@x.test"], asks: false),
        Case(.user, "otherMails", [], ["a@x.test"], asks: false),
        Case(.user, "identities", [name, mail], [name], asks: true),
        Case(.user, "identities", [name], [name, mail], asks: false),
        Case(.user, "displayName", "Ada (old)", "Ada", asks: true),
        Case(.user, "givenName", "Augusta", "Ada", asks: true),
        Case(.user, "surname", "Byron", "Lovelace", asks: true),
        Case(.user, "surname", nil, "Lovelace", asks: false),
        Case(.user, "mailNickname", "old", "ada", asks: true),
        Case(.user, "jobTitle", "Clerk", .null, asks: false),
        Case(.group, "displayName", "Board", "Board room", asks: true),
        Case(.group, "uniqueName", "board", "0a", asks: true),
        Case(.group, "uniqueName", nil, "0a", asks: false),
        Case(.group, "mailNickname", "board", "board-room", asks: true, known: ["mailEnabled": true]),
        Case(.group, "mailNickname", "board", "board-room", asks: false, known: ["mailEnabled": false]),
        Case(.group, "description", "Old", "New", asks: false),
    ]

    @Test(
        "the loss of sign-in names, display names, addresses or group names needs approval",
        arguments: cases
    )
    func table(_ one: Case) {
        let change = AttributeChange(attribute: one.property, old: one.before, new: one.after)
        let other = AttributeChange(attribute: "preferredLanguage", old: "de", new: "en")
        let update = Action(
            phase: .users,
            verb: .update,
            kind: one.kind,
            object: nil,
            name: "x",
            reason: .attributesDiffer,
            changes: [change, other]
        )
        let separated = FirstLinkRule.separate([update], known: one.known)
        let asking = separated.filter(\.asksFirst)
        #expect(asking.map(\.changes) == (one.asks ? [[change]] : []))
        #expect(asking.allSatisfy { $0.isDestructive && $0.level > update.level })
        let going = separated.filter { !$0.asksFirst }.map(\.changes)
        #expect(going == [one.asks ? [other] : [change, other]])
        // If it is the only change, no empty update is left.
        let alone = FirstLinkRule.separate([update.with(changes: [change])], known: one.known)
        #expect(alone.map(\.asksFirst) == [one.asks])
    }

    /// A group "Admins" in the tenant with strangers in it, and one of that name in the directory with one member.
    private static func withAdoptedGroup(
        strangers: Int,
        _ body: @escaping @Sendable (EngineFixture, _ group: GroupID) async throws -> Void
    ) async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            let made = try await fixture.client.send(
                "POST",
                "/groups",
                ["displayName": "Admins", "mailEnabled": false, "securityEnabled": true, "mailNickname": "admins"]
            )
            let id = made.body["id"]?.string ?? ""
            for number in 0..<strangers {
                let stranger = try await fixture.seed("stranger\(number)")
                let reference = "https://graph.microsoft.com/v1.0/directoryObjects/\(stranger)"
                _ = try await fixture.client.send(
                    "POST",
                    "/groups/\(id)/members/$ref",
                    ["@odata.id": .string(reference)]
                )
            }
            let group = try await fixture.store.write { transaction in
                let group = try transaction.createGroup(GroupProfile(name: "Admins"))
                try transaction.addMember(ada.id, to: group.id)
                return group.id
            }
            fixture.later()
            try await body(fixture, group)
        }
    }

    private static func members(_ fixture: EngineFixture) async throws -> Int {
        try await fixture.client.memberNames()["Admins"]?.count ?? 0
    }

    @Test(
        "members of an existing group stay until a person approves, even below the guard's limits",
        arguments: [1, 5]
    )
    func members(_ strangers: Int) async throws {
        try await Self.withAdoptedGroup(strangers: strangers) { fixture, group in
            let first = try await fixture.sync()
            #expect(first.run.status == .awaitingApproval)
            #expect(
                first.run.message.contains("\(strangers) of its actions would take members, names or addresses away")
            )
            #expect(first.count(.removeMember, .held) == strangers && first.count(.addMembers) == 1)
            let count = try await Self.members(fixture)
            #expect(count == strangers + 1)
            // The link exists by now, but the members must not be removed yet.
            for trigger in [RunTrigger.schedule, .manual, .approval] {
                let again = try await fixture.sync(trigger: trigger)
                #expect(again.count(.removeMember, .held) == strangers)
            }
            let one = try await fixture.syncObjects([ObjectReference(group)])
            #expect(one.run.status == .awaitingApproval && one.count(.removeMember, .held) == strangers)
            try await fixture.store.write { transaction in
                var profile = try transaction.group(group)?.profile ?? GroupProfile(name: "")
                profile.attributes["label"] = "x"
                try transaction.updateGroup(group, to: profile)
            }
            _ = try await fixture.direct.catchUp(fixture.provider)
            let kept = try await Self.members(fixture)
            #expect(kept == strangers + 1)
            let waiting = try await fixture.sync().run
            try await Approvals(store: fixture.store).approve(waiting.id, by: .person("grace"))
            let done = try await fixture.sync(trigger: .approval)
            #expect(done.run.status == .succeeded && done.count(.removeMember) == strangers)
            // Decided: from now on the group is like any other.
            let stranger = try await fixture.seed("late")
            let entra = try await fixture.client.all("/groups").first?["id"]?.string ?? ""
            let reference = "https://graph.microsoft.com/v1.0/directoryObjects/\(stranger)"
            _ = try await fixture.client.send(
                "POST",
                "/groups/\(entra)/members/$ref",
                ["@odata.id": .string(reference)]
            )
            fixture.later()
            let last = try await fixture.sync()
            #expect(last.run.status == .succeeded && last.count(.removeMember) == 1)
        }
    }

    @Test("losses by first links are reported as such, and do not count towards the guard's limits")
    func reported() async throws {
        try await EngineFixture.with { fixture in
            for number in 0..<12 {
                _ = try await fixture.addUser("p\(number)")
                _ = try await fixture.seed("p\(number)", ["displayName": "Another name"])
            }
            let gone = try await fixture.addUser("gone", isActive: false)
            _ = try await fixture.seed("gone")
            let run = try await fixture.sync()
            #expect(run.run.status == .awaitingApproval && run.count(.update, .held) == 12, "\(run.run.message)")
            #expect(
                run.run.message.contains("12 of its actions would take members, names or addresses away"),
                "\(run.run.message)"
            )
            #expect(!run.run.message.contains("guard"), "\(run.run.message)")
            // One suspended account, because the directory says so, is within the limits.
            #expect(run.count(.suspend) == 1, "\(run.actions.filter { $0.action.object == ObjectReference(gone.id) })")
        }
    }

    @Test("a guest's names stay until they are approved, and everything else is sent")
    func names() async throws {
        let mapping = """
            return {
                "display_name": user.name, "job_title": user.name, "user_principal_name": user.email,
                "mail_nickname": user.username, "account_enabled": user.is_active, "on_premises_immutable_id": user.uid,
            }
            """
        try await EngineFixture.with(userMapping: mapping) { fixture in
            let ada = try await fixture.addUser("ada")
            let guest = "ada_partner.test@company.com"
            let id = try await fixture.seed(
                "ada",
                [
                    "userPrincipalName": .string(guest), "userType": "Guest", "displayName": "Old",
                    "onPremisesImmutableId": .string(ada.uid),
                ]
            )
            func account() async throws -> JSONValue {
                try await fixture.client.send("GET", "/users/\(id)?$select=userPrincipalName,displayName,jobTitle").body
            }
            let first = try await fixture.sync()
            #expect(first.run.status == .awaitingApproval)
            var found = try await account()
            #expect(found["userPrincipalName"] == .string(guest) && found["displayName"] == "Old")
            #expect(found["jobTitle"] == "Person ada")
            try await fixture.change(ada) { $0.name = "Ada L." }
            for run in try await fixture.direct.catchUp(fixture.provider) { #expect(run.status == .awaitingApproval) }
            found = try await account()
            #expect(found["userPrincipalName"] == .string(guest) && found["displayName"] == "Old")
            #expect(found["jobTitle"] == "Ada L.")
            let waiting = try await fixture.sync().run
            try await Approvals(store: fixture.store).approve(waiting.id, by: .person("grace"))
            let done = try await fixture.sync(trigger: .approval)
            #expect(done.run.status == .succeeded)
            found = try await account()
            #expect(found["userPrincipalName"] == "ada@company.com" && found["displayName"] == "Ada L.")
            try await fixture.change(ada) { $0.email = "ada.l@company.com" }
            let renamed = try await fixture.sync(trigger: .schedule)
            #expect(renamed.run.status == .succeeded && renamed.count(.update) == 1)
        }
    }

    @Test("a difference that disappears needs no approval any more")
    func settled() async throws {
        try await Self.withAdoptedGroup(strangers: 1) { fixture, group in
            _ = try await fixture.sync()
            let late = try await fixture.addUser("stranger0")
            try await fixture.store.write { try $0.addMember(late.id, to: group) }
            let agreed = try await fixture.sync()
            #expect(agreed.run.status == .succeeded)
            let isAsking = try await fixture.store.read { [provider = fixture.provider] in
                try $0.link(of: ObjectReference(group), provider: provider)?.asksFirst
            }
            #expect(isAsking == false)
            try await fixture.store.write { _ = try $0.removeMember(late.id, from: group) }
            let removed = try await fixture.direct.catchUp(fixture.provider)
            #expect(removed.map(\.status) == [.succeeded])
            let count = try await Self.members(fixture)
            #expect(count == 1)
        }
    }

    @Test("an account that was linked before is linked again without approval")
    func comesBack() async throws {
        try await EngineFixture.with(settings: { $0.scopeExitAction = .keep }) { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            let id = try #require(try await fixture.link(of: ada))
            try await fixture.store.write { [provider = fixture.provider] transaction in
                try transaction.deleteLink(to: EntraObjectID(id), provider: provider)
                try transaction.setFormer(ObjectReference(ada.id), of: EntraObjectID(id), provider: provider)
            }
            try await fixture.change(ada) { ($0.name, $0.email) = ("Ada L.", "ada.l@company.com") }
            let result = try await fixture.sync()
            #expect(result.run.status == .succeeded && result.count(.link) == 1 && result.count(.update) == 1)
            #expect(try await fixture.link(of: ada) == id)
        }
    }

    @Test("a link that a person creates by hand needs the same approval")
    func byHand() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            let id = try await fixture.seed("old")
            _ = try await fixture.sync(.planOnly)
            try await fixture.store.write { [provider = fixture.provider] transaction in
                let link = ObjectLink(
                    provider: provider,
                    kind: .user,
                    object: ObjectReference(ada.id),
                    entraID: EntraObjectID(id),
                    known: [:],
                    asksFirst: true
                )
                try transaction.saveLink(link, name: "ada")
            }
            let result = try await fixture.sync()
            #expect(result.run.status == .awaitingApproval)
            let held = result.actions.filter { $0.outcome.status == .held }.flatMap {
                $0.action.changes.map(\.attribute)
            }
            #expect(held == ["displayName", "mailNickname", "userPrincipalName"])
        }
    }
}

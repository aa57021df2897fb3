import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("The extent of a refusal")
struct RefusingTests {
    /// Takes all other properties from attributes: `{"graph": {"department": "IT"}}`; an empty text is None.
    private static let mapping = """
        properties = {
            "display_name": user.name, "mail_nickname": user.username, "user_principal_name": user.email,
            "account_enabled": user.is_active,
        }
        if not connection:
            properties["password_profile"] = {"password": request.user.password}
            properties["on_premises_immutable_id"] = user.uid
        for name, value in user.attributes.get("graph", {}).items():
            properties[name] = None if value == "" else value
        return properties
        """

    // MARK: Known beforehand

    @Test(
        "properties mastered on premises are left alone with a note; the rest is applied, without a failure"
    )
    func mastered() async throws {
        try await EngineFixture.with(userMapping: Self.mapping) { fixture in
            let id = try await fixture.seed("ada")
            _ = try await fixture.client.control(
                "POST",
                "properties",
                ["id": .string(id), "onPremisesSyncEnabled": true]
            )
            let ada = try await fixture.addUser("ada")
            let bob = try await fixture.addUser("bob")
            try await fixture.give(ada, ["department": "IT", "usage_location": "GB", "city": "Oslo"])
            try await fixture.store.write { transaction in
                let team = try transaction.createGroup(GroupProfile(name: "Team"))
                for user in [ada, bob] { try transaction.addMember(user.id, to: team.id) }
            }
            let first = try await fixture.sync()
            #expect(first.run.status == .succeeded, "\(first.actions.map(\.outcome))")
            let account = try await fixture.account(ada, "usageLocation,department,city")
            #expect(account["usageLocation"] == "GB" && account["department"] != "IT" && account["city"] != "Oslo")
            #expect(try await fixture.client.state()["memberships"] == 2)
            try await fixture.client.resetCounters()
            let again = try await fixture.sync()
            #expect(again.run.status == .succeeded && again.actions.isEmpty)
            #expect(try await fixture.client.counters()["writes"] == 0)
            let notes = try await fixture.explain(ObjectReference(ada.id)).next
            #expect(notes.contains { $0.hasPrefix("department stays as it is") }, "\(notes)")
            // If a user's sign-in cannot be disabled, that is a failure, not a note.
            try await fixture.change(ada) { $0.isActive = false }
            let blocked = try await fixture.sync()
            #expect(blocked.run.status == .warning && blocked.count(.suspend, .failed) == 1)
        }
    }

    @Test(
        "None for a property that cannot be cleared leaves it alone with a note, and the rest is applied",
        arguments: [
            ("mail", "mail"), ("usage_location", "usageLocation"), ("display_name", "displayName"),
            ("user_principal_name", "userPrincipalName"), ("mail_nickname", "mailNickname"),
        ]
    )
    func cleared(_ name: String, _ property: String) async throws {
        try await EngineFixture.with(userMapping: Self.mapping) { fixture in
            let ada = try await fixture.addUser("ada")
            try await fixture.give(ada, ["mail": "ada@company.com", "usage_location": "GB"])
            _ = try await fixture.sync()
            let before = try await fixture.account(ada, property)[property]
            try await fixture.give(ada, [name: "", "city": "Oslo", "employee_org_data": ["division": .null]])
            let result = try await fixture.sync()
            #expect(result.run.status == .succeeded, "\(result.actions.map(\.outcome))")
            let after = try await fixture.account(ada, "\(property),city")
            #expect(after["city"] == "Oslo" && after[property] == before)
            #expect(try await fixture.sync().actions.isEmpty)
            let notes = try await fixture.explain(ObjectReference(ada.id)).next
            #expect(notes.contains { $0.hasPrefix("\(property) stays as it is") }, "\(notes)")
        }
    }

    @Test("an account is restored from the recycle bin with its own name if the mapping returns none")
    func restoredWithoutName() async throws {
        try await EngineFixture.with(userMapping: Self.mapping) { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            let id = try await fixture.link(of: ada) ?? ""
            #expect(try await fixture.client.send("DELETE", "/users/\(id)").status == 204)
            try await fixture.give(ada, ["user_principal_name": ""])
            fixture.later()
            let result = try await fixture.sync()
            #expect(result.count(.restore) == 1, "\(result.actions.map(\.outcome))")
            #expect(try await fixture.account(ada, "userPrincipalName")["userPrincipalName"] == "ada@company.com")
        }
    }

    enum Kind: String, CaseIterable, Sendable {
        case dynamic, list, mailEnabledSecurity, synchronized

        var properties: [String: JSONValue] {
            switch self {
            case .dynamic: ["groupTypes": ["DynamicMembership"], "membershipRule": "true"]
            case .list: ["mailEnabled": true, "securityEnabled": false]
            case .mailEnabledSecurity: ["mailEnabled": true]
            case .synchronized: [:]
            }
        }
    }

    @Test(
        "groups whose members Graph does not let Causeway change are left alone; other groups are synced",
        arguments: Kind.allCases
    )
    func members(_ kind: Kind) async throws {
        try await EngineFixture.with { fixture in
            let stranger = try await fixture.seed("stranger")
            let group: [String: JSONValue] = [
                "displayName": "Team", "mailEnabled": false, "securityEnabled": true, "mailNickname": "team",
                "uniqueName": "team",
            ]
            let body = JSONValue.object(group.merging(kind.properties) { $1 })
            let made = try await fixture.client.control("POST", "seed", ["groups": [body]])
            let id = made.body["ids"]?.array?.first?.string ?? ""
            _ = try await fixture.client.control("POST", "seed", ["members": [id: [.string(stranger)]]])
            if kind == .synchronized {
                let flag: JSONValue = ["id": .string(id), "onPremisesSyncEnabled": true]
                _ = try await fixture.client.control("POST", "properties", flag)
            }
            let ada = try await fixture.addUser("ada")
            let team = try await fixture.store.write { transaction in
                let team = try transaction.createGroup(GroupProfile(name: "Team"))
                let other = try transaction.createGroup(GroupProfile(name: "Other"))
                for group in [team, other] { try transaction.addMember(ada.id, to: group.id) }
                return team
            }
            let first = try await fixture.sync()
            #expect(first.run.status == .succeeded, "\(first.actions.map(\.outcome))")
            for _ in 0..<2 {
                try await fixture.client.resetCounters()
                let again = try await fixture.sync()
                #expect(again.run.status == .succeeded)
                #expect(again.actions.map(\.action.reason) == [.membersManagedElsewhere], "\(again.actions)")
                #expect(again.actions.first?.outcome.message.hasPrefix("Members stay as they are") == true)
                #expect(try await fixture.client.counters()["writes"] == 0)
            }
            #expect(try await fixture.client.all("/groups/\(id)/members?$select=id").count == 1)
            #expect(try await fixture.client.memberNames()["Other"] == ["ada@company.com"])
            let next = try await fixture.explain(ObjectReference(team.id)).next
            #expect(next.contains { $0.hasPrefix("Members stay as they are") }, "\(next)")
            #expect(!next.contains { $0.hasPrefix("Members are added") })
        }
    }

    // MARK: Learned by refusal

    @Test("a property that is refused without a name is found, the others are applied, and it is not sent again")
    func sensitive() async throws {
        try await EngineFixture.with(userMapping: Self.mapping) { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            let id = try await fixture.link(of: ada) ?? ""
            let roles: JSONValue = ["id": .string(id), "directoryRoles": ["Global Administrator"]]
            _ = try await fixture.client.control("POST", "properties", roles)
            let wanted: [String: JSONValue] = [
                "city": "Oslo", "department": "IT", "job_title": "Head", "mobile_phone": "1",
                "other_mails": ["a@x.test"],
            ]
            try await fixture.give(ada, wanted)
            try await fixture.client.resetCounters()
            let first = try await fixture.sync()
            #expect(first.run.status == .warning && first.count(.update) == 1)
            #expect(Set(first.refused) == ["mobilePhone", "otherMails"], "\(first.actions)")
            let account = try await fixture.account(ada, "city,department,jobTitle,mobilePhone")
            #expect(account["city"] == "Oslo" && account["department"] == "IT" && account["jobTitle"] == "Head")
            #expect((account["mobilePhone"] ?? .null).isNull)
            // At most two requests per property.
            #expect(try await fixture.client.counters()["writes"]?.integer ?? 0 <= 10)
            for _ in 0..<2 {
                try await fixture.client.resetCounters()
                let again = try await fixture.sync()
                #expect(again.run.status == .warning && Set(again.refused) == ["mobilePhone", "otherMails"])
                #expect(try await fixture.client.counters()["writes"] == 0)
            }
            let next = try await fixture.explain(ObjectReference(ada.id)).next
            #expect(next.contains { $0.hasPrefix("mobilePhone is not sent again: ") }, "\(next)")

            // Another value is tried, and so is an object that a person wants to be synced.
            try await fixture.give(ada, wanted.merging(["mobile_phone": "2"]) { $1 })
            try await fixture.client.resetCounters()
            _ = try await fixture.sync()
            #expect(try await fixture.client.counters()["writes"] == 1)
            _ = try await fixture.client.control(
                "POST",
                "properties",
                ["id": .string(id), "directoryRoles": []]
            )
            #expect(try await fixture.sync().count(.update) == 0)
            let retried = try await fixture.retry(ada)
            #expect(retried.run.status == .succeeded, "\(retried.actions.map(\.outcome))")
            #expect(try await fixture.account(ada, "mobilePhone")["mobilePhone"] == "2")
            let left = try await fixture.store.read { [provider = fixture.provider] in
                try $0.refusals(of: provider, limit: 10).map { $0.refusal }
            }
            #expect(left.isEmpty)
            let last = try await fixture.sync()
            #expect(last.run.status == .succeeded && last.actions.isEmpty)
        }
    }

    @Test("a property that Graph names is left out of the next request", arguments: [true, false])
    func named(isNew: Bool) async throws {
        try await EngineFixture.with(userMapping: Self.mapping) { fixture in
            let ada = try await fixture.addUser("ada")
            if !isNew { _ = try await fixture.sync() }
            // Graph's page on updates does not name the fax number; nor does the one on users name languages without a country.
            let wrong: [String: JSONValue] = isNew ? [:] : ["fax_number": "5"]
            let given: [String: JSONValue] = ["city": "Oslo", "preferred_language": "de"]
            try await fixture.give(ada, given.merging(wrong) { $1 })
            let expected: Set<String> = isNew ? ["preferredLanguage"] : ["preferredLanguage", "faxNumber"]
            let first = try await fixture.sync()
            #expect(first.run.status == .warning)
            #expect(first.count(isNew ? .create : .update) == 1, "\(first.actions.map(\.outcome))")
            #expect(Set(first.refused) == expected)
            #expect(try await fixture.account(ada, "city")["city"] == "Oslo")
            try await fixture.client.resetCounters()
            let again = try await fixture.sync()
            #expect(again.run.status == .warning && Set(again.refused) == expected)
            #expect(try await fixture.client.counters()["writes"] == 0)
            // A refused value that is no longer desired is no longer outstanding.
            try await fixture.give(ada, ["city": "Oslo"])
            #expect(try await fixture.sync().run.status == .succeeded)
            let left = try await fixture.store.read { [provider = fixture.provider] in try $0.hasRefusals(of: provider)
            }
            #expect(!left)
        }
    }

    @Test("a missing permission stops one property only; it is tried again with another mapping or permission")
    func missingPermission() async throws {
        try await EngineFixture.with(userMapping: Self.mapping) { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            try await fixture.give(ada, ["city": "Oslo", "employee_leave_date_time": "2030-01-01"])
            let first = try await fixture.sync()
            #expect(first.refused == ["employeeLeaveDateTime"], "\(first.actions)")
            #expect(try await fixture.account(ada, "city")["city"] == "Oslo")
            try await fixture.client.resetCounters()
            #expect(try await fixture.sync().refused == ["employeeLeaveDateTime"])
            #expect(try await fixture.client.counters()["writes"] == 0)
            try await fixture.store.write { [provider = fixture.provider] transaction in
                guard var mapping = try transaction.mappings(of: provider, kind: .user).first else { return }
                mapping.expression += "\n# again"
                try transaction.saveMapping(mapping)
            }
            _ = try await fixture.sync()
            #expect(try await fixture.client.counters()["writes"] == 1)
        }
    }

    @Test("an account is not created without a required property, and the failure names the property")
    func required() async throws {
        try await EngineFixture.with(userMapping: Self.mapping) { fixture in
            let ada = try await fixture.addUser("ada")
            try await fixture.give(ada, ["password_profile": ["password": "Password-1"], "city": "Oslo"])
            _ = try await fixture.client.control("PATCH", "settings", ["banned_passwords": ["Password-1"]])
            let result = try await fixture.sync()
            #expect(result.count(.create, .failed) == 1 && result.count(.create) == 0)
            #expect(result.outcome(of: "ada")?.attribute == "passwordProfile")
        }
    }

    @Test("a refused member stops neither its group nor the other members, and is not sent again")
    func refusedMember() async throws {
        try await EngineFixture.with { fixture in
            let unified: JSONValue = [
                "displayName": "Office", "mailEnabled": true, "securityEnabled": false, "mailNickname": "office",
                "groupTypes": ["Unified"], "uniqueName": "office",
            ]
            _ = try await fixture.client.control("POST", "seed", ["groups": [unified]])
            let users = [try await fixture.addUser("ada"), try await fixture.addUser("bob")]
            // A Microsoft 365 group cannot be a member of a security group.
            let all = try await fixture.store.write { transaction in
                let all = try transaction.createGroup(GroupProfile(name: "All"))
                let office = try transaction.createGroup(GroupProfile(name: "Office"))
                _ = try transaction.addParent(all.id, to: office.id)
                try transaction.addMember(users[0].id, to: all.id)
                return all
            }
            let first = try await fixture.sync()
            #expect(first.run.status == .warning)
            #expect(try await fixture.client.memberNames()["All"] == ["ada@company.com"])
            for _ in 0..<2 {
                try await fixture.client.resetCounters()
                let again = try await fixture.sync()
                #expect(again.run.status == .warning && again.refused == ["members"], "\(again.actions)")
                #expect(try await fixture.client.counters()["writes"] == 0)
            }
            _ = try await fixture.store.write { try $0.addMember(users[1].id, to: all.id) }
            _ = try await fixture.sync()
            #expect(try await fixture.client.memberNames()["All"] == ["ada@company.com", "bob@company.com"])
            try await fixture.store.write { transaction in
                guard let office = try transaction.group(named: "Office") else { return }
                _ = try transaction.removeParent(all.id, from: office.id)
            }
            #expect(try await fixture.sync().run.status == .succeeded)
            let left = try await fixture.store.read { [provider = fixture.provider] in try $0.hasRefusals(of: provider)
            }
            #expect(!left)
        }
    }

    @Test("a group whose members need a permission of their own is tried once, as a whole")
    func roleAssignable() async throws {
        try await EngineFixture.with { fixture in
            let group: JSONValue = [
                "displayName": "Admins", "mailEnabled": false, "securityEnabled": true, "mailNickname": "admins",
                "isAssignableToRole": true, "uniqueName": "admins",
            ]
            _ = try await fixture.client.control("POST", "seed", ["groups": [group]])
            let ada = try await fixture.addUser("ada")
            try await fixture.store.write { transaction in
                let admins = try transaction.createGroup(GroupProfile(name: "Admins"))
                try transaction.addMember(ada.id, to: admins.id)
            }
            #expect(try await fixture.sync().run.status == .warning)
            for _ in 0..<2 {
                try await fixture.client.resetCounters()
                let again = try await fixture.sync()
                #expect(again.run.status == .warning && again.refused.contains("members"), "\(again.actions)")
                #expect(try await fixture.client.counters()["writes"] == 0)
            }
        }
    }

    @Test("unmapped members of a complex property that Graph replaces as a whole stay")
    func complexProperty() async throws {
        try await EngineFixture.with(userMapping: Self.mapping) { fixture in
            _ = try await fixture.seed("ada", ["employeeOrgData": ["costCenter": "100", "division": "Retail"]])
            let ada = try await fixture.addUser("ada")
            try await fixture.give(ada, ["employee_org_data": ["cost_center": "200"]])
            #expect(try await fixture.sync().run.status == .succeeded)
            let account = try await fixture.account(ada, "employeeOrgData")
            #expect(account["employeeOrgData"] == ["costCenter": "200", "division": "Retail"])
            #expect(try await fixture.sync().actions.isEmpty)
        }
    }
}

extension EngineFixture.Result {
    /// The attributes that Entra refuses, in the lines that say so.
    fileprivate var refused: [String] {
        actions.filter { $0.action.reason == .refused && $0.outcome.status == .failed }
            .compactMap(\.outcome.attribute)
    }
}

extension EngineFixture {
    /// Sets what the mapping takes from attributes.
    fileprivate func give(_ user: User, _ properties: [String: JSONValue]) async throws {
        try await change(user) { $0.attributes["graph"] = .object(properties) }
    }

    fileprivate func account(_ user: User, _ properties: String) async throws -> JSONValue {
        try await client.send("GET", "/users/\(try await link(of: user) ?? "")?$select=\(properties)").body
    }

    /// Syncs one object again, as a person requests it.
    fileprivate func retry(_ user: User) async throws -> Result {
        let changes = PlanSelection.changes(ChangedObjects([ObjectReference(user.id)]))
        return try await result(
            of: try await runs.run(RunInstruction(provider, trigger: .manual, mode: .apply, selection: changes))
        )
    }
}

import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("The engine, from the directory to a tenant")
struct EngineTests {
    @Test("users, groups and members are created, and a second run sends nothing")
    func arrival() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.store.write { transaction in
                let outer = try transaction.createGroup(GroupProfile(name: "Outer"))
                let inner = try transaction.createGroup(GroupProfile(name: "Inner"))
                try transaction.addParent(outer.id, to: inner.id)
                for number in 0..<47 {
                    let profile = UserProfile(
                        username: "u\(number)",
                        name: "U \(number)",
                        email: "u\(number)@company.com"
                    )
                    try transaction.addMember(try transaction.createUser(profile).id, to: inner.id)
                }
            }
            let first = try await fixture.sync()
            #expect(first.run.status == .succeeded)
            #expect(first.count(.create) == 49)
            // 27 members beyond the 20 in the create are two requests.
            #expect(first.count(.addMembers) == 2)
            #expect(try await fixture.client.state() == ["users": 47, "groups": 2, "memberships": 48, "deleted": 0])
            let members = try await fixture.client.memberNames()
            #expect(members["Outer"] == ["Inner"])
            #expect(members["Inner"]?.count == 47)
            try await fixture.client.resetCounters()
            let second = try await fixture.sync()
            #expect(second.actions.isEmpty)
            #expect(try await fixture.client.counters()["writes"] == 0)
        }
    }

    @Test("a plan changes nothing, in the tenant or in the links")
    func planOnly() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.addUser("ada")
            _ = try await fixture.seed("ada", ["displayName": "Old name"])
            let before = try await fixture.client.state()
            let plan = try await fixture.sync(.planOnly)
            #expect(plan.run.status == .planned)
            #expect(plan.actions.map(\.action.verb) == [.link, .update])
            #expect(try await fixture.client.state() == before)
            let links = try await fixture.store.read { [provider = fixture.provider] in
                try $0.linkCount(provider: provider, kind: .user)
            }
            #expect(links == 0)
        }
    }

    @Test("existing accounts are linked by immutable id, name or address, and updated")
    func matching() async throws {
        try await EngineFixture.with { fixture in
            let byID = try await fixture.addUser("byid")
            try await fixture.addUser("byname")
            try await fixture.addUser("bymail")
            let ids = [
                try await fixture.seed("other", ["onPremisesImmutableId": .string(byID.uid)]),
                try await fixture.seed("byname", ["displayName": "Old name"]),
                try await fixture.seed("someone", ["mail": "ByMail@company.com"]),
            ]
            let result = try await fixture.sync()
            #expect(result.count(.link) == 3 && result.count(.create) == 0)
            let reasons = result.actions.filter { $0.action.verb == .link }.map(\.action.reason)
            #expect(Set(reasons) == [.matchedByImmutableID, .matchedByUserPrincipalName, .matchedByMail])
            // All of them had other names, whose loss a person approves.
            #expect(result.run.status == .awaitingApproval && result.count(.update, .held) == 3)
            try await Approvals(store: fixture.store).approve(result.run.id, by: .person("ada"))
            _ = try await fixture.sync(trigger: .approval)
            for (id, name) in zip(ids, ["byid", "byname", "bymail"]) {
                let user = try await fixture.client.send("GET", "/users/\(id)")
                #expect(user.body["displayName"]?.string == "Person \(name)")
                #expect(user.body["userPrincipalName"]?.string == "\(name)@company.com")
            }
            #expect(try await fixture.sync().actions.isEmpty)
        }
    }

    @Test("two accounts that match are a conflict, and none of them is chosen")
    func ambiguity() async throws {
        let mapping = "return {'display_name': user.name, 'other_mails': [user.email]}"
        try await EngineFixture.with(userMapping: mapping) { fixture in
            try await fixture.addUser("ada")
            for name in ["one", "two"] {
                let identity: JSONValue = [
                    "signInType": "federated", "issuer": .string(name == "one" ? "mail" : "google.com"),
                    "issuerAssignedId": "ada@company.com",
                ]
                _ = try await fixture.seed(name, ["identities": [identity]])
            }
            _ = try await fixture.seed("three", ["mail": "ada@company.com"])
            let result = try await fixture.sync()
            // By address only the account with that mail is found.
            #expect(result.count(.link) == 1)
            let other = try await fixture.addUser("bob")
            try await fixture.store.write { transaction in
                var profile = other.profile
                profile.email = "ada@company.com"
                try transaction.updateUser(other.id, to: profile)
            }
            let second = try await fixture.sync()
            #expect(second.count(.create) == 0)
        }
    }

    @Test("an object that fails stops no other, and its failure names the attribute and a remedy")
    func failures() async throws {
        let mapping = """
            properties = {
                "display_name": user.name, "account_enabled": True, "mail_nickname": user.username,
                "user_principal_name": user.email, "password_profile": {"password": "Long-Enough-1"},
                "on_premises_immutable_id": user.uid,
            }
            if user.username == "skipped":
                raise SkipObject
            if user.username == "broken":
                properties["display_name"] = user.attributes["missing"]
            if user.username == "typo":
                properties["displayname"] = "x"
            if user.username == "refused":
                properties["usage_location"] = "Norway"
            if connection:
                del properties["password_profile"]
            return properties
            """
        try await EngineFixture.with(userMapping: mapping) { fixture in
            for name in ["ada", "skipped", "broken", "typo", "refused", "bob"] { try await fixture.addUser(name) }
            try await fixture.addUser("foreign", domain: "elsewhere.test")
            let result = try await fixture.sync()
            #expect(result.run.status == .warning)
            #expect(result.count(.create) == 2)
            #expect(result.outcome(of: "skipped")?.status == .skipped)
            #expect(result.outcome(of: "broken")?.message.contains("line 9, column 34: KeyError: 'missing'") == true)
            #expect(result.outcome(of: "typo")?.remedy == "Did you mean 'display_name'?")
            #expect(result.outcome(of: "foreign")?.attribute == "userPrincipalName")
            #expect(result.outcome(of: "foreign")?.message.contains("not a verified domain") == true)
            #expect(result.outcome(of: "refused")?.attribute == "usageLocation")
            #expect(try await fixture.client.state()["users"] == 2)
        }
    }

    @Test("only changes are sent, deactivation by itself, and removed members are removed")
    func changes() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            let bob = try await fixture.addUser("bob")
            let group = try await fixture.store.write { transaction in
                let group = try transaction.createGroup(GroupProfile(name: "G"))
                for user in [ada, bob] { try transaction.addMember(user.id, to: group.id) }
                return group
            }
            _ = try await fixture.sync()
            try await fixture.store.write { transaction in
                var profile = ada.profile
                profile.name = "Ada L."
                profile.isActive = false
                try transaction.updateUser(ada.id, to: profile)
                try transaction.removeMember(bob.id, from: group.id)
            }
            try await fixture.client.resetCounters()
            let result = try await fixture.sync()
            #expect(result.actions.map(\.action.verb) == [.update, .suspend, .removeMember])
            #expect(
                result.actions[0].action.changes == [
                    AttributeChange(attribute: "displayName", old: "Person ada", new: "Ada L.")
                ]
            )
            #expect(try await fixture.client.counters()["writes"] == 3)
            let user = try await fixture.client.send("GET", "/users/ada@company.com?$select=displayName,accountEnabled")
            #expect(user.body["accountEnabled"] == false && user.body["displayName"] == "Ada L.")
            #expect(try await fixture.client.memberNames()["G"] == ["ada@company.com"])
        }
    }

    @Test("a user who is deleted in Causeway is deleted in Entra; one who disappeared in Entra is created again")
    func deletions() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            try await fixture.addUser("bob")
            _ = try await fixture.sync()
            try await fixture.store.write { try $0.deleteUser(ada.id) }
            fixture.later()
            let bob = try await fixture.client.send("GET", "/users/bob@company.com").body["id"]?.string ?? ""
            _ = try await fixture.client.send("DELETE", "/users/\(bob)")
            _ = try await fixture.client.send("DELETE", "/directory/deletedItems/\(bob)")
            let result = try await fixture.sync()
            #expect(result.count(.delete) == 1)
            #expect(result.actions.first { $0.action.verb == .create }?.action.reason == .vanishedFromEntra)
            #expect(try await fixture.client.send("GET", "/users/ada@company.com").status == 404)
            #expect(try await fixture.client.send("GET", "/users/bob@company.com").status == 200)
            #expect(try await fixture.sync().actions.isEmpty)
        }
    }

    @Test("a user who leaves the scope and is left alone stays in their groups")
    func leftAlone() async throws {
        try await EngineFixture.with(settings: { $0.userDeleteAction = .doNothing }) { fixture in
            let ada = try await fixture.addUser("ada")
            let (pilot, team) = try await fixture.store.write { transaction in
                let pilot = try transaction.createGroup(GroupProfile(name: "Pilot"))
                let team = try transaction.createGroup(GroupProfile(name: "Team"))
                for group in [pilot, team] { try transaction.addMember(ada.id, to: group.id) }
                return (pilot, team)
            }
            try await fixture.set { $0.filterGroup = pilot.id }
            _ = try await fixture.sync()
            try await fixture.store.write { _ = try $0.removeMember(ada.id, from: pilot.id) }
            #expect(Set(try await fixture.sync().actions.map(\.action.verb)) == [.unlink, .removeMember])
            #expect(try await fixture.sync().actions.isEmpty)
            #expect(try await fixture.client.memberNames() == ["Pilot": [], "Team": ["ada@company.com"]])
            try await fixture.store.write { _ = try $0.removeMember(ada.id, from: team.id) }
            #expect(try await fixture.sync().actions.map(\.action.verb) == [.removeMember])
        }
    }

    @Test("a run with too many destructive changes waits with them for approval, and applies the rest")
    func guarded() async throws {
        try await EngineFixture.with(settings: { $0.guardMaxCount = 2 }) { fixture in
            var users: [User] = []
            for name in ["a1", "a2", "a3", "a4"] { users.append(try await fixture.addUser(name)) }
            _ = try await fixture.sync()
            let gone = users.dropLast()
            try await fixture.store.write { transaction in for user in gone { try transaction.deleteUser(user.id) } }
            try await fixture.addUser("new")
            let held = try await fixture.sync()
            #expect(held.run.status == .awaitingApproval)
            #expect(held.run.message.contains("3 of"))
            #expect(held.count(.create) == 1)
            #expect(held.count(.delete, .held) == 3)
            #expect(try await fixture.client.state()["users"] == 5)
            try await Approvals(store: fixture.store).approve(held.run.id, by: .person("ada"))
            let approved = try await fixture.sync(trigger: .approval)
            #expect(approved.count(.delete) == 3)
            #expect(try await fixture.client.state()["users"] == 2)
        }
    }

    @Test("attributes that a listing cannot show are not written again and again")
    func extensionAttributes() async throws {
        let name = "extension_0123456789abcdef0123456789abcdef_badge"
        let mapping = DefaultMappings.user.expression.replacing(
            "return properties",
            with: """
                properties["\(name)"] = user.attributes.get("badge", "7")
                return properties
                """
        )
        try await EngineFixture.with(userMapping: mapping) { fixture in
            let ada = try await fixture.addUser("ada")
            #expect(try await fixture.sync().count(.create) == 1)
            #expect(try await fixture.sync().actions.isEmpty)
            try await fixture.store.write { transaction in
                var profile = ada.profile
                profile.attributes["badge"] = "8"
                try transaction.updateUser(ada.id, to: profile)
            }
            let changed = try await fixture.sync()
            #expect(changed.actions.first?.action.changes == [AttributeChange(attribute: name, old: "7", new: "8")])
            #expect(try await fixture.sync().actions.isEmpty)
        }
    }

    @Test("a deleted filter group stops the provider, and does not widen the scope")
    func vanishedFilter() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.addUser("ada")
            try await fixture.store.write { [provider = fixture.provider] transaction in
                let group = try transaction.createGroup(GroupProfile(name: "Pilot"))
                guard var settings = try transaction.provider(provider)?.settings else { return }
                settings.filterGroup = group.id
                try transaction.updateProvider(provider, to: settings)
                try transaction.deleteGroup(group.id)
            }
            let error = await #expect(throws: ProvisioningError.self) { try await fixture.sync() }
            #expect(error?.description.contains("'Pilot'") == true)
            #expect(try await fixture.client.state()["users"] == 0)
        }
    }

    @Test("members that someone else removed or added are reverted")
    func memberDrift() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.store.write { transaction in
                let group = try transaction.createGroup(GroupProfile(name: "G"))
                for number in 0..<30 {
                    let profile = UserProfile(
                        username: "m\(number)",
                        name: "M \(number)",
                        email: "m\(number)@company.com"
                    )
                    try transaction.addMember(try transaction.createUser(profile).id, to: group.id)
                }
            }
            _ = try await fixture.sync()
            let stranger = try await fixture.seed("stranger")
            let group = try await fixture.client.all("/groups").first?["id"]?.string ?? ""
            let gone = try await fixture.client.send("GET", "/users/m3@company.com").body["id"]?.string ?? ""
            _ = try await fixture.client.send("DELETE", "/groups/\(group)/members/\(gone)/$ref")
            let link: JSONValue = [
                "@odata.id": .string("https://graph.microsoft.com/v1.0/directoryObjects/\(stranger)")
            ]
            _ = try await fixture.client.send("POST", "/groups/\(group)/members/$ref", link)
            fixture.later()
            let result = try await fixture.sync()
            #expect(result.count(.addMembers) == 1 && result.count(.removeMember) == 1)
            #expect(try await fixture.client.memberNames()["G"]?.count == 30)
        }
    }

    @Test("a provider has only one run at a time")
    func oneAtATime() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.addUser("ada")
            try await fixture.store.write { [provider = fixture.provider] transaction in
                let run = Run(provider: provider, trigger: .manual, startedAt: transaction.now)
                let lease = RunLease(owner: "another machine", duration: .seconds(600))
                _ = try transaction.beginRun(run, lease: lease, isGone: { _ in false })
            }
            let error = await #expect(throws: ProviderBusyError.self) { try await fixture.sync() }
            #expect(error?.description.contains("in progress") == true)
        }
    }

    @Test("a stopped run ends as interrupted, and the next one creates no duplicate", .timeLimit(.minutes(15)))
    func stopped() async throws {
        try await EngineFixture.with { fixture in
            for number in 0..<60 { try await fixture.addUser("u\(number)") }
            let client = fixture.client
            try await client.resetCounters()
            try await client.hold(afterWrites: 20)
            let running = Task { try await fixture.sync() }
            while try await client.counters()["writes"]?.integer ?? 0 < 20 { await Task.yield() }
            running.cancel()
            await #expect(throws: CancellationError.self) { try await running.value }
            let stopped = try await fixture.store.read { [provider = fixture.provider] in
                try $0.runs(of: provider, limit: 1).first
            }
            #expect(stopped?.status == .interrupted)
            #expect(stopped?.message == "Stopped before it finished.")
            try await client.hold(afterWrites: nil)
            #expect(try await fixture.sync().run.status == .succeeded)
            #expect(try await client.state()["users"]?.integer == 60)
        }
    }
}

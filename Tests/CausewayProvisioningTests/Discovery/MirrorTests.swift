import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("The mirror of a tenant whose reads and delta queries lag behind")
struct MirrorTests {
    @Test("values that were just written are not written again, and a delta query without changes is one request")
    func lagging() async throws {
        try await EngineFixture.with(lags: true) { fixture in
            try await fixture.fill(users: 30, groups: 3)
            #expect(try await fixture.sync().count(.create) == 33)
            for _ in 0..<3 { #expect(try await fixture.sync().actions.isEmpty) }
            fixture.later()
            #expect(try await fixture.sync().actions.isEmpty)
            try await fixture.client.resetCounters()
            #expect(try await fixture.sync().actions.isEmpty)
            let counters = try await fixture.client.counters()
            #expect(counters["writes"] == 0)
            // The organization, and one round of each delta query.
            #expect(counters["requests"] == 3)
        }
    }

    @Test("an external change right after a write is seen once the delta query has caught up")
    func contradicted() async throws {
        try await EngineFixture.with(lags: true) { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            fixture.later()
            try await fixture.change(ada) { $0.name = "Ada L." }
            #expect(try await fixture.sync().count(.update) == 1)
            fixture.later(5)
            _ = try await fixture.client.send("PATCH", "/users/ada@company.com", ["displayName": "Changed by hand"])
            fixture.later(30)
            #expect(try await fixture.sync().actions.isEmpty)
            fixture.later()
            let result = try await fixture.sync()
            #expect(
                result.actions.map(\.action.changes) == [
                    [AttributeChange(attribute: "displayName", old: "Changed by hand", new: "Ada L.")]
                ]
            )
            fixture.later()
            #expect(try await fixture.sync().actions.isEmpty)
        }
    }

    @Test("a delta query that Entra no longer knows starts again, and no user is created twice")
    func expiry() async throws {
        try await EngineFixture.with(lags: true) { fixture in
            try await fixture.fill(users: 12, groups: 2)
            _ = try await fixture.sync()
            fixture.later(8 * 24 * 3600)
            let client = try await TenantClient(fixture.tenant.endpoints)
            let group = try await client.all("/groups?$filter=displayName%20eq%20'Group%200'").first
            let id = group?["id"]?.string ?? ""
            let members = try await client.all("/groups/\(id)/members?$select=id").compactMap { $0["id"]?.string }
            let first = try #require(members.first)
            _ = try await client.send("DELETE", "/groups/\(id)/members/\(first)/$ref")
            _ = try await client.send("PATCH", "/users/u3@company.com", ["displayName": "By hand"])
            fixture.later(60)
            let result = try await fixture.sync()
            #expect(Set(result.actions.map(\.action.verb)) == [.update, .addMembers])
            #expect(result.actions.count == 2)
            fixture.later()
            #expect(try await fixture.sync().actions.isEmpty)
            // When a person wants everything to be read again.
            try await fixture.store.write { [provider = fixture.provider] in try $0.resetMirror(provider: provider) }
            #expect(try await fixture.sync().actions.isEmpty)
        }
    }

    @Test("a user who leaves and returns is restored from the recycle bin, under the current name")
    func comingBack() async throws {
        try await EngineFixture.with(lags: true) { fixture in
            let pilot = try await fixture.store.write { try $0.createGroup(GroupProfile(name: "Pilot")) }
            try await fixture.set { $0.filterGroup = pilot.id }
            let ada = try await fixture.addUser("ada")
            try await fixture.store.write { _ = try $0.addMember(ada.id, to: pilot.id) }
            _ = try await fixture.sync()
            let id = try await fixture.link(of: ada)
            try await fixture.store.write { _ = try $0.removeMember(ada.id, from: pilot.id) }
            #expect(try await fixture.sync().count(.delete) == 1)
            #expect(try await fixture.link(of: ada) == nil)
            fixture.later(60)
            // In the meantime someone else has taken the name.
            _ = try await fixture.seed("ada")
            try await fixture.store.write { _ = try $0.addMember(ada.id, to: pilot.id) }
            try await fixture.change(ada) { $0.email = "ada.l@company.com" }
            fixture.later(60)
            let result = try await fixture.sync()
            #expect(result.count(.restore) == 1 && result.count(.create) == 0)
            #expect(try await fixture.link(of: ada) == id)
            fixture.later(60)
            let account = try await fixture.client.send("GET", "/users/\(id ?? "")?$select=userPrincipalName")
            #expect(account.body["userPrincipalName"]?.string == "ada.l@company.com")
            _ = try await fixture.sync()
            fixture.later()
            #expect(try await fixture.sync().actions.isEmpty)
            #expect(try await fixture.client.memberNames()["Pilot"] == ["ada.l@company.com"])
        }
    }

    @Test("an account that was deleted in Entra is restored, and a purged one is created again")
    func deletedByOthers() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            let bob = try await fixture.addUser("bob")
            _ = try await fixture.sync()
            let ids = (try await fixture.link(of: ada), try await fixture.link(of: bob))
            fixture.later()
            for id in [ids.0, ids.1] { _ = try await fixture.client.send("DELETE", "/users/\(id ?? "")") }
            _ = try await fixture.client.send("DELETE", "/directory/deletedItems/\(ids.1 ?? "")")
            let result = try await fixture.sync()
            #expect(result.count(.restore) == 1 && result.count(.create) == 1)
            #expect(try await fixture.link(of: ada) == ids.0)
            #expect(try await fixture.link(of: bob) != ids.1)
            #expect(try await fixture.client.state() == ["users": 2, "groups": 0, "memberships": 0, "deleted": 0])
            fixture.later()
            #expect(try await fixture.sync().actions.isEmpty)
        }
    }

    @Test("an account that is already linked is a conflict with both names, not a second link")
    func linkedAlready() async throws {
        let mapping =
            "return {'display_name': user.name, 'mail_nickname': user.username, 'account_enabled': True, "
            + "'user_principal_name': 'shared@company.com', 'password_profile': {'password': 'Long-Enough-1'}}"
        try await EngineFixture.with(userMapping: mapping) { fixture in
            try await fixture.addUser("ada")
            _ = try await fixture.sync()
            try await fixture.addUser("bob")
            let outcome = try await fixture.sync().outcome(of: "bob")
            #expect(outcome?.status == .failed)
            #expect(outcome?.message.contains("'shared@company.com' is taken by ada (user ") == true)
        }
    }

    @Test("a user whom Causeway suspended when they left is reactivated when they return, whatever the mapping returns")
    func suspendedAndBack() async throws {
        let mapping =
            "return {'display_name': user.name, 'mail_nickname': user.username, "
            + "**({} if connection else {'account_enabled': True, 'password_profile': {'password': 'Long-Enough-1'}}), "
            + "'user_principal_name': user.email}"
        try await EngineFixture.with(userMapping: mapping, settings: { $0.scopeExitAction = .suspend }) { fixture in
            try await fixture.set { $0.excludeServiceAccounts = true }
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            try await fixture.change(ada) { $0.type = .serviceAccount }
            #expect(try await fixture.sync().count(.suspend) == 1)
            #expect(try await fixture.sync().actions.isEmpty)
            try await fixture.change(ada) { $0.type = .internal }
            #expect(try await fixture.sync().count(.reactivate) == 1)
            #expect(try await fixture.sync().actions.isEmpty)
        }
    }

    @Test("members of a large group are compared in pages, and only differences are written")
    func largeGroup() async throws {
        try await EngineFixture.with { fixture in
            let group = try await fixture.store.write { transaction in
                let group = try transaction.createGroup(GroupProfile(name: "Everyone"))
                for number in 0..<2400 {
                    let profile = UserProfile(
                        username: "u\(number)",
                        name: "U",
                        email: "u\(number)@company.com"
                    )
                    try transaction.addMember(try transaction.createUser(profile).id, to: group.id)
                }
                return group
            }
            let first = try await fixture.sync()
            #expect(first.count(.addMembers) == 2380 / 20)
            try await fixture.store.write { transaction in
                for user in try transaction.members(of: group.id).prefix(2100) {
                    try transaction.removeMember(user, from: group.id)
                }
            }
            try await fixture.set { ($0.guardMaxCount, $0.guardMaxPercent) = (5000, 100) }
            #expect(try await fixture.sync().count(.removeMember) == 2100)
            #expect(try await fixture.client.state()["memberships"] == 300)
            #expect(try await fixture.sync().actions.isEmpty)
        }
    }
}

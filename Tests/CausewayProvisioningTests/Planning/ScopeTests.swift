import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Scope, and what happens to objects that leave it")
struct ScopeTests {
    @Test("a provider without an application syncs and removes nothing until it is assigned again")
    func unassigned() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            var application = try #require(try await fixture.store.read { try $0.applications() }.first)
            try await fixture.store.write { [application] in try $0.deleteApplication(application.id) }
            try await fixture.store.write { try $0.deleteUser(ada.id) }
            let error = await #expect(throws: ProvisioningError.self) { try await fixture.sync() }
            #expect(error?.description.contains("not assigned to an application") == true)
            #expect(try await fixture.client.state()["users"] == 1)
            application.backchannelProviders = [fixture.provider]
            try await fixture.store.write { [application] in try $0.saveApplication(application) }
            // Everything that happened in the meantime is synced.
            #expect(try await fixture.sync().count(.delete) == 1)
        }
    }

    @Test("only selected groups are synced, and deleting the last of them does not widen the scope")
    func selection() async throws {
        try await EngineFixture.with(settings: { $0.groupDeleteAction = .delete }) { fixture in
            let groups = try await fixture.store.write { transaction in
                try ["A", "B", "C"].map { try transaction.createGroup(GroupProfile(name: $0)) }
            }
            try await fixture.set { $0.groups = [groups[0].id, groups[1].id] }
            #expect(try await fixture.sync().count(.create) == 2)
            try await fixture.set { $0.groups = [groups[1].id] }
            let left = try await fixture.sync()
            #expect(left.actions.map(\.action.verb) == [.delete] && left.actions[0].action.name == "A")
            try await fixture.store.write { try $0.deleteGroup(groups[1].id) }
            #expect(try await fixture.sync().actions.map(\.action.name) == ["B"])
            #expect(try await fixture.client.state()["groups"] == 0)
        }
    }

    @Test("a user who becomes a service account leaves the scope, and enters it when that ends")
    func serviceAccount() async throws {
        try await EngineFixture.with(settings: { $0.excludeServiceAccounts = true }) { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            try await fixture.change(ada) { $0.type = .internalServiceAccount }
            let left = try await fixture.direct.catchUp(fixture.provider)
            #expect(try await fixture.result(of: left[0]).actions.map(\.action.verb) == [.delete])
            try await fixture.change(ada) { $0.type = .external }
            let back = try await fixture.direct.catchUp(fixture.provider)
            #expect(try await fixture.result(of: back[0]).actions.map(\.action.verb) == [.restore])
            #expect(try await fixture.client.state()["users"] == 1)
        }
    }

    @Test("direct sync sends deactivation and reactivation, each in a request of its own")
    func deactivation() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            for (isActive, verb) in [(false, ActionVerb.suspend), (true, .reactivate)] {
                try await fixture.change(ada) { $0.isActive = isActive }
                let runs = try await fixture.direct.catchUp(fixture.provider)
                #expect(try await fixture.result(of: runs[0]).actions.map(\.action.verb) == [verb])
                let account = try await fixture.client.send("GET", "/users/ada@company.com?$select=accountEnabled")
                #expect(account.body["accountEnabled"] == .bool(isActive))
            }
        }
    }

    @Test("a deleted user is deleted, suspended or left alone in Entra", arguments: DeleteAction.allCases)
    func userDeletion(_ action: DeleteAction) async throws {
        try await EngineFixture.with(settings: { $0.userDeleteAction = action }) { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            let id = try await fixture.link(of: ada) ?? ""
            try await fixture.store.write { try $0.deleteUser(ada.id) }
            _ = try await fixture.sync()
            let account = try await fixture.client.send("GET", "/users/\(id)?$select=accountEnabled")
            #expect(account.status == (action == .delete ? 404 : 200))
            #expect(account.body["accountEnabled"] == (action == .delete ? nil : .bool(action == .doNothing)))
            let links = try await fixture.store.read { [provider = fixture.provider] in
                try $0.linkCount(provider: provider, kind: .user)
            }
            #expect(links == (action == .suspend ? 1 : 0))
            #expect(try await fixture.sync().actions.isEmpty)
        }
    }

    @Test(
        "a deleted group is deleted or left alone in Entra; suspend acts like do nothing",
        arguments: DeleteAction.allCases
    )
    func groupDeletion(_ action: DeleteAction) async throws {
        try await EngineFixture.with(settings: { $0.groupDeleteAction = action }) { fixture in
            try await fixture.fill(users: 2, groups: 1)
            _ = try await fixture.sync()
            let group = try #require(try await fixture.store.read { try $0.group(named: "Group 0") })
            try await fixture.store.write { try $0.deleteGroup(group.id) }
            let result = try await fixture.sync()
            #expect(result.actions.map(\.action.verb) == [action == .delete ? .delete : .unlink])
            #expect(try await fixture.client.state()["groups"] == (action == .delete ? 0 : 1))
            #expect(try await fixture.client.state()["memberships"] == (action == .delete ? 0 : 2))
            #expect(try await fixture.sync().actions.isEmpty)
        }
    }

    @Test(
        "an account that leaves the scope is deleted, suspended or kept, as the settings say",
        arguments: ScopeExitAction.allCases
    )
    func leaving(_ action: ScopeExitAction) async throws {
        try await EngineFixture.with(settings: { $0.scopeExitAction = action }) { fixture in
            let pilot = try await fixture.store.write { try $0.createGroup(GroupProfile(name: "Pilot")) }
            try await fixture.set { $0.filterGroup = pilot.id }
            let ada = try await fixture.addUser("ada")
            try await fixture.store.write { _ = try $0.addMember(ada.id, to: pilot.id) }
            _ = try await fixture.sync()
            let id = try await fixture.link(of: ada) ?? ""
            try await fixture.store.write { _ = try $0.removeMember(ada.id, from: pilot.id) }
            let verbs = try await fixture.sync().actions.map(\.action.verb)
            let expected: [ActionVerb] =
                switch action {
                case .followDeleteAction: [.removeMember, .delete]
                case .suspend: [.removeMember, .suspend]
                case .keep: [.removeMember]
                }
            #expect(Set(verbs) == Set(expected))
            let account = try await fixture.client.send("GET", "/users/\(id)?$select=accountEnabled")
            #expect(account.status == (action == .followDeleteAction ? 404 : 200))
            #expect(account.body["accountEnabled"] == (action == .keep ? true : action == .suspend ? false : nil))
            try await fixture.store.write { _ = try $0.addMember(ada.id, to: pilot.id) }
            _ = try await fixture.sync()
            #expect(try await fixture.link(of: ada) == id)
            let back = try await fixture.client.send("GET", "/users/\(id)?$select=accountEnabled")
            #expect(back.body["accountEnabled"] == true)
        }
    }

    @Test("an object whose deletion failed keeps its link, and a later run deletes it")
    func failedDeletion() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            try await fixture.store.write { try $0.deleteUser(ada.id) }
            let fault: JSONValue = [["kind": "quota_exceeded", "operation": "DELETE /users/{id}"]]
            #expect(try await fixture.client.control("PUT", "faults", fault).status == 200)
            let failed = try await fixture.sync()
            #expect(failed.run.status == .warning && failed.outcome(of: "ada")?.status == .failed)
            #expect(failed.outcome(of: "ada")?.message.contains("Directory_QuotaExceeded") == true)
            #expect(try await fixture.client.control("PUT", "faults", []).status == 200)
            #expect(try await fixture.sync().count(.delete) == 1)
            #expect(try await fixture.client.state()["users"] == 0)
        }
    }

    @Test("users who only administer Causeway are not in scope, but others without an address are")
    func administrators() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.store.write { transaction in
                func make(_ name: String, email: String = "", attributes: [String: JSONValue] = [:]) throws -> UserID {
                    try transaction.createUser(
                        UserProfile(username: name, name: name, email: email, attributes: attributes)
                    ).id
                }
                let admins = try transaction.createGroup(GroupProfile(name: "admins", isSuperuser: true))
                let people = try transaction.createGroup(GroupProfile(name: "people"))
                try transaction.setRoles([.administrator], of: try make("root"))
                try transaction.addMember(try make("super"), to: admins.id)
                let colleague = try make("colleague")
                try transaction.setRoles([.administrator], of: colleague)
                try transaction.addMember(colleague, to: people.id)
                try transaction.setRoles([.administrator], of: try make("known", attributes: ["employee": "1"]))
                try transaction.setRoles([.operator], of: try make("operator"))
                _ = try make("carl")
                try transaction.setRoles([.administrator], of: try make("ada", email: "ada@company.com"))
            }
            let result = try await fixture.sync()
            let users = result.actions.filter { $0.action.kind == .user }
            let failed = users.filter { $0.outcome.status == .failed }.map(\.action.name)
            #expect(Set(failed) == ["colleague", "known", "carl"])
            #expect(result.count(.create) == 3 && result.outcome(of: "ada")?.status == .applied)
            #expect(!users.contains { ["root", "super", "operator"].contains($0.action.name) })
            let provider = try await fixture.current()
            let root = try await fixture.user("root")
            let (leftOut, scope) = try await fixture.store.read { transaction in
                (
                    try transaction.leftOutAdministrators(of: provider),
                    try transaction.leavesOutAsAdministrator(root.id, provider: provider.id)
                )
            }
            #expect(leftOut == 3 && scope)
            // Users with an account keep it.
            let ada = try await fixture.user("ada")
            try await fixture.change(ada) { $0.email = "" }
            let later = try await fixture.sync()
            #expect(later.count(.delete) == 0)
            #expect(try await fixture.link(of: ada) != nil)
        }
    }

    @Test("providers for one directory are independent of each other")
    func independence() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.addUser("ada")
            let pilot = try await fixture.store.write { try $0.createGroup(GroupProfile(name: "Pilot")) }
            try await TenantInProcess.with { second in
                let other = try await fixture.addProvider("Second", second) { $0.filterGroup = pilot.id }
                async let first = fixture.sync()
                let run = try await fixture.runs.run(RunInstruction(other, trigger: .manual, mode: .apply))
                #expect(run.status == .succeeded && run.examinedUsers == 0)
                #expect(try await first.count(.create) == 2)
                #expect(try await second.client.state()["users"] == 0)
                #expect(try await fixture.client.state()["users"] == 1)
            }
        }
    }
}

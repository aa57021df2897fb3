import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

/// A change concerns more than the object that the journal names.
@Suite("What a change in the directory concerns")
struct ChangeReaderTests {
    private static let titles = """
        return {
            "display_name": user.name, "mail_nickname": user.username, "user_principal_name": user.email,
            "account_enabled": True, "password_profile": {"password": request.user.password},
            "job_title": ", ".join(group.attributes.get("label", group.name) for group in user.all_groups()) or "none",
        }
        """
    private static let parents = """
        return {
            "display_name": group.name, "mail_nickname": slugify(group.name), "mail_enabled": False,
            "security_enabled": True, "description": ", ".join(sorted(parent.name for parent in group.parents.all())) or "none",
        }
        """

    @Test("where mappings look at groups, a group concerns the users in it and below it, and no others")
    func groups() async throws {
        try await EngineFixture.with(userMapping: Self.titles) { fixture in
            let (outer, inner) = try await Self.fill(fixture)
            _ = try await fixture.sync()
            func title() async throws -> String? {
                let ada = try await fixture.client.send("GET", "/users/ada@company.com?$select=jobTitle")
                return ada.body["jobTitle"]?.string
            }
            #expect(try await title() == "Inner, Outer")
            try await Self.change(fixture, outer.id) { $0.attributes = ["label": "Company"] }
            #expect(try await Self.updated(fixture) == ["ada"])
            #expect(try await title() == "Inner, Company")
            try await fixture.store.write { _ = try $0.removeParent(outer.id, from: inner.id) }
            #expect(try await Self.updated(fixture) == ["ada"])
            #expect(try await title() == "Inner")
            try await fixture.store.write { _ = try $0.addParent(outer.id, to: inner.id) }
            #expect(try await Self.updated(fixture) == ["ada"])
            // Who was in a deleted group is no longer known.
            try await fixture.store.write { try $0.deleteGroup(outer.id) }
            let runs = try await fixture.direct.catchUp(fixture.provider)
            #expect(runs.map(\.isFull) == [true])
            #expect(try await title() == "Inner")
        }
    }

    @Test("the groups in a group see its name, that it is deleted, and that they joined or left it")
    func outerGroup() async throws {
        try await EngineFixture.with(groupMapping: Self.parents) { fixture in
            let (outer, inner) = try await Self.fill(fixture)
            _ = try await fixture.sync()
            try await Self.change(fixture, outer.id) { $0.name = "Company" }
            #expect(try await Self.updated(fixture) == ["Company", "Inner"])
            try await fixture.store.write { _ = try $0.removeParent(outer.id, from: inner.id) }
            #expect(try await Self.updated(fixture) == ["Inner"])
            try await fixture.store.write { _ = try $0.addParent(outer.id, to: inner.id) }
            #expect(try await Self.updated(fixture) == ["Inner"])
            try await fixture.store.write { try $0.deleteGroup(outer.id) }
            #expect(try await Self.updated(fixture) == ["Inner"])
            #expect(try await fixture.sync(.planOnly).actions.isEmpty)
        }
    }

    @Test("a user who no longer only administers Causeway comes into scope")
    func administrators() async throws {
        try await EngineFixture.with { fixture in
            let (users, superusers) = try await fixture.store.write { transaction in
                let users = try ["a", "b", "c"].map {
                    try transaction.createUser(UserProfile(username: $0, name: $0, email: ""))
                }
                let superusers = try transaction.createGroup(GroupProfile(name: "Superusers", isSuperuser: true))
                try transaction.setRoles([.administrator], of: users[0].id)
                for user in users.dropFirst() { try transaction.addMember(user.id, to: superusers.id) }
                return (users, superusers)
            }
            #expect(try await fixture.sync().run.examinedUsers == 0)
            try await fixture.store.write { try $0.setRoles([], of: users[0].id) }
            #expect(try await Self.examined(fixture) == ["a"])
            try await fixture.store.write { _ = try $0.removeMember(users[1].id, from: superusers.id) }
            #expect(try await Self.examined(fixture) == ["b"])
            try await fixture.store.write { try $0.deleteGroup(superusers.id) }
            #expect(try await Self.examined(fixture) == ["c"])
        }
    }

    /// Ada in Inner, which is in Outer; bob in neither.
    private static func fill(_ fixture: EngineFixture) async throws -> (outer: Group, inner: Group) {
        let ada = try await fixture.addUser("ada")
        _ = try await fixture.addUser("bob")
        return try await fixture.store.write { transaction in
            let outer = try transaction.createGroup(GroupProfile(name: "Outer"))
            let inner = try transaction.createGroup(GroupProfile(name: "Inner"))
            try transaction.addParent(outer.id, to: inner.id)
            try transaction.addMember(ada.id, to: inner.id)
            return (outer, inner)
        }
    }

    private static func change(
        _ fixture: EngineFixture,
        _ group: GroupID,
        _ change: @escaping @Sendable (inout GroupProfile) -> Void
    ) async throws {
        try await fixture.store.write { transaction in
            guard var profile = try transaction.group(group)?.profile else { return }
            change(&profile)
            try transaction.updateGroup(group, to: profile)
        }
    }

    /// What direct sync updates, by name.
    private static func updated(_ fixture: EngineFixture) async throws -> [String] {
        try await actions(fixture).filter { $0.verb == .update }.map(\.name).sorted()
    }

    /// The users about whom direct sync says anything, by name.
    private static func examined(_ fixture: EngineFixture) async throws -> [String] {
        try await actions(fixture).filter { $0.kind == .user }.map(\.name)
    }

    private static func actions(_ fixture: EngineFixture) async throws -> [Action] {
        var actions: [Action] = []
        for run in try await fixture.direct.catchUp(fixture.provider) {
            #expect(!run.isFull)
            actions += try await fixture.result(of: run).actions.map(\.action)
        }
        return actions
    }
}

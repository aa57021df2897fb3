import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Logging
import Testing

@Suite("Objects that a mapping skips")
struct SkippedObjectTests {
    /// The ways by which a change of the directory reaches a tenant.
    enum Way: CaseIterable {
        case fullSync, directSync, thisObjectAlone, retry
    }

    /// What may happen to a group.
    enum Change: CaseIterable {
        case rename, addUser, removeUser, clear, nest, unnest
    }

    private struct Scene {
        let fixture: EngineFixture
        let group: Group
        let inside: User
        let outside: User
        let child: Group
        let other: Group

        /// A group with a member and a child, both in the tenant, and further ones that are not in it.
        init(_ fixture: EngineFixture) async throws {
            let (inside, outside) = (try await fixture.addUser("inside"), try await fixture.addUser("outside"))
            let groups = try await fixture.store.write { transaction in
                let groups = try ["G", "Child", "Other"].map { try transaction.createGroup(GroupProfile(name: $0)) }
                try transaction.addMember(inside.id, to: groups[0].id)
                try transaction.addParent(groups[0].id, to: groups[1].id)
                return groups
            }
            (self.fixture, self.inside, self.outside) = (fixture, inside, outside)
            (group, child, other) = (groups[0], groups[1], groups[2])
            _ = try await fixture.sync()
        }

        func setHidden(_ isHidden: Bool) async throws {
            try await fixture.store.write { transaction in
                var profile = try transaction.group(group.id)?.profile ?? group.profile
                profile.attributes["hidden"] = isHidden ? true : nil
                try transaction.updateGroup(group.id, to: profile)
            }
        }

        func make(_ change: Change) async throws {
            try await fixture.store.write { transaction in
                switch change {
                case .rename:
                    var profile = try transaction.group(group.id)?.profile ?? group.profile
                    profile.attributes["label"] = "Renamed"
                    try transaction.updateGroup(group.id, to: profile)
                case .addUser: try transaction.addMember(outside.id, to: group.id)
                case .removeUser: try transaction.removeMember(inside.id, from: group.id)
                case .clear: _ = try transaction.removeAllMembers(from: group.id)
                case .nest: try transaction.addParent(group.id, to: other.id)
                case .unnest: try transaction.removeParent(group.id, from: child.id)
                }
            }
        }

        func send(_ way: Way) async throws {
            switch way {
            case .fullSync: _ = try await fixture.sync()
            case .directSync: _ = try await fixture.direct.catchUp(fixture.provider)
            case .thisObjectAlone:
                let selection = PlanSelection.changes(ChangedObjects([ObjectReference(group.id)]))
                try await fixture.runs.run(
                    RunInstruction(fixture.provider, trigger: .manual, mode: .apply, selection: selection)
                )
            case .retry:
                try await fixture.fail(ObjectReference(group.id))
                fixture.later()
                _ = try await fixture.direct.catchUp(fixture.provider)
            }
        }
    }

    private static func with(_ body: @escaping @Sendable (Scene) async throws -> Void) async throws {
        try await EngineFixture.with(groupMapping: CaseMappings.group) { try await body(Scene($0)) }
    }

    @Test("no attribute and no member of a skipped group is written", arguments: Change.allCases, Way.allCases)
    func group(change: Change, way: Way) async throws {
        try await Self.with { scene in
            try await scene.setHidden(true)
            _ = try await scene.fixture.direct.catchUp(scene.fixture.provider)
            try await scene.make(change)
            try await scene.fixture.client.resetCounters()
            try await scene.send(way)
            #expect(try await scene.fixture.client.counters()["writes"] == 0)
        }
    }

    @Test(
        "a group that is no longer skipped is updated, members included",
        arguments: Change.allCases,
        Way.allCases
    )
    func groupAgain(change: Change, way: Way) async throws {
        try await Self.with { scene in
            try await scene.setHidden(true)
            _ = try await scene.fixture.direct.catchUp(scene.fixture.provider)
            try await scene.make(change)
            _ = try await scene.fixture.direct.catchUp(scene.fixture.provider)
            try await scene.setHidden(false)
            try await scene.fixture.client.resetCounters()
            try await scene.send(way)
            #expect(try await scene.fixture.client.counters()["writes"] != 0)
            let rest = try await scene.fixture.sync(.planOnly)
            #expect(rest.actions.isEmpty)
        }
    }

    @Test(
        "a failing mapping does not stop a group's members, unless the mapping skipped the group before",
        arguments: [true, false]
    )
    func failing(wasSkipped: Bool) async throws {
        let mapping = """
            if group.attributes.get("hidden"):
                raise SkipObject
            if group.attributes.get("broken"):
                return {"display_name": group.attributes["missing"]}
            return {"display_name": group.name, "mail_enabled": False, "security_enabled": True, "mail_nickname": slugify(group.name)}
            """
        for way in [Way.fullSync, .directSync] {
            try await EngineFixture.with(groupMapping: mapping) { fixture in
                let scene = try await Scene(fixture)
                if wasSkipped {
                    try await scene.setHidden(true)
                    _ = try await fixture.direct.catchUp(fixture.provider)
                }
                try await fixture.store.write { transaction in
                    var profile = scene.group.profile
                    profile.attributes["broken"] = true
                    try transaction.updateGroup(scene.group.id, to: profile)
                }
                try await scene.make(.removeUser)
                try await scene.send(way)
                let members = try await fixture.client.memberNames()["G"]
                #expect(members?.contains("inside@company.com") == wasSkipped)
            }
        }
    }

    @Test(
        "no attribute of a skipped user is written; memberships belong to the groups and are synced",
        arguments: [Way.fullSync, .directSync]
    )
    func user(way: Way) async throws {
        let mapping = """
            if user.attributes.get("hidden"):
                raise SkipObject
            return {
                "display_name": user.name, "account_enabled": user.is_active, "mail_nickname": user.username,
                "user_principal_name": user.email, "on_premises_immutable_id": user.uid,
                "manager": user.attributes.get("boss"), "password_profile": {"password": "Long-Enough-1"},
            }
            """
        try await EngineFixture.with(userMapping: mapping, settings: { $0.excludeServiceAccounts = true }) { fixture in
            let scene = try await Scene(fixture)
            try await fixture.change(scene.inside) { profile in
                profile.attributes = ["hidden": true, "boss": "outside"]
                profile.name = "Another"
                profile.isActive = false
            }
            try await fixture.store.write { transaction in
                try transaction.removeMember(scene.inside.id, from: scene.group.id)
                try transaction.addMember(scene.inside.id, to: scene.other.id)
            }
            try await fixture.client.resetCounters()
            try await scene.send(way)
            let account = try await fixture.client.send(
                "GET",
                "/users/inside@company.com?$select=displayName,accountEnabled"
            )
            #expect(account.body["displayName"] == "Person inside" && account.body["accountEnabled"] == true)
            #expect(try await fixture.client.send("GET", "/users/inside@company.com/manager").status == 404)
            let members = try await fixture.client.memberNames()
            #expect(members["G"] == ["Child"] && members["Other"] == ["inside@company.com"])
            #expect(try await fixture.client.counters()["writes"] == 2)
            // A user who leaves the scope is deleted without an evaluation of the mapping.
            try await fixture.change(scene.inside) { $0.type = .serviceAccount }
            try await scene.send(way)
            #expect(try await fixture.client.state()["users"] == 1)
        }
    }

    @Test(
        "a user who returns to the scope is in the groups that they joined while out of scope",
        arguments: [NestedGroups.keep, .flatten]
    )
    func joinedOutOfScope(nested: NestedGroups) async throws {
        try await EngineFixture.with(
            settings: { settings in
                settings.scopeExitAction = .keep
                settings.excludeServiceAccounts = true
                settings.nestedGroups = nested
            }
        ) { fixture in
            let scene = try await Scene(fixture)
            try await fixture.change(scene.outside) { $0.type = .serviceAccount }
            try await fixture.store.write { _ = try $0.addMember(scene.outside.id, to: scene.child.id) }
            _ = try await fixture.direct.catchUp(fixture.provider)
            #expect(try await fixture.client.memberNames()["Child"] == [])
            try await fixture.change(scene.outside) { $0.type = .internal }
            _ = try await fixture.direct.catchUp(fixture.provider)
            #expect(try await fixture.client.memberNames()["Child"] == ["outside@company.com"])
            #expect(try await fixture.sync(.planOnly).actions.isEmpty)
        }
    }

    @Test("an explanation says that a skipped group's members stay as they are, and a comparison shows no difference")
    func explained() async throws {
        try await Self.with { scene in
            try await scene.setHidden(true)
            try await scene.make(.addUser)
            _ = try await scene.fixture.sync()
            let runtime = try ProvisioningRuntime.load(limits: nil, logger: .init(label: "test"))
            let explanation = try await Explainer(store: scene.fixture.store, runtime: runtime)
                .explain(ObjectReference(scene.group.id), at: try await scene.fixture.current())
            #expect(explanation.members?.missing == ["outside"])
            #expect(!explanation.next.contains { $0.hasPrefix("Members are added") })
            let comparison = try await TenantComparison(store: scene.fixture.store, runtime: runtime)
                .run(try await scene.fixture.current())
            #expect(comparison.differences.isEmpty)
        }
    }
}

extension EngineFixture {
    /// Makes an object due for a retry, as after a passing failure.
    fileprivate func fail(_ object: ObjectReference) async throws {
        try await store.write { [provider] transaction in
            let run = Run(provider: provider, trigger: .change, startedAt: transaction.now)
            let lease = RunLease(owner: "a process that is gone", duration: .seconds(60))
            _ = try transaction.beginRun(run, lease: lease, isGone: { _ in false })
            let action = Action(
                sequence: 1,
                phase: .groups,
                verb: .update,
                kind: object.kind,
                object: object,
                name: "",
                reason: .attributesDiffer
            )
            try transaction.insertActions([StoredAction(action: action, outcome: Outcome(.retry))], run: run.id)
            try transaction.planRetries(
                after: run.id,
                provider: provider,
                covered: LinkSelection([object]),
                pause: { _ in .seconds(1) }
            )
            try transaction.setStatus(.warning, of: run.id)
        }
    }
}

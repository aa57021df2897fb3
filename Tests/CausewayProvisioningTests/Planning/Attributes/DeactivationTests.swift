import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Logging
import Testing

@Suite("Deactivated users are suspended in Entra")
struct DeactivationTests {
    /// What a mapping returns for `account_enabled`.
    enum Saying: String, CaseIterable, Sendable {
        case nothing, none, yes, no, whatTheDirectorySays, onlyOfSome, theSeed

        /// Every user of this test has an address in a domain that the documented expression does not know: its second branch runs.
        var expression: String {
            let line: String? =
                switch self {
                case .nothing: ""
                case .none: #"properties["account_enabled"] = None"#
                case .yes: #"properties["account_enabled"] = True"#
                case .no: #"properties["account_enabled"] = False"#
                case .whatTheDirectorySays: #"properties["account_enabled"] = request.user.is_active"#
                case .onlyOfSome: #"if request.user.username == "bob": properties["account_enabled"] = True"#
                case .theSeed: nil
                }
            guard let line else { return DefaultMappings.emailVerifiedUsers.expression }
            return """
                properties = {
                    "display_name": request.user.name,
                    "mail_nickname": request.user.username,
                    "user_principal_name": request.user.username + "@company.com",
                }
                if not connection:
                    properties["password_profile"] = {"password": request.user.password}
                    properties["on_premises_immutable_id"] = request.user.uid
                \(line)
                return properties
                """
        }

        /// Whether an active user may sign in.
        var letsIn: Bool { self != .no }
    }

    @Test(
        "an inactive user is suspended whatever the mapping returns, by direct and full sync, and later reactivated",
        arguments: Saying.allCases,
        [true, false]
    )
    func suspended(_ saying: Saying, _ isDirect: Bool) async throws {
        try await EngineFixture.with(userMapping: saying.expression) { fixture in
            let ada = try await fixture.addUser("ada", domain: "private.test")
            _ = try await fixture.sync()
            #expect(try await fixture.isEnabled(ada) == saying.letsIn)
            for isActive in [false, true, false, true] {
                try await fixture.change(ada) { $0.isActive = isActive }
                if isDirect {
                    _ = try await fixture.direct.catchUp(fixture.provider)
                } else {
                    _ = try await fixture.sync()
                }
                #expect(try await fixture.isEnabled(ada) == (isActive && saying.letsIn), "active: \(isActive)")
                let again = try await fixture.sync()
                #expect(again.actions.isEmpty, "\(again.actions)")
            }
        }
    }

    @Test("a user who is inactive from the beginning is created suspended", arguments: Saying.allCases)
    func createdSuspended(_ saying: Saying) async throws {
        try await EngineFixture.with(userMapping: saying.expression) { fixture in
            let ada = try await fixture.addUser("ada", domain: "private.test", isActive: false)
            let created = try await fixture.sync()
            #expect(created.count(.create) == 1, "\(created.actions)")
            #expect(try await fixture.isEnabled(ada) == false)
            try await fixture.change(ada) { $0.isActive = true }
            _ = try await fixture.sync()
            #expect(try await fixture.isEnabled(ada) == saying.letsIn)
        }
    }

    @Test(
        "with block_inactive off only the mapping decides",
        arguments: [(Saying.nothing, true), (.none, true), (.yes, true), (.no, false), (.whatTheDirectorySays, false)]
    )
    func mappingDecides(_ saying: Saying, _ staysEnabled: Bool) async throws {
        try await EngineFixture.with(userMapping: saying.expression, settings: { $0.blockInactive = false }) {
            fixture in
            let ada = try await fixture.addUser("ada", domain: "private.test")
            _ = try await fixture.sync()
            try await fixture.change(ada) { $0.isActive = false }
            _ = try await fixture.sync()
            #expect(try await fixture.isEnabled(ada) == staysEnabled)
        }
    }

    @Test("an account that an administrator of the tenant disabled is not enabled by a mapping that says nothing")
    func disabledByOthers() async throws {
        try await EngineFixture.with(userMapping: Saying.nothing.expression) { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            fixture.later()
            try await fixture.block(ada, true)
            for isActive in [true, false, true] {
                try await fixture.change(ada) { $0.isActive = isActive }
                #expect(try await fixture.sync().count(.reactivate) == 0)
                #expect(try await fixture.isEnabled(ada) == false)
            }
        }
    }

    @Test("an account that an administrator re-enabled is no longer Causeway's: it stays disabled if they disable it")
    func takenOver() async throws {
        try await EngineFixture.with(userMapping: Saying.nothing.expression) { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            try await fixture.change(ada) { $0.isActive = false }
            _ = try await fixture.sync()
            try await fixture.set { $0.driftPolicy = .accept }
            fixture.later()
            try await fixture.block(ada, false)
            _ = try await fixture.sync()
            fixture.later()
            try await fixture.block(ada, true)
            try await fixture.change(ada) { $0.isActive = true }
            _ = try await fixture.sync()
            #expect(try await fixture.isEnabled(ada) == false)
        }
    }

    @Test(
        "a suspended user who left and returns is reactivated, whatever happened to the account",
        arguments: DeleteAction.allCases,
        [(Saying.nothing, true), (.nothing, false), (.theSeed, true), (.theSeed, false)]
    )
    func suspendedAndBack(_ action: DeleteAction, _ saying: (saying: Saying, isActiveFirst: Bool)) async throws {
        try await EngineFixture.with(userMapping: saying.saying.expression) { fixture in
            let ada = try await fixture.addUser("ada", domain: "private.test")
            let pilot = try await fixture.store.write { transaction in
                let pilot = try transaction.createGroup(GroupProfile(name: "Pilot"))
                _ = try transaction.addMember(ada.id, to: pilot.id)
                return pilot.id
            }
            try await fixture.set { ($0.filterGroup, $0.userDeleteAction) = (pilot, action) }
            _ = try await fixture.sync()
            try await fixture.change(ada) { $0.isActive = false }
            _ = try await fixture.sync()
            #expect(try await fixture.isEnabled(ada) == false)
            _ = try await fixture.store.write { try $0.removeMember(ada.id, from: pilot) }
            _ = try await fixture.sync()
            fixture.later()
            if saying.isActiveFirst { try await fixture.change(ada) { $0.isActive = true } }
            _ = try await fixture.store.write { try $0.addMember(ada.id, to: pilot) }
            _ = try await fixture.sync()
            #expect(try await fixture.isEnabled(ada) == saying.isActiveFirst)
            try await fixture.change(ada) { $0.isActive = true }
            _ = try await fixture.sync()
            #expect(try await fixture.isEnabled(ada))
            #expect(try await fixture.sync().actions.isEmpty)
        }
    }

    @Test("an inactive user whose account someone else enabled is suspended again")
    func enabledByOthers() async throws {
        try await EngineFixture.with(userMapping: Saying.nothing.expression) { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            try await fixture.change(ada) { $0.isActive = false }
            _ = try await fixture.sync()
            fixture.later()
            try await fixture.block(ada, false)
            #expect(try await fixture.sync().count(.suspend) == 1)
            try await fixture.change(ada) { $0.isActive = true }
            _ = try await fixture.sync()
            #expect(try await fixture.isEnabled(ada))
        }
    }

    @Test("a suspension that Entra refused does not count: an account that others disable stays disabled")
    func refusedSuspension() async throws {
        try await EngineFixture.with(userMapping: Saying.nothing.expression) { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            let id = try await fixture.link(of: ada) ?? ""
            let roles: JSONValue = ["id": .string(id), "directoryRoles": ["Global Administrator"]]
            _ = try await fixture.client.control("POST", "properties", roles)
            try await fixture.change(ada) { ($0.isActive, $0.name) = (false, "Ada King") }
            let first = try await fixture.sync()
            #expect(first.run.status == .warning, "\(first.actions)")
            let account = try await fixture.client.send("GET", "/users/\(id)?$select=accountEnabled,displayName").body
            #expect(account["displayName"] == "Ada King" && account["accountEnabled"] == true)

            try await fixture.change(ada) { $0.isActive = true }
            _ = try await fixture.sync()
            _ = try await fixture.client.control("POST", "properties", ["id": .string(id), "directoryRoles": []])
            try await fixture.block(ada, true)
            fixture.later()
            #expect(try await fixture.sync().actions.isEmpty)
            #expect(try await fixture.isEnabled(ada) == false)
        }
    }

    @Test("the guard counts suspensions of inactive users")
    func guarded() async throws {
        try await EngineFixture.with(userMapping: Saying.nothing.expression) { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            try await fixture.set { ($0.guardMaxCount, $0.guardMaxPercent) = (0, 0) }
            try await fixture.change(ada) { $0.isActive = false }
            let held = try await fixture.sync()
            #expect(held.run.status == .awaitingApproval && held.count(.suspend, .held) == 1)
            #expect(try await fixture.isEnabled(ada))
        }
    }

    @Test("previews and explanations point out a mapping without account_enabled, and no other")
    func pointedOut() async throws {
        for (saying, isSilent) in [(Saying.nothing, true), (.none, true), (.theSeed, true), (.yes, false)] {
            try await EngineFixture.with(userMapping: saying.expression) { fixture in
                let ada = try await fixture.addUser("ada", domain: "private.test", isActive: false)
                let explained = try await fixture.explain(ObjectReference(ada.id)).next
                #expect(explained.contains { $0.contains("'account_enabled'") } == isSilent, "\(saying): \(explained)")
                let trial = MappingPreview(store: fixture.store, runtime: try .load(logger: .init(label: "test")))
                let result = try await trial.run(on: ObjectReference(ada.id), at: try await fixture.current())
                #expect(result.notes.warnings.contains { $0.contains("'account_enabled'") } == isSilent, "\(saying)")
                guard case .properties(let properties, _) = result.outcome else {
                    Issue.record("\(saying): \(result.outcome)")
                    return
                }
                #expect(properties["accountEnabled"] == false)
            }
        }
    }
}

extension EngineFixture {
    fileprivate func isEnabled(_ user: User) async throws -> Bool {
        let id = try await link(of: user) ?? ""
        return try await client.send("GET", "/users/\(id)?$select=accountEnabled").body["accountEnabled"] == true
    }

    /// An administrator of the tenant disables or enables an account.
    fileprivate func block(_ user: User, _ isBlocked: Bool) async throws {
        let id = try await link(of: user) ?? ""
        let answer = try await client.send("PATCH", "/users/\(id)", ["accountEnabled": .bool(!isBlocked)])
        #expect(answer.status == 204)
    }
}

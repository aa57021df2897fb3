import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

/// John leaves, and a newcomer gets his address.
struct Succession: Sendable {
    /// How John leaves, and what the provider does about it.
    enum Exit: Hashable, Sendable, CaseIterable, CustomTestStringConvertible {
        case deleted(DeleteAction)
        /// He is removed from the filter group.
        case departed(ScopeExitAction, DeleteAction)
        /// He becomes a service account.
        case retyped(ScopeExitAction)

        static let allCases: [Exit] =
            DeleteAction.allCases.map(Exit.deleted)
            + [
                .departed(.followDeleteAction, .delete), .departed(.followDeleteAction, .doNothing),
                .departed(.suspend, .delete), .departed(.keep, .delete), .retyped(.followDeleteAction),
                .retyped(.suspend),
            ]

        var testDescription: String { "\(self)" }

        /// What happens to John's account.
        var fate: DeleteAction? {
            switch self {
            case .deleted(let action), .departed(.followDeleteAction, let action): action
            case .retyped(.followDeleteAction): .delete
            case .departed(.suspend, _), .retyped(.suspend): .suspend
            case .departed, .retyped: nil
            }
        }

        func apply(to settings: inout ProviderSettings, _ filter: GroupID) {
            settings.excludeServiceAccounts = true
            settings.filterGroup = filter
            switch self {
            case .deleted(let action): settings.userDeleteAction = action
            case .departed(let exit, let action): (settings.scopeExitAction, settings.userDeleteAction) = (exit, action)
            case .retyped(let exit): settings.scopeExitAction = exit
            }
        }
    }

    /// What happens between two changes.
    enum Between: CaseIterable, Sendable {
        case nothing, sync, direct, plan, time
    }

    static let mapping = """
        properties = {
            "display_name": user.name, "mail_nickname": user.username, "account_enabled": user.is_active,
            "user_principal_name": user.email, "mail": user.email, "on_premises_immutable_id": user.uid,
        }
        if user.attributes.get("employee_id"):
            properties["employee_id"] = user.attributes["employee_id"]
        if not connection:
            properties["password_profile"] = {"password": request.user.password}
        return properties
        """

    let exit: Exit
    /// The newcomer's address and employee id.
    var newcomer = UserProfile(username: "jane", name: "Jane Smith", email: "john@company.com")
    var settings: @Sendable (inout ProviderSettings) -> Void = { _ in }

    /// Plays it.
    ///
    /// - Parameters:
    ///   - entersFirst: whether the newcomer is entered before John leaves.
    ///   - between: what happens after each change.
    /// - Returns: the tenant's content at the end, in lines, and whether the newcomer is linked to John's account.
    func play(entersFirst: Bool, _ between: [Between]) async throws -> [String] {
        let lines = Lines()
        try await EngineFixture.with(userMapping: Self.mapping) { fixture in
            let (filter, john) = try await fixture.store.write { transaction in
                let filter = try transaction.createGroup(GroupProfile(name: "Staff"))
                let profile = UserProfile(
                    username: "john",
                    name: "John Smith",
                    email: "john@company.com",
                    attributes: ["employee_id": "1001"]
                )
                let john = try transaction.createUser(profile)
                try transaction.addMember(john.id, to: filter.id)
                return (filter, john)
            }
            // More than two people, so that the guard's share is not exceeded.
            try await fixture.set { [exit, settings] in
                exit.apply(to: &$0, filter.id)
                settings(&$0)
            }
            _ = try await fixture.sync()
            let account = try await fixture.link(of: john)
            for (step, isEntry) in [entersFirst, !entersFirst].enumerated() {
                try await fixture.store.write { [newcomer, exit] transaction in
                    if isEntry {
                        try transaction.addMember(try transaction.createUser(newcomer).id, to: filter.id)
                    } else {
                        try exit.happen(to: john, filter.id, in: transaction)
                    }
                }
                if step < between.count { try await fixture.pass(between[step]) }
            }
            for _ in 0..<3 {
                fixture.later()
                _ = try await fixture.sync()
            }
            fixture.later()
            let last = try await fixture.sync()
            let planned = last.actions.filter { $0.outcome.status != .failed }
            #expect(planned.isEmpty, "it does not settle: \(planned)")
            try await lines.note(fixture, account, newcomer.username)
        }
        return await lines.all
    }

    /// The tenant's content.
    private actor Lines {
        private(set) var all: [String] = []

        func note(_ fixture: EngineFixture, _ account: String?, _ newcomer: String) async throws {
            let client = try await TenantClient(fixture.tenant.endpoints)
            let select = "$select=id,displayName,userPrincipalName,accountEnabled"
            for user in try await client.all("/users?\(select)") {
                let isJohns = user["id"]?.string == account ? "his" : "new"
                let words = ["displayName", "userPrincipalName"].map { user[$0]?.string ?? "" }
                let state = user["accountEnabled"] == true ? "enabled" : "blocked"
                all.append("\(isJohns): \(words.joined(separator: " ")) \(state)")
            }
            for user in try await client.all("/directory/deletedItems/microsoft.graph.user?\(select)") {
                all.append("\(user["id"]?.string == account ? "his" : "new") is in the recycle bin")
            }
            let provider = fixture.provider
            let link = try await fixture.store.read { transaction in
                try transaction.user(named: newcomer).flatMap {
                    try transaction.link(of: ObjectReference($0.id), provider: provider)?.entraID.rawValue
                }
            }
            all.append("\(newcomer) has \(link == nil ? "none" : link == account ? "his" : "their own")")
            all.sort()
        }
    }
}

extension Succession.Exit {
    func happen(to john: User, _ filter: GroupID, in transaction: Transaction) throws {
        switch self {
        case .deleted: try transaction.deleteUser(john.id)
        case .departed: try transaction.removeMember(john.id, from: filter)
        case .retyped:
            var profile = john.profile
            profile.type = .serviceAccount
            try transaction.updateUser(john.id, to: profile)
        }
    }
}

extension EngineFixture {
    func pass(_ between: Succession.Between) async throws {
        switch between {
        case .nothing: break
        case .sync: _ = try await sync()
        case .direct: _ = try await direct.catchUp(provider)
        case .plan: _ = try await sync(.planOnly)
        case .time: later()
        }
    }
}

@Suite("Identity of people with the same name or address")
struct IdentityTests {
    /// Orders of events: who comes first, and what happens in between.
    private static let courses: [(entersFirst: Bool, between: [Succession.Between])] = [
        (false, [.nothing, .nothing]), (false, [.sync, .direct]), (false, [.plan, .sync]), (false, [.direct, .time]),
        (true, [.nothing, .direct]), (true, [.direct, .sync]),
    ]
    /// In one sync, and with one after each change.
    private static let leavingFirst: [[Succession.Between]] = [[.nothing, .sync], [.direct, .direct]]

    private func check(_ succession: Succession, _ expected: [String]) async throws {
        for course in Self.courses {
            let found = try await succession.play(entersFirst: course.entersFirst, course.between)
            #expect(found == expected, "entered first: \(course.entersFirst), \(course.between)")
        }
    }

    @Test(
        "a successor with the same address does not get the account of the person who left",
        arguments: Succession.Exit.allCases
    )
    func successor(_ exit: Succession.Exit) async throws {
        let expected =
            switch exit.fate {
            case .delete:
                ["his is in the recycle bin", "jane has their own", "new: Jane Smith john@company.com enabled"]
            case .suspend: ["his: John Smith john@company.com blocked", "jane has none"]
            case .doNothing, nil: ["his: John Smith john@company.com enabled", "jane has none"]
            }
        try await check(Succession(exit: exit), expected)
    }

    @Test(
        "a user with the same employee id is the same person, and gets the account back under the current name",
        arguments: Succession.Exit.allCases
    )
    func rehired(_ exit: Succession.Exit) async throws {
        var succession = Succession(exit: exit)
        succession.newcomer = UserProfile(
            username: "johnny",
            name: "John Smith-Doe",
            email: "johnny@company.com",
            attributes: ["employee_id": "1001"]
        )
        let expected = ["his: John Smith-Doe johnny@company.com enabled", "johnny has his"]
        for between in Self.leavingFirst {
            let found = try await succession.play(entersFirst: false, between)
            #expect(found == expected, "\(between)")
        }
    }

    @Test(
        "with the setting an equal name means the same person",
        arguments: Succession.Exit.allCases
    )
    func nameAsKey(_ exit: Succession.Exit) async throws {
        var succession = Succession(exit: exit)
        succession.settings = { $0.samePersonKeys = [.userPrincipalName] }
        let expected = ["his: Jane Smith john@company.com enabled", "jane has his"]
        for between in Self.leavingFirst {
            let found = try await succession.play(entersFirst: false, between)
            #expect(found == expected, "\(between)")
        }
    }

    @Test("the conflict names both objects, and a person's decision is kept")
    func decidedByHand() async throws {
        try await EngineFixture.with(
            userMapping: Succession.mapping,
            settings: { $0.userDeleteAction = .suspend }
        ) { fixture in
            let john = try await fixture.addUser("john")
            _ = try await fixture.sync()
            let account = try #require(try await fixture.link(of: john))
            try await fixture.store.write { try $0.deleteUser(john.id) }
            let jane = try await fixture.addUser("jane")
            try await fixture.change(jane) { $0.email = "john@company.com" }
            let result = try await fixture.sync()
            let refused = try #require(result.actions.first { $0.action.object == ObjectReference(jane.id) })
            #expect(refused.action.reason == .valueTaken && refused.outcome.status == .failed)
            #expect(refused.outcome.attribute == "userPrincipalName")
            for part in [account, "john, which was deleted from the directory", "jane (user \(jane.id))"] {
                #expect(refused.outcome.message.contains(part), "\(refused.outcome.message)")
            }
            for way in ["another value", "delete or rename", "microsoft_entra_users", "same_person_keys"] {
                #expect(refused.outcome.remedy.contains(way))
            }
            try await fixture.store.write { [provider = fixture.provider] transaction in
                let left = try #require(try transaction.link(to: EntraObjectID(account), provider: provider))
                var link = left
                link.object = ObjectReference(jane.id)
                try transaction.saveLink(link, name: "jane")
            }
            let linked = try await fixture.sync()
            #expect(Set(linked.actions.map(\.action.verb)) == [.update, .reactivate])
            for _ in 0..<2 {
                fixture.later()
                #expect(try await fixture.sync().actions.isEmpty)
            }
            #expect(try await fixture.link(of: jane) == account)
            #expect(try await fixture.client.state()["users"] == 1)
        }
    }

    @Test("an account whose link was ended is linked to its own user again, under any name, and to nobody else")
    func ownFormerAccount() async throws {
        let mapping = Succession.mapping.replacing("\"on_premises_immutable_id\": user.uid,", with: "")
        try await EngineFixture.with(userMapping: mapping, settings: { $0.userDeleteAction = .doNothing }) { fixture in
            let pilot = try await fixture.store.write { try $0.createGroup(GroupProfile(name: "Pilot")) }
            try await fixture.set { $0.filterGroup = pilot.id }
            let ada = try await fixture.addUser("ada")
            try await fixture.store.write { _ = try $0.addMember(ada.id, to: pilot.id) }
            _ = try await fixture.sync()
            let account = try await fixture.link(of: ada)
            try await fixture.store.write { _ = try $0.removeMember(ada.id, from: pilot.id) }
            #expect(try await fixture.sync().count(.unlink) == 1)
            try await fixture.change(ada) { $0.email = "ada.l@company.com" }
            try await fixture.store.write { _ = try $0.addMember(ada.id, to: pilot.id) }
            let back = try await fixture.sync()
            #expect(back.actions.first?.action.reason == .matchedByFormerLink)
            #expect(try await fixture.link(of: ada) == account)
            #expect(try await fixture.client.state()["users"] == 1)
        }
    }

    @Test("a group with the name of a deleted group is another group", arguments: DeleteAction.allCases, [false, true])
    func groups(_ action: DeleteAction, isSyncedBetween: Bool) async throws {
        try await EngineFixture.with(settings: { $0.groupDeleteAction = action }) { fixture in
            let former = try await fixture.store.write { try $0.createGroup(GroupProfile(name: "Board")) }
            let ada = try await fixture.addUser("ada")
            try await fixture.store.write { _ = try $0.addMember(ada.id, to: former.id) }
            _ = try await fixture.sync()
            try await fixture.store.write { try $0.deleteGroup(former.id) }
            if isSyncedBetween { _ = try await fixture.sync() }
            let group = try await fixture.store.write { try $0.createGroup(GroupProfile(name: "Board")) }
            _ = try await fixture.sync()
            let groups = try await fixture.client.all("/groups?$select=id,uniqueName,displayName")
            let names = Set(groups.compactMap { $0["uniqueName"]?.string })
            #expect(names == (action == .delete ? [group.id.text] : [group.id.text, former.id.text]))
            fixture.later()
            #expect(try await fixture.sync().actions.isEmpty)
        }
    }
}

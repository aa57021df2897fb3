import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Logging
import Testing

@testable import CausewayProvisioning

@Suite("Previews of mappings")
struct PreviewTests {
    private func trial(_ fixture: EngineFixture) throws -> MappingPreview {
        MappingPreview(store: fixture.store, runtime: try .load(logger: .init(label: "test")))
    }

    private func properties(_ result: PreviewResult) throws -> [String: JSONValue] {
        guard case .properties(let properties, _) = result.outcome else {
            throw ProvisioningError("\(result.outcome)")
        }
        return properties
    }

    @Test("a preview of a new user shows what the sync then does, and sends nothing")
    func sameAsSync() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.fill(users: 1, groups: 0)
            _ = try await fixture.sync()
            let ada = try await fixture.addUser("ada")
            try await fixture.client.resetCounters()
            let provider = try await fixture.current()
            let tried = try await trial(fixture).run(on: ObjectReference(ada.id), at: provider)
            #expect(try await fixture.client.counters()["requests"] == 0)
            let done = try await fixture.sync().actions.map(\.action)
            #expect(tried.actions.map(\.verb) == done.map(\.verb))
            #expect(tried.actions.map(\.changes) == done.map(\.changes))
            #expect(try properties(tried)["passwordProfile"] == ["password": "********"])
        }
    }

    @Test("a preview reports an unknown manager as the sync does")
    func unknownManager() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            let mapping = PropertyMapping(name: "try", expression: "return {'city': 'Oslo', 'manager': 'none of us'}")
            let provider = try await fixture.current()
            let result = try await trial(fixture).run(on: ObjectReference(ada.id), at: provider, mappings: [mapping])
            #expect(result.notes.warnings.contains { $0.hasPrefix("manager 'none of us'") }, "\(result.notes)")
        }
    }

    @Test("a preview of another expression shows what would change in Entra, and what only new accounts can get")
    func change() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            let expression = """
                ak_logger.info("looking", at=user.username)
                return {"display_name": user.name.upper(), "on_premises_immutable_id": "another"}
                """
            let provider = try await fixture.current()
            let mapping = PropertyMapping(name: "try", expression: expression)
            let result = try await trial(fixture).run(on: ObjectReference(ada.id), at: provider, mappings: [mapping])
            let change = result.actions.flatMap(\.changes).first { $0.attribute == "displayName" }
            #expect(change == AttributeChange(attribute: "displayName", old: "Person ada", new: "PERSON ADA"))
            #expect(result.notes.lines.map(\.text) == ["looking at='ada'"])
            // Nothing of it is stored.
            #expect(try await fixture.sync().actions.isEmpty)
        }
    }

    @Test("a preview shows what Graph gets: null for a value that is cleared, no password for an existing account")
    func sent() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            let provider = try await fixture.current()
            func tried(_ expression: String) async throws -> PreviewResult {
                let mapping = PropertyMapping(name: "try", expression: expression)
                return try await trial(fixture).run(on: ObjectReference(ada.id), at: provider, mappings: [mapping])
            }
            let first = try await tried(
                "return {'city': 'Oslo', 'state': None, 'password_profile': {'password': user.password}}"
            )
            #expect(try properties(first) == ["city": "Oslo"])
            let told = "'passwordProfile' can be set only for a new user"
            let notes = first.notes.warnings.filter { $0.hasPrefix(told) }
            #expect(notes.count == 1, "\(first.notes)")
            try await fixture.setUserMapping("return {'city': 'Oslo'}")
            _ = try await fixture.sync()
            #expect(try properties(await tried("return {'city': None, 'state': None}")) == ["city": .null])
            #expect(try properties(await tried("return {'city': 'Oslo'}")) == ["city": "Oslo"])
        }
    }

    @Test("a preview reports a user who is their own manager", arguments: ["user", "user.username", "user.pk"])
    func ownManager(_ manager: String) async throws {
        try await EngineFixture.with { fixture in
            let (ada, eve) = (try await fixture.addUser("ada"), try await fixture.addUser("eve"))
            _ = try await fixture.sync()
            let provider = try await fixture.current()
            func notes(_ value: String) async throws -> [String] {
                let expression = "return {'account_enabled': True, 'manager': \(value)}"
                let mapping = PropertyMapping(name: "try", expression: expression)
                let result = try await trial(fixture).run(
                    on: ObjectReference(ada.id),
                    at: provider,
                    mappings: [mapping]
                )
                return result.notes.warnings
            }
            let own = try await notes(manager)
            #expect(own.contains { $0.hasPrefix("'manager' names the user itself") }, "\(own)")
            let other = try await notes("'\(eve.username)'")
            #expect(other.isEmpty, "\(other)")
        }
    }

    @Test("previews and explanations write nothing into the log; a run logs each warning once")
    func log() async throws {
        let expression = "return {'account_enabled': True, 'employee_id': 5, 'user_type': 'Employee'}"
        try await EngineFixture.with { fixture in
            try await fixture.fill(users: 3, groups: 0)
            _ = try await fixture.sync()
            try await fixture.setUserMapping(expression)
            let log = RecordedLog()
            let runtime = try ProvisioningRuntime.load(limits: nil, logger: log.logger)
            let provider = try await fixture.current()
            let user = try #require(try await fixture.store.read { try $0.user(named: "u1") })
            let result = try await MappingPreview(store: fixture.store, runtime: runtime)
                .run(on: ObjectReference(user.id), at: provider)
            #expect(result.notes.warnings.count == 2, "\(result.notes)")
            let explainer = Explainer(store: fixture.store, runtime: runtime)
            _ = try await explainer.explain(ObjectReference(user.id), at: provider)
            #expect(log.lines.isEmpty, "\(log.lines)")
            let instruction = RunInstruction(provider.id, trigger: .manual, mode: .apply)
            try await RunCoordinator(store: fixture.store, runtime: runtime).run(instruction)
            let told = log.lines.filter { $0.contains("left out (line 1") }
            #expect(told.count == 2, "\(log.lines)")
        }
    }

    @Test("an object can be previewed as new, or as linked and compared with what the mappings would have created")
    func links() async throws {
        let expression = """
            state = "linked" if connection else "new"
            return {"display_name": user.name, "user_principal_name": user.email, "mail_nickname": user.username,
                    "account_enabled": True, "password_profile": {"password": user.password}, "department": state}
            """
        try await EngineFixture.with(userMapping: expression) { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            let (provider, object) = (try await fixture.current(), ObjectReference(ada.id))
            let new = try await trial(fixture).run(on: object, at: provider, link: .new)
            #expect(new.actions.map(\.verb) == [.create])
            #expect(try properties(new)["department"] == "new")
            let bert = try await fixture.addUser("bert")
            let linked = try await trial(fixture).run(on: ObjectReference(bert.id), at: provider, link: .linked)
            #expect(linked.actions.map(\.verb) == [.update])
            let changes = linked.actions.flatMap(\.changes)
            #expect(changes == [AttributeChange(attribute: "department", old: "new", new: "linked")])
        }
    }

    @Test("a preview shows a skipped object, a value that Entra would refuse, and an error of the expression")
    func refusals() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            let provider = try await fixture.current()
            func outcome(_ expression: String) async throws -> PreviewResult.Outcome {
                let mapping = PropertyMapping(name: "try", expression: expression)
                return try await trial(fixture).run(on: ObjectReference(ada.id), at: provider, mappings: [mapping])
                    .outcome
            }
            guard case .skipped = try await outcome("raise SkipObject") else {
                Issue.record("not skipped")
                return
            }
            let faults = [
                "return {'user_principal_name': 'ada@elsewhere.test'}": "verified domain",
                "return {'citty': 'Oslo'}": "no property 'citty'", "return {'city': user.attributes['x']}": "KeyError",
            ]
            for (expression, words) in faults {
                guard case .leftAlone(let message, let remedy, _, _) = try await outcome(expression) else {
                    Issue.record("\(expression) is taken")
                    continue
                }
                #expect(message.contains(words) && !remedy.isEmpty, "\(message)")
            }
        }
    }

    @Test("events of mappings are recorded by a sync that applies, not by a preview or a dry run")
    func events() async throws {
        let expression = #"ak_create_event("seen", number=1)"# + "\n" + DefaultMappings.user.expression
        try await EngineFixture.with(userMapping: expression) { fixture in
            let ada = try await fixture.addUser("ada")
            func seen() async throws -> [Event] {
                try await fixture.store.read { try $0.events(limit: 50) }.filter { $0.action == "custom_seen" }
            }
            _ = try await trial(fixture).run(on: ObjectReference(ada.id), at: fixture.current())
            #expect(try await seen().isEmpty)
            _ = try await fixture.sync()
            let events = try await seen()
            #expect(events.count == 1)
            #expect(events.first?.context["object"]?["name"] == "ada")
            #expect(events.first?.context["details"] == ["number": 1])
        }
    }

    @Test("mappings look up users by any attribute, in the current directory")
    func lookups() async throws {
        let expression = """
            boss = ak_user_by(attributes__employee_id=user.attributes.get("boss"))
            return {"display_name": user.name, "user_principal_name": user.email, "mail_nickname": user.username,
                    "account_enabled": True, "password_profile": {"password": user.password},
                    "department": boss.name if boss else None}
            """
        try await EngineFixture.with(userMapping: expression) { fixture in
            let ada = try await fixture.addUser("ada")
            func department() async throws -> JSONValue {
                let provider = try await fixture.current()
                let result = try await trial(fixture).run(on: ObjectReference(ada.id), at: provider)
                return try properties(result)["department"] ?? .string("absent")
            }
            try await fixture.change(ada) { $0.attributes["boss"] = "7" }
            // For a new account no null is sent.
            #expect(try await department() == "absent")
            let eve = try await fixture.addUser("eve")
            try await fixture.change(eve) { $0.attributes["employee_id"] = "7" }
            #expect(try await department() == "Person eve")
        }
    }

    @Test("a mapping that fails for nearly all stops the provider before anything is sent; a preview still shows it")
    func failsForAll() async throws {
        let expression =
            "if user.username == 'u3':\n    return {'display_name': 'x'}\nreturn {'city': user.attributes['x']}"
        try await EngineFixture.with(userMapping: expression) { fixture in
            try await fixture.fill(users: 12, groups: 1)
            let preview = try await fixture.sync(.planOnly)
            #expect(preview.count(.skip, .failed) == 12)
            try await fixture.client.resetCounters()
            let error = await #expect(throws: ProvisioningError.self) { try await fixture.sync() }
            #expect(
                error?.description.contains("fail for 11 of 12 users, so nothing was sent") == true,
                "\(error as Any)"
            )
            #expect(error?.description.contains("KeyError: 'x'") == true)
            #expect(try await fixture.client.counters()["writes"] == 0)
        }
    }

    @Test("failures of a few objects leave an event for each kind, with their number")
    func failureEvents() async throws {
        let expression = """
            if user.username in ("u1", "u2"):
                raise ValueError("no")
            """ + "\n" + DefaultMappings.user.expression
        try await EngineFixture.with(userMapping: expression) { fixture in
            try await fixture.fill(users: 12, groups: 0)
            #expect(try await fixture.sync().count(.create) == 10)
            let events = try await fixture.store.read { try $0.events(limit: 50) }
                .filter { $0.action == "property_mapping_exception" }
            #expect(events.count == 1)
            #expect(events.first?.context["objects"] == 2)
            #expect(events.first?.context["first"]?["name"] == "u1")
        }
    }

    @Test("a look-up finds more users than fit on a page, each once")
    func pagesOfUsers() async throws {
        let expression = """
            from authentik.core.models import User
            by_address = [u.pk for u in User.objects.filter(email="all@company.com")]
            by_attribute = [u.pk for u in User.objects.filter(attributes__site="Oslo")]
            return {"city": f"{len(set(by_address))} {len(by_address)}", "state": f"{len(set(by_attribute))} {len(by_attribute)}"}
            """
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            try await fixture.store.write { transaction in
                for number in 0..<DirectoryQuery.page * 2 + 1 {
                    let profile = UserProfile(
                        username: "u\(number)",
                        name: "U",
                        email: "all@company.com",
                        attributes: ["site": "Oslo"]
                    )
                    _ = try transaction.createUser(profile)
                }
            }
            let (provider, mapping) = (
                try await fixture.current(), PropertyMapping(name: "try", expression: expression)
            )
            let mappings = [DefaultMappings.user, mapping]
            let result = try await trial(fixture).run(on: ObjectReference(ada.id), at: provider, mappings: mappings)
            let properties = try properties(result)
            #expect(properties["city"] == "1001 1001")
            #expect(properties["state"] == "1001 1001")
        }
    }

    @Test("the index of an attribute follows all changes, even those that the journal no longer has")
    func index() async throws {
        try await EngineFixture.with { fixture in
            let index = AttributeIndex(store: fixture.store)
            let (ada, eve) = (try await fixture.addUser("ada"), try await fixture.addUser("eve"))
            try await fixture.change(ada) { $0.attributes = ["badge": ["number": 7]] }
            let path = ["badge", "number"]
            #expect(try await index.users(with: 7, at: path) == [ada.id])
            try await fixture.change(eve) { $0.attributes = ["badge": ["number": 7.0]] }
            #expect(try await index.users(with: 7, at: path) == [ada.id, eve.id])
            try await fixture.change(ada) { $0.attributes = [:] }
            // Every provider has processed these changes, so they are removed from the journal.
            _ = try await fixture.sync()
            try await fixture.store.write { try $0.trimJournal() }
            #expect(try await index.users(with: 7, at: path) == [eve.id])
            try await fixture.store.write { try $0.deleteUser(eve.id) }
            #expect(try await index.users(with: 7, at: path) == [])
        }
    }
}

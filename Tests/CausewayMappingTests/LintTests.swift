import CausewayGraphTypes
import CausewayJSON
import CausewayMapping
import CausewayModel
import Testing

@Suite("Findings about expressions")
struct LintTests {
    private func findings(
        _ expression: String,
        kind: ObjectKind = .user,
        isFromAuthentik: Bool = false
    ) async throws -> [MappingLint.Finding] {
        let set = MappingSet(kind: kind, [PropertyMapping(name: "m", expression: expression)])
        return try await MappingLint(set: set, types: .load(), environment: .find())
            .findings(isFromAuthentik: isFromAuthentik)
    }

    @Test(
        "an oddity is found, with line and column",
        arguments: [
            ("return {'dispaly_name': user.name}", 1, 9, "'dispaly_name'"),
            ("result = {}\nresult['citty'] = 'Oslo'\nreturn result", 2, 8, "'citty'"),
            ("return {'city': usr.name}", 1, 17, "did you mean 'user'?"),
            ("x = user.uid,\nreturn {'on_premises_immutable_id': x}", 1, 5, "tuple"),
            ("return {'city': resolve_dns('x.test')}", 1, 17, "no network"),
            ("return {'created_date_time': None}", 1, 9, "cannot be written"),
            ("x = 1", 1, 1, "nothing is returned"),
            ("import phonenumbers\nreturn {}", 1, 1, "'phonenumbers' cannot be imported"),
            ("from django.db import models\nreturn {}", 1, 1, "'django.db' cannot be imported"),
            ("return {\n  'employee_id': 5}", 2, 18, "takes 'str', not 'int'"),
            ("r = {}\nr['business_phones'] = '1'\nreturn r", 2, 24, "takes 'list', not 'str'"),
            ("return {'account_enabled': 'yes'}", 1, 28, "takes 'bool', not 'str'"),
        ]
    )
    func odd(_ expression: String, _ line: Int, _ column: Int, _ words: String) async throws {
        let found = try await findings(expression)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.isError == false)
        #expect(found.first?.problem.line == line)
        #expect(found.first?.problem.column == column)
        #expect(found.first?.problem.sentence.contains(words) == true, "\(found)")
    }

    @Test(
        "a mapping written for authentik has a finding at each difference; one written for Causeway has none",
        arguments: [
            ("return {'city': \"\"\"a\n  b\"\"\"}", 1, "adds four blanks"),
            ("x = f\"\"\"{user.name}\nb\"\"\"\nreturn {'city': x}", 1, "adds four blanks"),
            ("x = 1\ndef f():\n  global n\n  n = 2\nf()\nreturn {'city': 'Oslo'}", 3, "starts without it"),
            ("return {'city': 'Oslo',\n 'country': user.attributes.get('country')}", 2, "is None"),
            ("r = {}\nr['country'] = user.attributes.get('c') or None\nreturn r", 2, "is None"),
            ("return {'country': 'x' if user.email else None}", 1, "is None"),
            ("return {'job_title': ''}", 1, "empty text"),
            ("return {'password_profile': {'password': 'Long-enough-1'}}", 1, "plain dict"),
            ("if request.user.password:\n  return {'city': 'x'}\nreturn {}", 1, "stored hash"),
            ("if not user.email:\n  return []\nreturn {'city': 'x'}", 2, "not a dict"),
            ("if ak_user_has_authenticator(user): return {}\nreturn {'city': 'x'}", 1, "always False"),
            ("user.save()\nreturn {'city': 'x'}", 1, "cannot be changed by a mapping"),
            ("from unidecode import unidecode\nreturn {'city': unidecode(user.name)}", 2, "other scripts"),
        ]
    )
    func differences(_ expression: String, _ line: Int, _ words: String) async throws {
        let found = try await findings(expression, isFromAuthentik: true)
        #expect(found.map(\.problem.line) == [line], "\(found)")
        #expect(found.allSatisfy { !$0.isError && $0.problem.sentence.contains(words) }, "\(found)")
        let native = try await findings(expression)
        #expect(native.isEmpty, "\(native)")
    }

    @Test("code that means the same in authentik and in Causeway has no finding")
    func sameAsThere() async throws {
        let expression = """
            from authentik.core.models import UserTypes
            # A comment over
            # two lines, and a text that is written in one: "a" "b"
            name = ("a"
                    "b")
            return {
                "display_name": user.name, "country": user.attributes.get("country", "Norway"),
                "department": user.attributes.get("department") or "none", "mail_nickname": str(user.uuid.hex) + name,
            }
            """
        let found = try await findings(expression, isFromAuthentik: true)
        #expect(found.isEmpty, "\(found)")
    }

    @Test("findings and evaluation agree on which modules mappings can import")
    func modules() async throws {
        let there = [
            "os", "os.path", "sys", "ast", "json", "urllib", "html.entities", "collections.abc", "django.utils.text",
            "msgraph",
        ]
        let missing = ["ctypes", "importlib", "builtins", "_signal", "signal", "socket", "subprocess", "pipe"]
        for name in there + missing {
            let imported = "import \(name)\nimport html\nreturn {'city': 'Oslo'}"
            let found = try await findings(imported).map(\.problem.message)
            let isTold = found == ["'\(name)' cannot be imported in a mapping"]
            #expect(missing.contains(name) ? isTold : found.isEmpty, "\(name): \(found)")
            let called = "__import__('\(name)')\nimport html\nreturn {'city': 'Oslo'}"
            for expression in missing.contains(name) ? [imported, called] : [imported] {
                let problem = try await MappingFixture.with([expression]) { try await $0.problem() }
                let isRefused = problem?.message.contains("'\(name)' cannot be imported") == true
                #expect(missing.contains(name) ? isRefused : problem == nil, "\(name): \(problem as Any)")
            }
        }
    }

    @Test("the parts of os and sys that a mapping written for authentik may use work")
    func system() async throws {
        let expression = """
            import os, sys
            from msgraph.generated.models.password_profile import PasswordProfile
            stem, ending = os.path.splitext(os.path.join("a", "b.txt"))
            return {"city": f"{stem}{ending} {os.environ.get('SITE', 'Oslo')} {sys.version_info >= (3, 9)}"}
            """
        let found = try await findings(expression, isFromAuthentik: true)
        #expect(found.isEmpty, "\(found)")
        try await MappingFixture.with([expression]) { fixture in
            for result in try await fixture.pool.evaluate([.user("ada"), .user("bob")]) {
                guard case .desired(let made) = result.outcome else {
                    Issue.record("\(result.outcome)")
                    continue
                }
                #expect(made.properties["city"] == "a/b.txt Oslo True")
            }
        }
    }

    @Test(
        "the properties that mappings return tell their kind",
        arguments: [
            ("return {'given_name': 'x', 'display_name': 'y'}", .user), ("return {'description': 'x'}", .group),
            ("g = {'display_name': group.name}\ng['security_enabled'] = True\nreturn g", .group),
            ("return {'display_name': user.name}", .user), ("return {'display_name': group.name}", .group),
            ("return {'dispaly_name': 'x'}", .user), ("return {'mail_enabled': True, 'citty': 'x'}", .group),
            ("return {'display_name': user.name if user else group.name}", .user),
        ] as [(String, ObjectKind)]
    )
    func likelyKind(_ expression: String, _ kind: ObjectKind) async throws {
        let set = MappingSet(kind: .user, [PropertyMapping(name: "m", expression: expression)])
        let found = try await MappingLint(set: set, types: .load(), environment: .find()).likelyKind()
        #expect(found == kind)
    }

    @Test("each of several mappings has its kind; one that fits users and groups has none")
    func likelyKinds() async throws {
        let expressions = [
            "user": "return {'given_name': 'x'}", "group": "return {'display_name': group.name}",
            "request": "return {'display_name': request.user.name}", "either": "return {'display_name': 'x'}",
            "both": "return {'display_name': user.name if user else group.name}", "empty": "return {}",
        ]
        let set = MappingSet(kind: .user, expressions.map { PropertyMapping(name: $0.key, expression: $0.value) })
        let found = try await MappingLint(set: set, types: .load(), environment: .find()).likelyKinds()
        #expect(found == ["user": .user, "group": .group, "request": .user])
    }

    @Test("the kind of every mapping in the library is recognized")
    func likelyKindOfLibrary() async throws {
        for entry in MappingLibrary.all {
            let set = MappingSet(kind: .user, [entry.mapping])
            let found = try await MappingLint(set: set, types: .load(), environment: .find()).likelyKind()
            #expect(found == entry.kind, "\(entry.mapping.name)")
        }
    }

    @Test("a syntax error is an error with line and column")
    func broken() async throws {
        let found = try await findings("return {\n  'a': }")
        #expect(found.map(\.isError) == [true])
        #expect(found.first?.problem.line == 2)
    }

    @Test("the mappings of the product have no findings")
    func library() async throws {
        for entry in MappingLibrary.all {
            let found = try await findings(entry.mapping.expression, kind: entry.kind)
                .filter { !$0.problem.message.contains("'account_enabled'") }
            #expect(found.isEmpty, "\(entry.mapping.name): \(found)")
        }
        let user = try await findings(DefaultMappings.user.expression)
        let group = try await findings(DefaultMappings.group.expression, kind: .group)
        let example = try await findings(DefaultMappings.emailVerifiedUsers.expression)
        #expect(user.isEmpty && group.isEmpty)
        // The documented example does not say for every user whether they may sign in.
        #expect(example.map(\.problem.sentence).allSatisfy { $0.contains("'account_enabled'") } && example.count == 1)
    }

    @Test(
        "a mapping that creates accounts without account_enabled has a finding",
        arguments: [
            ("return {'display_name': 'x', 'user_principal_name': user.email}", [1]),
            ("return {'display_name': 'x', 'user_principal_name': 'x', 'account_enabled': True}", []),
            ("p = {'display_name': 'x'}\np['identities'] = []\nreturn p", [1]),
            ("p = {'display_name': 'x', 'identities': []}\np['account_enabled'] = True\nreturn p", []),
            (
                "if user.email:\n  p = {'display_name': 'x', 'account_enabled': True}\nelse:\n  p = {'display_name': 'y'}\np['identities'] = []\nreturn p",
                [4]
            ),
            ("return {'user_principal_name': user.email}", []),
            ("return {'department': 'x'}", []),
            ("return {**user.attributes, 'display_name': 'x', 'identities': []}", []),
        ] as [(String, [Int])]
    )
    func silent(_ expression: String, _ lines: [Int]) async throws {
        let found = try await findings(expression)
        #expect(found.compactMap(\.problem.line) == lines, "\(found)")
        #expect(found.allSatisfy { !$0.isError && $0.problem.sentence.contains("'account_enabled'") })
        let asGroup = try await findings("return {'display_name': 'x'}", kind: .group)
        #expect(asGroup.isEmpty)
    }

    @Test("there is no finding if another mapping returns account_enabled")
    func saidElsewhere() async throws {
        let mappings = [
            PropertyMapping(name: "a", expression: "return {'display_name': 'x', 'user_principal_name': user.email}"),
            PropertyMapping(name: "b", expression: "return {'account_enabled': user.is_active}"),
        ]
        let set = MappingSet(kind: .user, mappings)
        #expect(try await MappingLint(set: set, types: .load(), environment: .find()).findings().isEmpty)
    }
}

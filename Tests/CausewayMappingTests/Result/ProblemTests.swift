import CausewayMapping
import CausewayModel
import Testing

@Suite("Messages about faulty mappings")
struct ProblemTests {
    @Test(
        "values that Entra would refuse are named, with a remedy",
        arguments: [
            (#"return {"displayname": "x"}"#, "displayname", "Did you mean 'display_name'?"),
            (#"return {"display_name": 5}"#, "displayName", "Correct the value in the mapping."),
            (#"return {"city": "x" * 200}"#, "city", "Shorten the value"),
            (#"return {"business_phones": ["1", "2"]}"#, "businessPhones", "fewer"),
            (#"return {"account_enabled": "yes"}"#, "accountEnabled", "Correct"),
            (#"return {"password_profile": {"pasword": "x"}}"#, "passwordProfile.pasword", "Did you mean 'password'?"),
            (#"return {"created_date_time": "2020-01-01"}"#, "createdDateTime", "Remove"),
            (#"return {"skills": ["swift"]}"#, "skills", "Remove"),
        ]
    )
    func refusedValues(_ expression: String, _ attribute: String, _ remedy: String) async throws {
        try await MappingFixture.with([expression]) { fixture in
            let problem = try #require(try await fixture.problem())
            #expect(problem.attribute == attribute)
            #expect(problem.remedy.contains(remedy), "\(problem.remedy)")
            #expect(problem.mapping == "mapping 1")
        }
    }

    @Test(
        "of several mappings the one that set the value last is named",
        arguments: [
            (#"{"city": "x" * 200}"#, 1), (#"{"country": "x" * 200}"#, 2), (#"{"business_phones": [lambda: 1]}"#, 1),
            (#"{"city": "\udc00"}"#, 1),
        ]
    )
    func severalMappings(_ result: String, _ number: Int) async throws {
        let others = [#"return {"country": "Norway"}"#, #"return {"country": "Norway", "state": "Oslo"}"#]
        let expressions = number == 1 ? ["return \(result)", others[1]] : [others[0], "return \(result)"]
        try await MappingFixture.with(expressions) { fixture in
            let problem = try #require(try await fixture.problem())
            #expect(problem.mapping == "mapping \(number)", "\(problem.sentence)")
        }
    }

    @Test("a property name that is not a string is a problem", arguments: ["5", "None", "('a', 'b')", #""\udc00""#])
    func names(_ name: String) async throws {
        try await MappingFixture.with(["return {\(name): 1}"]) { fixture in
            let problem = try #require(try await fixture.problem())
            #expect(problem.mapping == "mapping 1")
        }
    }

    @Test("an exception is reported with mapping, line, column, kind, message and the values involved")
    func exceptions() async throws {
        try await MappingFixture.with(["x = 1\ny = user.attributes[\"missing\"]\nreturn {}"]) { fixture in
            let problem = try #require(try await fixture.problem())
            #expect(problem.line == 2)
            // Before 3.11, Python has no columns, so it does not know which part failed.
            guard let column = problem.column else { return }
            #expect(column == 5)
            #expect(
                problem.sentence
                    == "Mapping 'mapping 1', line 2, column 5: KeyError: 'missing' (user.attributes is {})."
            )
        }
    }

    @Test("long values and messages are cut between words, with an ellipsis for the rest")
    func longValues() async throws {
        let expression = """
            text = 'word ' * 400
            if user.username == 'ada': raise ValueError(text)
            return {'city': text.none}
            """
        try await MappingFixture.with([expression]) { fixture in
            let message = try #require(try await fixture.problem()).message
            #expect(message.hasSuffix(" word…") && message.count > 900 && message.count <= 1020, "\(message)")
            let problem = try #require(try await fixture.problem(.user("bob")))
            // Before 3.11, Python does not know which part failed.
            guard problem.column != nil else { return }
            let value = problem.values["text"] ?? ""
            #expect(value.hasSuffix(" word…") && value.count > 60 && value.count <= 120, "\(value)")
        }
    }

    @Test("a password is never among the reported values")
    func secretValues() async throws {
        try await MappingFixture.with(["password = user.password\nx = password + 1\nreturn {}"]) { fixture in
            let problem = try #require(try await fixture.problem())
            #expect(problem.line == 2)
            #expect(problem.values.isEmpty)
        }
    }

    @Test(
        "a result that is not a dict, is empty, or has a value without a JSON form is a problem",
        arguments: ["return 'x'", "pass", "return {}", "return {'city': lambda: 1}", "return {'city': float('nan')}"]
    )
    func noResult(_ expression: String) async throws {
        try await MappingFixture.with([expression]) { fixture in
            let problem = try await fixture.problem()
            #expect(problem != nil)
        }
    }

    @Test("the message about a wrong property of one of the SDK's classes names the right one")
    func wrongClassProperty() async throws {
        let expression = """
            from msgraph.generated.models.password_profile import PasswordProfile
            return {"password_profile": PasswordProfile(pass_word="x")}
            """
        try await MappingFixture.with([expression]) { fixture in
            let problem = try #require(try await fixture.problem())
            #expect(problem.message.contains("did you mean 'password'?"), "\(problem.message)")
        }
    }

    @Test("the message about a failed import says what can be imported")
    func imports() async throws {
        try await MappingFixture.with(["import numpy\nreturn {}"]) { fixture in
            let problem = try #require(try await fixture.problem())
            #expect(problem.message.contains("'numpy' cannot be imported"))
            #expect(problem.message.contains("hashlib"))
        }
    }

    @Test(
        "a function that needs a network, mail or a policy engine says so, and what to use instead",
        arguments: [
            ("import requests", "into attributes"), ("requests.get('https://x.test')", "into attributes"),
            ("ak_send_email('a@x.test', 'hi', body='x')", "ak_create_event"), ("resolve_dns('x.test')", "an attribute"),
            ("reverse_dns('127.0.0.1')", "an attribute"), ("ak_call_policy('p')", "ak_is_group_member"),
            ("ak_create_jwt_raw(provider)", "an attribute"),
        ]
    )
    func unavailable(_ expression: String, _ instead: String) async throws {
        try await MappingFixture.with(["\(expression)\nreturn {'city': 'Oslo'}"]) { fixture in
            let problem = try #require(try await fixture.problem())
            #expect(problem.message.contains(instead), "\(problem.message)")
        }
    }

    @Test("a syntax error stops the evaluation, with its position")
    func syntaxErrors() async throws {
        try await MappingFixture.with(["return {\n  'a': }"]) { fixture in
            let faults = try await fixture.pool.check()
            #expect(faults.map(\.line) == [2])
            #expect(faults.first?.sentence.contains("SyntaxError") == true)
            await #expect(throws: MappingEnvironmentError.self) { try await fixture.pool.evaluate([.user("ada")]) }
        }
    }

    @Test("a missing Python is one sentence with the way to install it")
    func missingPython() {
        #expect(throws: MappingEnvironmentError.self) { () throws in
            try PythonInterpreter.find("/nonexistent/python3")
        }
    }
}

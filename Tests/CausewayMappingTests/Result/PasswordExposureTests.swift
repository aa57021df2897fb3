import CausewayJSON
import CausewayMapping
import CausewayModel
import Testing

@Suite("Initial passwords that a mapping exposes")
struct PasswordExposureTests {
    /// A generated password, anywhere in a result.
    private static func holdsPassword(_ text: String) -> Bool {
        text.contains(/[A-Za-z0-9!#$%*+\-=?@_]{32}/)
    }

    @Test(
        "a result with a password outside a password profile is refused, and the error names the property",
        arguments: [
            (#"{"display_name": "pw " + p}"#, "displayName"), (#"{"city": p}"#, "city"),
            (#"{"business_phones": [p]}"#, "businessPhones"), (#"{"other_mails": ["a@example.com", p]}"#, "otherMails"),
            (#"{"on_premises_extension_attributes": {"extension_attribute1": p}}"#, "onPremisesExtensionAttributes"),
            (#"{"additional_data": {"city": p}}"#, "additional_data"), (#"{p: "x"}"#, ""),
            (
                #"{"extension_0123456789abcdef0123456789abcdef_note": p}"#,
                "extension_0123456789abcdef0123456789abcdef_note"
            ),
            (#"{"employee_org_data": {p: "x"}}"#, "employeeOrgData"),
            // Deleted where it was recorded, and generated once more.
            (#"{"city": (p, request.user.__dict__.clear(), request.user.password)[0]}"#, "city"),
        ]
    )
    func refused(_ result: String, _ attribute: String) async throws {
        let expression = "p = request.user.password\nreturn {'password_profile': {'password': p}, **\(result)}"
        try await MappingFixture.with([expression]) { fixture in
            let problem = try #require(try await fixture.problem())
            #expect(problem.message.contains("initial password"))
            #expect(problem.attribute == attribute)
            #expect(!Self.holdsPassword("\(problem)".replacing("0123456789abcdef0123456789abcdef", with: "")))
        }
    }

    @Test(
        "the warning about a value does not name a class that is named after a password",
        arguments: ["request.user.password", "'Ab1-' + user.username * 10"]
    )
    func className(_ password: String) async throws {
        let expression =
            "p = \(password)\nreturn {'password_profile': {'password': p}, 'city': type(p, (int,), {})(5)}"
        try await MappingFixture.with([expression]) { fixture in
            let result = try await fixture.pool.evaluate([.user("ada")])[0]
            guard case .desired(let made) = result.outcome else {
                Issue.record("\(result.outcome)")
                return
            }
            let secret = try #require(made.secrets["passwordProfile.password"]).revealed
            #expect(result.warnings.count == 1 && !"\(result.notes)".contains(secret))
            #expect(result.warnings[0].contains("'********'"))
        }
    }

    @Test(
        "logs and events of a mapping have a mask instead of a password",
        arguments: [
            "print(p)", "print('x' * 490 + p)", "print(p[:16], end='')\nprint(p[16:])",
            "ak_logger.info('made', password=p)",
            "ak_logger.warning('x' * 480 + p)", "ak_logger.bind(p=p).info('bound')",
            "ak_create_event('made', password=p)", "ak_create_event('made', all={'list': [p], p: 1}, text='is ' + p)",
            "ak_create_event(p)", "ak_create_event('made', odd={1: {p, float('nan')}})",
        ],
        // Generated, or the mapping's own.
        ["request.user.password", "'Ab1-' + user.username * 10"]
    )
    func logged(_ statement: String, _ password: String) async throws {
        let expression = "p = \(password)\n\(statement)\nreturn {'password_profile': {'password': p}}"
        try await MappingFixture.with([expression]) { fixture in
            let result = try await fixture.pool.evaluate([.user("ada")])[0]
            guard case .desired(let made) = result.outcome else {
                Issue.record("\(result.outcome)")
                return
            }
            let secret = try #require(made.secrets["passwordProfile.password"]).revealed
            #expect(!result.notes.isEmpty)
            let said = "\(result.notes)"
            #expect(!said.contains(secret) && !said.contains(secret.prefix(12)), "\(said)")
        }
    }

    @Test(
        "the message of a failure has no password",
        arguments: [
            "raise ValueError('bad ' + p)", "raise ValueError('x' * 980 + p)", "int(p)", "other = p\nother + 1",
            "{}[p]", "getattr(user, p)", "raise KeyError({'p': [p]})",
        ]
    )
    func failing(_ statement: String) async throws {
        try await MappingFixture.with(["p = request.user.password\n\(statement)\nreturn {}"]) { fixture in
            let problem = try #require(try await fixture.problem())
            let text = "\(problem.message) \(problem.values) \(problem.remedy)".replacing(/x{30,}/, with: "")
            #expect(!Self.holdsPassword(text), "\(text)")
        }
    }
}

import CausewayJSON
import CausewayMapping
import CausewayModel
import Testing

@Suite("Values that Entra would refuse")
struct RefusedValueTests {
    @Test(
        "a value that Entra would refuse is reported before anything is sent, with property and remedy",
        arguments: [
            (#"{"user_principal_name": "ada"}"#, "userPrincipalName"),
            (#"{"user_principal_name": "a@b@example.com"}"#, "userPrincipalName"),
            (#"{"user_principal_name": "ådå@example.com"}"#, "userPrincipalName"),
            (#"{"user_principal_name": "ada.@example.com"}"#, "userPrincipalName"),
            (#"{"user_principal_name": "a" * 65 + "@example.com"}"#, "userPrincipalName"),
            (#"{"mail_nickname": "ada lovelace"}"#, "mailNickname"), (#"{"mail_nickname": "adå"}"#, "mailNickname"),
            (#"{"mail": "ada at example.com"}"#, "mail"), (#"{"other_mails": ["a@x.test", "b"]}"#, "otherMails"),
            (#"{"on_premises_immutable_id": "a_b"}"#, "onPremisesImmutableId"),
            (#"{"on_premises_immutable_id": ("a", "b")}"#, "onPremisesImmutableId"),
            (#"{"password_profile": {"password": "short"}}"#, "passwordProfile.password"),
            (#"{"password_profile": {"password": "onlysmallletters"}}"#, "passwordProfile.password"),
            (#"{"password_policies": "Never"}"#, "passwordPolicies"),
            (#"{"usage_location": "Germany"}"#, "usageLocation"), (#"{"usage_location": "UK"}"#, "usageLocation"),
            (#"{"usage_location": "XX"}"#, "usageLocation"), (#"{"usage_location": "ZZ"}"#, "usageLocation"),
            (#"{"employee_leave_date_time": "31.12.2024"}"#, "employeeLeaveDateTime"),
            (#"{"employee_leave_date_time": "2023-02-29"}"#, "employeeLeaveDateTime"),
            (#"{"account_enabled": 2}"#, "accountEnabled"), (#"{"account_enabled": "yes"}"#, "accountEnabled"),
            (#"{"identities": [{"issuer": "mail"}]}"#, "identities"),
            (
                #"{"identities": [{"sign_in_type": "federated", "issuer": "mail", "issuer_assigned_id": "x" * 65}]}"#,
                "identities.issuerAssignedId"
            ),
            (
                #"{"identities": [{"sign_in_type": "userName", "issuer": "x.test", "issuer_assigned_id": "a b"}]}"#,
                "identities"
            ),
        ]
    )
    func refused(_ result: String, _ attribute: String) async throws {
        try await MappingFixture.with(["return \(result)"]) { fixture in
            let problem = try #require(try await fixture.problem(), "\(result) is taken")
            #expect(problem.attribute == attribute)
            #expect(!problem.remedy.isEmpty)
            #expect(!problem.message.contains("onlysmallletters"))
        }
    }

    @Test(
        "values that Entra accepts are accepted",
        arguments: [
            #"{"user_principal_name": "Ada.O'Neil-1_!#^~@Sub.Example.com"}"#, #"{"mail": "ada+x@example.com"}"#,
            #"{"user_principal_name": "a" * 80 + "_x.test#EXT#@example.com"}"#, #"{"usage_location": "de"}"#,
            #"{"password_policies": "DisablePasswordExpiration, DisableStrongPassword"}"#,
            #"{"password_profile": {"password": "Long-enough"}}"#, #"{"on_premises_immutable_id": "a+/b=="}"#,
            #"{"identities": [{"sign_in_type": "userName", "issuer": "x.test", "issuer_assigned_id": "a-b_1"}]}"#,
        ]
    )
    func taken(_ result: String) async throws {
        try await MappingFixture.with(["return \(result)"]) { fixture in
            let problem = try await fixture.problem()
            #expect(problem == nil, "\(problem?.sentence ?? "")")
        }
    }

    @Test(
        "another spelling of a value becomes the one that Graph accepts",
        arguments: [
            (#"{"usage_location": "gb"}"#, "usageLocation", "GB"),
            (#"{"employee_leave_date_time": "2024-01-01"}"#, "employeeLeaveDateTime", "2024-01-01T00:00:00Z"),
            (#"{"employee_leave_date_time": "2024-01-01 10:00:00"}"#, "employeeLeaveDateTime", "2024-01-01T10:00:00Z"),
            (#"{"employee_leave_date_time": ""}"#, "employeeLeaveDateTime", .null),
            (#"{"business_phones": [None]}"#, "businessPhones", []),
            (#"{"business_phones": [""]}"#, "businessPhones", []),
            (#"{"business_phones": ["", "1", None]}"#, "businessPhones", ["1"]),
            (#"{"other_mails": [None, "a@x.test"]}"#, "otherMails", ["a@x.test"]),
            (
                #"{"extension_0123456789abcdef0123456789abcdef_x": ""}"#,
                "extension_0123456789abcdef0123456789abcdef_x", .null
            ),
            (
                #"{"extension_0123456789abcdef0123456789abcdef_x": [None, "a"]}"#,
                "extension_0123456789abcdef0123456789abcdef_x", ["a"]
            ),
        ] as [(String, String, JSONValue)]
    )
    func otherWords(_ result: String, _ attribute: String, _ value: JSONValue) async throws {
        try await MappingFixture.with(["return \(result)"]) { fixture in
            let made = try await fixture.properties(.user("ada"))
            #expect(made.properties == [attribute: value])
        }
    }

    @Test("the message about an unknown country code names the code that is meant")
    func countryMeant() async throws {
        try await MappingFixture.with([#"return {"usage_location": "uk"}"#]) { fixture in
            let problem = try #require(try await fixture.problem())
            #expect(problem.sentence.contains("'uk'") && problem.remedy == "Use GB.", "\(problem)")
        }
    }

    @Test(
        "a property that only a signed-in person may write is left out with a note, and the rest is sent",
        arguments: ["employee_hire_date", "about_me", "birthday", "skills"]
    )
    func leftOut(_ name: String) async throws {
        try await MappingFixture.with(["return {'city': 'Oslo', '\(name)': '2024-01-01'}"]) { fixture in
            let result = try await fixture.pool.evaluate([.user("ada")])[0]
            guard case .desired(let made) = result.outcome else {
                Issue.record("\(result.outcome)")
                return
            }
            #expect(made.properties == ["city": "Oslo"])
            #expect(result.warnings.count == 1 && result.warnings[0].contains(name), "\(result.warnings)")
        }
    }

    @Test(
        "a property that Graph refuses is left out with the mapping's line; with the strict setting the object fails",
        arguments: [
            (.user, "'proxy_addresses': ['smtp:a@x.test']", "proxyAddresses"),
            (.user, "'assigned_licenses': [{'sku_id': 'x'}]", "assignedLicenses"),
            (.user, "'last_password_change_date_time': '2024-01-01'", "lastPasswordChangeDateTime"),
            (.user, "'on_premises_sam_account_name': 'ada'", "onPremisesSamAccountName"),
            (.user, "'created_date_time': None", "createdDateTime"), (.user, "'skills': ['x']", "skills"),
            (.user, "'user_type': 'Employee'", "userType"), (.user, "'age_group': 'old'", "ageGroup"),
            (.user, "'consent_provided_for_minor': 'yes'", "consentProvidedForMinor"),
            (.user, "'preferred_language': 'english'", "preferredLanguage"),
            (.user, "'preferred_language': 'en_US'", "preferredLanguage"),
            (.user, "'preferred_language': 'EN'", "preferredLanguage"),
            (.group, "'proxy_addresses': ['smtp:a@x.test']", "proxyAddresses"), (.group, "'mail': 'a@x.test'", "mail"),
            (.group, "'assigned_licenses': []", "assignedLicenses"), (.group, "'visibility': 'Secret'", "visibility"),
            (.group, "'preferred_language': 'deutsch'", "preferredLanguage"), (.group, "'theme': 'Black'", "theme"),
        ] as [(ObjectKind, String, String)]
    )
    func refusedByGraph(_ kind: ObjectKind, _ pair: String, _ attribute: String) async throws {
        let expression = "return {\n  'display_name': 'x',\n  \(pair),\n}"
        let object = kind == .user ? MappingInput.user("ada") : .group("Eng")
        try await MappingFixture.with([expression], kind: kind) { fixture in
            let result = try await fixture.pool.evaluate([object])[0]
            guard case .desired(let made) = result.outcome else {
                Issue.record("\(result.outcome)")
                return
            }
            #expect(made.properties == ["displayName": "x"] && made.leftOut.map(\.attribute) == [attribute])
            let warning = result.warnings.first ?? ""
            #expect(result.warnings.count == 1 && warning.hasPrefix(attribute), "\(result.warnings)")
            #expect(warning.contains("It is left out (line 3 of 'mapping 1')."), "\(warning)")
        }
        try await MappingFixture.with([expression], kind: kind, types: .refuse) { fixture in
            let problem = try await fixture.problem(object)
            #expect(problem?.attribute == attribute && problem?.line == 3, "\(problem as Any)")
        }
    }

    @Test(
        "properties of cloud users are accepted, and documented values in any letter case",
        arguments: [
            ("'user_type': 'guest'", "userType", "guest"), ("'age_group': 'notadult'", "ageGroup", "notadult"),
            ("'user_type': None", "userType", .null), ("'preferred_language': 'de'", "preferredLanguage", "de"),
            ("'preferred_language': 'de-AT'", "preferredLanguage", "de-AT"),
            ("'preferred_language': ''", "preferredLanguage", .null),
            ("'on_premises_immutable_id': 'a'", "onPremisesImmutableId", "a"),
            (
                "'on_premises_extension_attributes': {'extension_attribute1': 'a'}", "onPremisesExtensionAttributes",
                ["extensionAttribute1": "a"]
            ),
        ] as [(String, String, JSONValue)]
    )
    func takenByGraph(_ pair: String, _ attribute: String, _ value: JSONValue) async throws {
        try await MappingFixture.with(["return {\(pair)}"]) { fixture in
            let result = try await fixture.pool.evaluate([.user("ada")])[0]
            guard case .desired(let made) = result.outcome else {
                Issue.record("\(result.outcome)")
                return
            }
            #expect(made.properties == [attribute: value] && result.warnings.isEmpty, "\(result)")
        }
    }

    @Test("an immutable id in a tuple, as older defaults return it, is taken out of the tuple, with a note")
    func tuple() async throws {
        try await MappingFixture.with(["x = user.uid,\nreturn {'on_premises_immutable_id': x}"]) { fixture in
            let result = try await fixture.pool.evaluate([.user("ada")])[0]
            guard case .desired(let made) = result.outcome else {
                Issue.record("no result")
                return
            }
            #expect(made.properties == ["onPremisesImmutableId": .string(String(repeating: "a1", count: 32))])
            #expect(result.notes.warnings.count == 1)
            #expect(result.notes.warnings.first?.contains("comma") == true)
        }
    }

    @Test("the result has what mappings log, print and record")
    func notes() async throws {
        let expression = """
            ak_logger.bind(a=1).warning("careful", name=user.username)
            print("looking at", user.username)
            ak_create_event("seen", user=user, number=1)
            return {"city": "Oslo"}
            """
        try await MappingFixture.with([expression]) { fixture in
            let notes = try await fixture.pool.evaluate([.user("ada")])[0].notes
            #expect(notes.lines.map(\.level) == ["warning", "print"])
            #expect(notes.lines.map(\.text) == ["careful a=1 name='ada'", "looking at ada"])
            #expect(notes.events.map(\.action) == ["custom_seen"])
            #expect(notes.events.first?.context == ["user": "ada", "number": 1])
            // Nothing is left over for the next object.
            let again = try await fixture.pool.evaluate([.user("bert")])[0].notes
            #expect(again.lines.map(\.text) == ["careful a=1 name='bert'", "looking at bert"])
        }
    }
}

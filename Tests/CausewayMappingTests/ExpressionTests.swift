import CausewayJSON
import CausewayMapping
import CausewayModel
import Testing

@Suite("What expressions can use and return")
struct ExpressionTests {
    private static let documented = DefaultMappings.emailVerifiedUsers.expression

    @Test("the documented expression creates a member with a verified domain")
    func verifiedDomain() async throws {
        try await MappingFixture.with([Self.documented]) { fixture in
            let made = try await fixture.properties(.user("ada", email: "ada@Example.com", isActive: false))
            #expect(
                made.properties == [
                    "displayName": "Ada Łovelace", "accountEnabled": false, "mailNickname": "ada",
                    "userPrincipalName": "ada@Example.com", "passwordProfile": ["password": "********"],
                    "onPremisesImmutableId": .string(String(repeating: "a1", count: 32)),
                ]
            )
            let password = try #require(made.secrets["passwordProfile.password"]).revealed
            #expect(password.count >= 16)
            let classes: [(Character) -> Bool] = [\.isUppercase, \.isLowercase, \.isNumber]
            #expect(classes.allSatisfy { isIn in password.contains { isIn($0) } })
            #expect(!"\(made)".contains(password))
        }
    }

    @Test("the documented expression keeps the immutable id of an account that is linked")
    func linked() async throws {
        try await MappingFixture.with([Self.documented]) { fixture in
            let input = MappingInput.user("ada", email: "ada@company.com", known: ["onPremisesImmutableId": "kept=="])
            let made = try await fixture.properties(input)
            #expect(made.properties["onPremisesImmutableId"] == "kept==")
            #expect(made.properties["passwordProfile"] == nil)
            #expect(made.secrets.isEmpty)
        }
    }

    @Test("the documented expression creates an email-verified user for any other domain")
    func unverifiedDomain() async throws {
        try await MappingFixture.with([Self.documented]) { fixture in
            let made = try await fixture.properties(.user("ada", email: "ada@partner.test"))
            #expect(
                made.properties == [
                    "displayName": "Ada Łovelace", "mail": "ada@partner.test",
                    "passwordPolicies": "DisablePasswordExpiration", "userType": "member",
                    "identities": [
                        ["signInType": "federated", "issuer": "mail", "issuerAssignedId": "ada@partner.test"]
                    ],
                    "passwordProfile": ["password": "********"],
                ]
            )
        }
    }

    @Test("the default mappings do what authentik's do")
    func defaults() async throws {
        try await MappingFixture.with([DefaultMappings.user.expression]) { fixture in
            let made = try await fixture.properties(.user("ada"))
            #expect(made.properties["userPrincipalName"] == "ada@example.com")
            #expect(made.properties["onPremisesImmutableId"] == .string(String(repeating: "a1", count: 32)))
            #expect(made.secrets.count == 1)
            let linked = try await fixture.properties(.user("ada", known: ["displayName": "Old"]))
            #expect(linked.properties["onPremisesImmutableId"] == .null)
            #expect(linked.properties["passwordProfile"] == nil)
        }
        try await MappingFixture.with([DefaultMappings.group.expression], kind: .group) { fixture in
            let made = try await fixture.properties(.group("Größe & Maß"))
            #expect(
                made.properties == [
                    "displayName": "Größe & Maß", "mailEnabled": false, "securityEnabled": true,
                    "mailNickname": "groe-ma",
                ]
            )
        }
    }

    @Test("mappings are merged in the order of their names: dicts deeply, lists appended, the rest replaced")
    func merging() async throws {
        let expressions = [
            #"return {"display_name": "one", "other_mails": ["a@x.test"], "employee_org_data": {"division": "d"}}"#,
            #"return {"display_name": "two", "other_mails": ["b@x.test"], "employee_org_data": {"cost_center": "c"}}"#,
            "pass",
        ]
        try await MappingFixture.with(expressions) { fixture in
            let made = try await fixture.properties(.user("ada"))
            #expect(
                made.properties == [
                    "displayName": "two", "otherMails": ["a@x.test", "b@x.test"],
                    "employeeOrgData": ["division": "d", "costCenter": "c"],
                ]
            )
        }
    }

    @Test("SkipObject skips one object only")
    func skipping() async throws {
        let expression = """
            if user.username.startswith("x-"):
                raise SkipObject
            return {"display_name": user.name}
            """
        try await MappingFixture.with([expression]) { fixture in
            let outcomes = try await fixture.pool.evaluate([.user("x-1"), .user("ada")]).map(\.outcome)
            guard case .skipped = outcomes[0], case .desired = outcomes[1] else {
                Issue.record("unexpected outcomes \(outcomes)")
                return
            }
        }
    }

    @Test("groups, attributes and helpers are available")
    func groupsAndHelpers() async throws {
        let expression = """
            return {
                "department": request.user.group_attributes().get("department"),
                "job_title": "lead" if ak_is_group_member(request.user, name="Leads") else None,
                "office_location": list_flatten(request.user.attributes["offices"]),
                "mail_nickname": regex_replace(slugify("Ada L."), "-", "."),
                "city": str(regex_match("abc", "b.")),
                "company_name": provider.name,
                "street_address": ",".join(g.name for g in user.groups.all()),
            }
            """
        let leads = Group(id: .random(), profile: GroupProfile(name: "Leads", attributes: ["department": "R&D"]))
        try await MappingFixture.with([expression]) { fixture in
            let made = try await fixture.properties(.user("ada", attributes: ["offices": ["Bergen"]], groups: [leads]))
            #expect(
                made.properties == [
                    "department": "R&D", "jobTitle": "lead", "officeLocation": "Bergen", "mailNickname": "ada.l",
                    "city": "True", "companyName": "Entra", "streetAddress": "Leads",
                ]
            )
        }
    }

    @Test("text over several lines keeps its form, and an empty text clears the attribute")
    func multilineText() async throws {
        let expression = "return {\"street_address\": \"\"\"one\n  two\"\"\", \"city\": \"\"}"
        try await MappingFixture.with([expression]) { fixture in
            let made = try await fixture.properties(.user("ada"))
            #expect(made.properties == ["streetAddress": "one\n  two", "city": .null])
        }
    }

    @Test(
        "the pure modules of Python's library can be imported, at the top and further down",
        arguments: [
            "abc", "array", "base64", "binascii", "bisect", "calendar", "cmath", "codecs", "collections",
            "collections.abc",
            "colorsys", "contextlib", "copy", "csv", "dataclasses", "datetime", "decimal", "difflib", "enum", "fnmatch",
            "fractions", "functools", "graphlib", "hashlib", "heapq", "hmac", "html", "io", "ipaddress", "itertools",
            "json",
            "keyword", "locale", "math", "numbers", "operator", "pprint", "quopri", "random", "re", "reprlib",
            "secrets", "shlex",
            "statistics", "string", "stringprep", "struct", "textwrap", "time", "types", "typing", "unicodedata",
            "urllib.parse",
            "uuid", "warnings", "weakref", "zlib",
        ]
    )
    func imports(_ module: String) async throws {
        let expressions = [
            "import \(module)\nreturn {\"city\": \(module).__name__}",
            "if user:\n    import \(module) as m\nreturn {\"country\": m.__name__}",
        ]
        try await MappingFixture.with(expressions) { fixture in
            let made = try await fixture.properties(.user("ada"))
            #expect(made.properties == ["city": .string(module), "country": .string(module)])
        }
    }

    @Test("a failing import is reported when the mapping runs, and can be caught")
    func missingImport() async throws {
        let expression = "try:\n    import phonenumbers\nexcept ImportError:\n    return {\"city\": \"none\"}"
        try await MappingFixture.with([expression]) { fixture in
            let made = try await fixture.properties(.user("ada"))
            #expect(made.properties == ["city": "none"])
        }
        try await MappingFixture.with(["import phonenumbers\nreturn {}"]) { fixture in
            let problem = try #require(try await fixture.problem())
            #expect(problem.line == 1)
            #expect(problem.message.contains("cannot be imported"))
        }
    }

    @Test("times and the SDK's objects are converted for Graph")
    func values() async throws {
        let expression = """
            import datetime
            from msgraph.generated.models.employee_org_data import EmployeeOrgData
            data = EmployeeOrgData(division="north")
            data.cost_center = "42"
            return {
                "employee_leave_date_time": datetime.datetime(2027, 1, 31, 18, tzinfo=datetime.timezone.utc),
                "other_mails": sorted({"b@x.test", "a@x.test"}),
                "employee_org_data": data,
                "extension_0123456789abcdef0123456789abcdef_badge": "7",
            }
            """
        try await MappingFixture.with([expression]) { fixture in
            let made = try await fixture.properties(.user("ada"))
            #expect(
                made.properties == [
                    "employeeLeaveDateTime": "2027-01-31T18:00:00Z", "otherMails": ["a@x.test", "b@x.test"],
                    "employeeOrgData": ["division": "north", "costCenter": "42"],
                    "extension_0123456789abcdef0123456789abcdef_badge": "7",
                ]
            )
        }
    }
}

import CausewayJSON
import CausewayMapping
import CausewayModel
import Testing

/// Microsoft's SDK for Python (kiota's JSON writer 1.16.0) writes a property only if its value has the property's type, and silently
/// leaves it out otherwise: observed value by value.
@Suite("Values with the wrong Python type")
struct OddValueTests {
    /// Values as Python writes them, with the properties that the SDK's writer takes them for.
    private static let values: [(text: String, type: String, takenBy: Set<String>)] = [
        ("'2024-01-01T00:00:00Z'", "str", ["country", "employee_leave_date_time"]), ("5", "int", []), ("1", "int", []),
        ("0", "int", []), ("1.5", "float", []), ("True", "bool", ["account_enabled"]),
        ("False", "bool", ["account_enabled"]), ("['a@x.test']", "list", ["other_mails"]),
        ("('a@x.test',)", "tuple", []), ("{'a@x.test'}", "set", []), ("{'a': 1}", "dict", []),
        ("uuid.UUID(int=1)", "UUID", []), ("decimal.Decimal('1.5')", "Decimal", []),
        ("datetime.date(2024, 1, 2)", "date", []), ("b'x'", "bytes", []), ("float('nan')", "float", []),
        ("10**5000", "int", []), ("(n for n in [1])", "generator", []),
        ("datetime.datetime(2024, 1, 2)", "datetime", ["employee_leave_date_time"]),
    ]
    private static let properties = [
        "country": "country", "account_enabled": "accountEnabled", "other_mails": "otherMails",
        "employee_leave_date_time": "employeeLeaveDateTime",
    ]

    @Test("a value of the wrong type is left out with a warning, and the rest is sent")
    func leftOut() async throws {
        let cases = Self.properties.keys.sorted().flatMap { name in Self.values.indices.map { (name, $0) } }
        let expression = """
            import datetime, decimal, uuid
            values = [\(Self.values.map(\.text).joined(separator: ", "))]
            return {"city": "Oslo", user.attributes["property"]: values[user.attributes["value"]]}
            """
        try await MappingFixture.with([expression]) { fixture in
            let results = try await fixture.pool.evaluate(
                cases.map { name, number in
                    .user("ada", attributes: ["property": .string(name), "value": .integer(Int64(number))])
                }
            )
            for ((name, number), result) in zip(cases, results) {
                let (text, type, takenBy) = Self.values[number]
                let comment = Comment(rawValue: "\(name) as \(text): \(result)")
                guard case .desired(let made) = result.outcome else {
                    Issue.record(comment)
                    continue
                }
                let property = Self.properties[name] ?? ""
                #expect(made.properties["city"] == "Oslo")
                #expect((made.properties[property] != nil) == takenBy.contains(name), comment)
                #expect(made.leftOut.isEmpty == takenBy.contains(name), comment)
                let warned = result.warnings.contains { $0.hasPrefix(property) && $0.contains("'\(type)'") }
                #expect(warned == !takenBy.contains(name), comment)
            }
        }
    }

    @Test("the warning names the mapping's line, wherever the value is set")
    func line() async throws {
        let expression = """
            result = {
                "city": "Oslo",
                "employee_id": user.attributes["number"],
            }
            result["mobile_phone"] = 5
            return result
            """
        try await MappingFixture.with([expression]) { fixture in
            let result = try await fixture.pool.evaluate([.user("ada", attributes: ["number": 42])])[0]
            let warnings = result.warnings
            #expect(warnings.count == 2, "\(warnings)")
            #expect(warnings.contains { $0.contains("employeeId") && $0.contains("(line 3 of 'mapping 1')") })
            #expect(warnings.contains { $0.contains("mobilePhone") && $0.contains("(line 5 of 'mapping 1')") })
            #expect(!warnings.joined().contains("42"))
        }
    }

    @Test("with the strict setting a value of the wrong type fails its object, at its line")
    func strict() async throws {
        let expression = "return {\n  'city': 'Oslo',\n  'employee_id': user.attributes.get('number'),\n}"
        try await MappingFixture.with([expression], types: .refuse) { fixture in
            let problem = try #require(try await fixture.problem(.user("ada", attributes: ["number": 42])))
            #expect(problem.attribute == "employeeId" && problem.line == 3, "\(problem)")
            let text = try await fixture.properties(.user("ada", attributes: ["number": "42"]))
            #expect(text.properties["employeeId"] == "42")
        }
    }

    @Test(
        "a member of the wrong type is left out of its object, and the other members are sent",
        arguments: [true, false]
    )
    func members(_ isModel: Bool) async throws {
        let values = "division='north', cost_center=user.attributes['number']"
        let object = isModel ? "EmployeeOrgData(\(values))" : "dict(\(values))"
        let expression = """
            from msgraph.generated.models.employee_org_data import EmployeeOrgData
            return {"employee_org_data": \(object)}
            """
        let ada = MappingInput.user("ada", attributes: ["number": 42])
        try await MappingFixture.with([expression]) { fixture in
            let result = try await fixture.pool.evaluate([ada])[0]
            guard case .desired(let made) = result.outcome else {
                Issue.record("\(result.outcome)")
                return
            }
            #expect(made.properties == ["employeeOrgData": ["division": "north"]])
            let warning = result.warnings.first ?? ""
            #expect(result.warnings.count == 1 && warning.contains("employeeOrgData.costCenter"))
            #expect(warning.contains("(line 2 of 'mapping 1')"), "\(warning)")
        }
        try await MappingFixture.with([expression], types: .refuse) { fixture in
            let problem = try await fixture.problem(ada)
            #expect(problem?.attribute == "employeeOrgData.costCenter")
        }
    }

    @Test("additional data of the SDK's objects is sent, and open types have members of any name")
    func additionalData() async throws {
        let expression = """
            from msgraph.generated.models.custom_security_attribute_value import CustomSecurityAttributeValue
            from msgraph.generated.models.employee_org_data import EmployeeOrgData
            given = {"Eng": {"@odata.type": "#microsoft.graph.customSecurityAttributeValue", "Level": "3"}}
            return {
                "custom_security_attributes": given if user.username == "ada" else CustomSecurityAttributeValue(
                    additional_data=given
                ),
                "employee_org_data": EmployeeOrgData(division="north", additional_data={"x": "y"}),
            }
            """
        try await MappingFixture.with([expression]) { fixture in
            for name in ["ada", "bob"] {
                let made = try await fixture.properties(.user(name))
                let level = made.properties["customSecurityAttributes"]?["Eng"]?["Level"]
                #expect(level == "3", "\(made.properties)")
                #expect(made.properties["employeeOrgData"] == ["division": "north", "x": "y"])
            }
        }
    }

    @Test("an object without any other value fails, with the reason")
    func onlyValue() async throws {
        try await MappingFixture.with(["return {'employee_id': 5}"]) { fixture in
            let problem = try #require(try await fixture.problem())
            #expect(problem.attribute == "employeeId" && problem.message.contains("'int'"), "\(problem)")
            let result = try await fixture.pool.evaluate([.user("ada")])[0]
            #expect(result.warnings.isEmpty)
        }
    }
}

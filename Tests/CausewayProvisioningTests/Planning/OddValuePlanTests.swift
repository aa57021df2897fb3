import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Plans with a value of the wrong type")
struct OddValuePlanTests {
    @Test("a linked account gets its other values, and keeps the property as it is")
    func linked() async throws {
        try await EngineFixture.with(userMapping: Self.mapping) { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            try await fixture.change(ada) { $0.attributes = ["enabled": 0, "number": 42, "city": "Oslo"] }
            let second = try await fixture.sync()
            #expect(second.run.status == .succeeded && second.count(.update) == 1, "\(second.actions)")
            let id = try await fixture.link(of: ada) ?? ""
            let account = try await fixture.client.send("GET", "/users/\(id)?$select=accountEnabled,city,employeeId")
                .body
            #expect(account["accountEnabled"] == true && account["city"] == "Oslo" && account["employeeId"] == "1")
            #expect(try await fixture.sync().actions.isEmpty)
            let told = try await fixture.explain(ObjectReference(ada.id)).next
            for name in ["accountEnabled", "employeeId"] {
                #expect(told.contains { $0.hasPrefix(name) && $0.contains("left out (line ") }, "\(told)")
            }
            #expect(!told.contains { $0.contains("do not return 'account_enabled'") }, "\(told)")
        }
    }

    @Test("previews and explanations report each value that is left out once, also in members of an object")
    func members() async throws {
        let expression = """
            return {
                "city": "Oslo", "user_type": "Employee",
                "employee_org_data": {"division": "north", "cost_center": 5},
            }
            """
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            try await fixture.setUserMapping(expression)
            let told = try await fixture.explain(ObjectReference(ada.id)).next
            let result = try await fixture.trial(of: ObjectReference(ada.id))
            for name in ["userType 'Employee'", "employeeOrgData.costCenter"] {
                for notes in [told, result.notes.warnings] {
                    #expect(notes.count { $0.hasPrefix(name) && $0.contains("left out (line ") } == 1, "\(notes)")
                }
            }
            #expect(try await fixture.sync().run.status == .succeeded)
            let id = try await fixture.link(of: ada) ?? ""
            let account = try await fixture.client.send("GET", "/users/\(id)?$select=city,userType,employeeOrgData")
                .body
            #expect(account["city"] == "Oslo" && account["userType"] == "Member", "\(account)")
            #expect(account["employeeOrgData"]?["division"] == "north")
        }
    }

    @Test("a group whose visibility does not follow from the mapping is not created")
    func visibility() async throws {
        let expression = """
            return {"display_name": group.name, "mail_nickname": "x", "mail_enabled": True, "security_enabled": False,
                    "group_types": ["Unified"], "visibility": "Secret"}
            """
        try await EngineFixture.with(groupMapping: expression) { fixture in
            try await fixture.fill(users: 0, groups: 1)
            let first = try await fixture.sync()
            let failed = first.actions.filter { $0.outcome.status == .failed }
            #expect(failed.map(\.outcome.attribute) == ["visibility"], "\(first.actions)")
        }
    }

    @Test("an account whose account_enabled does not follow from the mapping is not created, with a reason")
    func notCreated() async throws {
        try await EngineFixture.with(userMapping: Self.mapping) { fixture in
            let ada = try await fixture.addUser("ada")
            try await fixture.change(ada) { $0.attributes = ["enabled": 0] }
            let first = try await fixture.sync()
            let outcome = first.outcome(of: "ada")
            #expect(outcome?.status == .failed && outcome?.attribute == "accountEnabled", "\(first.actions)")
            #expect(outcome?.message.contains("'int'") == true)
            #expect(try await fixture.client.state()["users"] == 0)
        }
    }

    private static let mapping = """
        properties = {
            "display_name": user.name, "mail_nickname": user.username, "user_principal_name": user.email,
            "account_enabled": user.attributes.get("enabled", True), "city": user.attributes.get("city"),
            "employee_id": user.attributes.get("number", "1"),
        }
        if not connection:
            properties["password_profile"] = {"password": request.user.password}
        return properties
        """
}

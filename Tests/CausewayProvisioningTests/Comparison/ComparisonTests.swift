import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Comparison with a tenant")
struct ComparisonTests {
    private static let lifeCycles = "User-LifeCycleInfo.ReadWrite.All"

    private static func mapping(_ line: String) -> String {
        """
        properties = {
            "display_name": user.name, "mail_nickname": user.username, "user_principal_name": user.email,
            "account_enabled": user.is_active,
        }
        if not connection:
            properties["password_profile"] = {"password": request.user.password}
        \(line)
        return properties
        """
    }

    @Test(
        "a value that Entra returns in another form is written once, and is no drift afterwards",
        arguments: [
            (#"properties["usage_location"] = "gb""#, "usageLocation"),
            (#"properties["user_type"] = "member""#, "userType"),
            (#"properties["business_phones"] = [None, ""]"#, "businessPhones"),
            (#"properties["employee_leave_date_time"] = "2030-01-01T01:00:00+01:00""#, "employeeLeaveDateTime"),
            (#"properties["employee_leave_date_time"] = "2030-01-01""#, "employeeLeaveDateTime"),
            (#"properties["employee_org_data"] = {"costCenter": None}"#, "employeeOrgData"),
        ]
    )
    func otherWords(_ line: String, _ attribute: String) async throws {
        try await EngineFixture.with(userMapping: Self.mapping(line), permissions: [Self.lifeCycles]) { fixture in
            let ada = try await fixture.addUser("ada")
            let first = try await fixture.sync()
            #expect(first.actions.allSatisfy { $0.outcome.status == .applied }, "\(first.actions.map(\.outcome))")
            for _ in 0..<2 {
                fixture.later()
                _ = try await fixture.client.send(
                    "PATCH",
                    "/users/\(try await fixture.link(of: ada) ?? "")",
                    ["city": .string("Oslo \(fixture.tenant.now)")]
                )
                let again = try await fixture.sync()
                #expect(again.actions.isEmpty, "\(again.actions.flatMap(\.action.changes))")
            }
            let drift = try await fixture.store.read { [provider = fixture.provider] in
                try $0.hasUnresolvedDrift(provider)
            }
            #expect(!drift)
        }
    }

    @Test("the same point in time in another form is no change")
    func sameMoment() async throws {
        let line = #"properties["employee_leave_date_time"] = "2030-01-01T00:00:00Z""#
        try await EngineFixture.with(userMapping: Self.mapping(line), permissions: [Self.lifeCycles]) { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            fixture.later()
            let path = "/users/\(try await fixture.link(of: ada) ?? "")"
            let same: JSONValue = ["employeeLeaveDateTime": "2030-01-01T01:00:00+01:00"]
            #expect(try await fixture.client.send("PATCH", path, same).status == 204)
            #expect(try await fixture.sync().actions.isEmpty)
            let other: JSONValue = ["employeeLeaveDateTime": "2030-01-01T01:00:00Z"]
            #expect(try await fixture.client.send("PATCH", path, other).status == 204)
            #expect(try await fixture.sync().actions.map(\.action.reason) == [.drifted])
        }
    }

    @Test(
        "an unknown country code is reported before anything is sent, with the one that is meant",
        arguments: [
            ("UK", "Use GB."), ("uk", "Use GB."), ("EL", "Use GR."), ("XX", "ISO 3166"), ("Germany", "ISO 3166"),
        ]
    )
    func countries(_ code: String, _ words: String) async throws {
        try await EngineFixture.with(userMapping: Self.mapping("properties[\"usage_location\"] = \"\(code)\"")) {
            fixture in
            try await fixture.addUser("ada")
            let result = try await fixture.sync()
            let outcome = try #require(result.actions.map(\.outcome).first { $0.attribute == "usageLocation" })
            #expect(outcome.status == .failed && outcome.message.contains("'\(code)'"))
            #expect((outcome.message + outcome.remedy).contains(words), "\(outcome)")
        }
    }
}

import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("A value of another type keeps nothing else from arriving")
struct OddValuePlanTests {
    @Test("a linked account gets the rest of its values, and keeps the property as it is")
    func linked() async throws {
        try await EngineBench.with(userMapping: Self.mapping) { bench in
            let ada = try await bench.addUser("ada")
            _ = try await bench.sync()
            try await bench.change(ada) { $0.attributes = ["enabled": 0, "number": 42, "city": "Oslo"] }
            let second = try await bench.sync()
            #expect(second.run.status == .succeeded && second.count(.update) == 1, "\(second.actions)")
            let id = try await bench.link(of: ada) ?? ""
            let account = try await bench.client.send("GET", "/users/\(id)?$select=accountEnabled,city,employeeId").body
            #expect(account["accountEnabled"] == true && account["city"] == "Oslo" && account["employeeId"] == "1")
            #expect(try await bench.sync().actions.isEmpty)
            let told = try await bench.explain(ObjectReference(ada.id)).next
            for name in ["accountEnabled", "employeeId"] {
                #expect(told.contains { $0.hasPrefix(name) && $0.contains("left out (line ") }, "\(told)")
            }
            #expect(!told.contains { $0.contains("do not give 'account_enabled'") }, "\(told)")
        }
    }

    @Test("an account whose sign-in nobody can read out of the mapping is not made, and says why")
    func notCreated() async throws {
        try await EngineBench.with(userMapping: Self.mapping) { bench in
            let ada = try await bench.addUser("ada")
            try await bench.change(ada) { $0.attributes = ["enabled": 0] }
            let first = try await bench.sync()
            let outcome = first.outcome(of: "ada")
            #expect(outcome?.status == .failed && outcome?.attribute == "accountEnabled", "\(first.actions)")
            #expect(outcome?.message.contains("'int'") == true)
            #expect(try await bench.client.state()["users"] == 0)
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

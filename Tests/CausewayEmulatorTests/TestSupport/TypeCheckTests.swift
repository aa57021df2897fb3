import CausewayEmulator
import CausewayGraphTypes
import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("The check of exchanges against Graph's types")
struct TypeCheckTests {
    private static func violations(_ exchange: Exchange) throws -> String {
        let check = GraphTypeCheck(try GraphTypes.load())
        check.observe(exchange)
        do {
            try check.finish()
            return ""
        } catch {
            return "\(error)"
        }
    }

    private static let context: [String: JSONValue] = ["@odata.context": "https://graph.microsoft.com/v1.0/$metadata#x"]

    private static let newUser: [String: JSONValue] = [
        "accountEnabled": true, "displayName": "Ada", "mailNickname": "ada", "userPrincipalName": "ada@company.com",
        "passwordProfile": ["password": "Long-Enough-1"],
    ]

    private static let shownUser: [String: JSONValue] = [
        "id": "1", "businessPhones": [], "displayName": "Ada", "givenName": .null, "jobTitle": .null, "mail": .null,
        "mobilePhone": .null, "officeLocation": .null, "preferredLanguage": .null, "surname": .null,
        "userPrincipalName": "ada@company.com",
    ]

    @Test("a correct creation and a correct change pass")
    func right() throws {
        let shown = JSONValue.object(Self.context.merging(Self.shownUser) { $1 })
        let made = Exchange("POST /users", request: .object(Self.newUser), status: 201, response: shown)
        #expect(try Self.violations(made) == "")
        let changed = Exchange("PATCH /users/{id}", request: ["jobTitle": .null], status: 204, response: nil)
        #expect(try Self.violations(changed) == "")
    }

    @Test(
        "a creation that should have been refused is reported",
        arguments: [
            (["displayName": .null], "displayName was missing"),
            (["usageLocation": .null], "usageLocation was taken as"),
            (["createdDateTime": "2020-01-01T00:00:00Z"], "read-only"), (["shoeSize": 1], "does not have"),
            (["givenName": .string(String(repeating: "x", count: 65))], "longer than 64"),
            (["businessPhones": ["1", "2"]], "has 2 values"), (["jobTitle": ""], "no Edm.String"),
            (["employeeHireDate": "tomorrow"], "no Edm.DateTimeOffset"), (["accountEnabled": "yes"], "no Edm.Boolean"),
            (["otherMails": [.string(String(repeating: "x", count: 251))]], "longer than 250"),
        ] as [([String: JSONValue], String)]
    )
    func creations(_ change: [String: JSONValue], _ words: String) throws {
        let body = JSONValue.object(Self.newUser.merging(change) { $1 })
        let shown = JSONValue.object(Self.context.merging(Self.shownUser) { $1 })
        let found = try Self.violations(Exchange("POST /users", request: body, status: 201, response: shown))
        #expect(found.contains(words), "\(found)")
    }

    @Test(
        "a change that should have been refused is reported",
        arguments: [
            ("PATCH /users/{id}", ["proxyAddresses": ["smtp:a@company.com"]], "not updatable"),
            ("PATCH /users/{id}", ["mailNickname": .null], "mailNickname was cleared"),
            ("PATCH /users/{id}", ["skills": ["x"]], "not for applications"),
            ("PATCH /groups/{id}", ["isAssignableToRole": true], "settable on creation alone"),
            ("PATCH /groups/{id}", ["allowExternalSenders": true, "description": "x"], "in company"),
            ("PATCH /groups/{id}", ["members@odata.bind": JSONValue((0...20).map { "\($0)" })], "21 links"),
        ] as [(String, JSONValue, String)]
    )
    func changes(_ operation: String, _ body: JSONValue, _ words: String) throws {
        let found = try Self.violations(Exchange(operation, request: body, status: 204, response: nil))
        #expect(found.contains(words), "\(found)")
    }

    @Test(
        "an answer with extra, missing or wrong values is reported",
        arguments: [
            (["department": "x"], [:], "not the default set"), (["jobTitle": "x"], ["$select": "id"], "not selected"),
            (["displayName": .null], [:], "'displayName' is null"), (["businessPhones": .null], [:], "is null"),
        ] as [([String: JSONValue], [String: String], String)]
    )
    func answers(_ change: [String: JSONValue], _ query: [String: String], _ words: String) throws {
        let shown = JSONValue.object(Self.context.merging(Self.shownUser) { $1 }.merging(change) { $1 })
        let exchange = Exchange("GET /users/{id}", query: query, request: nil, status: 200, response: shown)
        let found = try Self.violations(exchange)
        #expect(found.contains(words), "\(found)")
        let bare = JSONValue.object(Self.context.merging(["id": "1"]) { $1 })
        let few = try Self.violations(Exchange("GET /users/{id}", request: nil, status: 200, response: bare))
        #expect(few.contains("not the default set"))
    }
}

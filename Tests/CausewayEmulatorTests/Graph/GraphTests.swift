import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("The emulated tenant: users and groups")
struct GraphTests {
    static func user(_ name: String, _ further: [String: JSONValue] = [:]) -> JSONValue {
        let required: [String: JSONValue] = [
            "displayName": .string("Person \(name)"), "accountEnabled": true, "mailNickname": .string(name),
            "userPrincipalName": .string("\(name)@company.com"), "passwordProfile": ["password": "Long-Enough-1"],
        ]
        return .object(required.merging(further) { $1 }.filter { !$0.value.isNull })
    }

    static func group(_ name: String, _ further: [String: JSONValue] = [:]) -> JSONValue {
        let required: [String: JSONValue] = [
            "displayName": .string(name), "mailEnabled": false, "securityEnabled": true, "mailNickname": "group",
        ]
        return .object(required.merging(further) { $1 }.filter { !$0.value.isNull })
    }

    @Test("a new user is shown with its eleven default properties and without its password")
    func defaults() async throws {
        try await TenantInProcess.with { tenant in
            let made = try await tenant.client.send("POST", "/users", Self.user("ada"))
            #expect(made.status == 201)
            #expect(
                Set(made.body.object?.keys.map { $0 } ?? []) == [
                    "@odata.context", "id", "businessPhones", "displayName", "givenName", "jobTitle", "mail",
                    "mobilePhone",
                    "officeLocation",
                    "preferredLanguage", "surname", "userPrincipalName",
                ]
            )
            let id = try #require(made.body["id"]?.string)
            let read = try await tenant.client.send(
                "GET",
                "/users/\(id)?$select=id,accountEnabled,passwordProfile,userType"
            )
            #expect(
                read.body.object?.filter { $0.key != "@odata.context" } == [
                    "id": .string(id), "accountEnabled": true, "passwordProfile": .null, "userType": "Member",
                ]
            )
            let byName = try await tenant.client.send("GET", "/users/ADA@company.com")
            #expect(byName.body["id"]?.string == id)
        }
    }

    @Test(
        "missing and wrong properties of a user are refused with Graph's messages",
        arguments: [
            (["displayName": .null], "displayName", "PropertyRequired"),
            (["passwordProfile": .null], "passwordProfile", "PropertyRequired"),
            (["passwordProfile": ["password": "weak"]], "passwordProfile", "InvalidValue"),
            (["userPrincipalName": "ada@elsewhere.test"], "userPrincipalName", "InvalidValue"),
            (["userPrincipalName": "a b@company.com"], "userPrincipalName", "InvalidValue"),
            (["jobTitle": ""], "jobTitle", "InvalidValue"),
            (["givenName": .string(String(repeating: "x", count: 65))], "givenName", "InvalidValue"),
            (["accountEnabled": "yes"], "accountEnabled", "InvalidValue"),
            (["createdDateTime": "2020-01-01T00:00:00Z"], "createdDateTime", "ReadOnlyProperty"),
            (["mail": "zoë@company.com"], "mail", "InvalidValue"),
            (["businessPhones": ["1", "2"]], "businessPhones", "InvalidValue"),
        ] as [([String: JSONValue], String, String)]
    )
    func refusals(_ change: [String: JSONValue], _ target: String, _ code: String) async throws {
        try await TenantInProcess.with { tenant in
            let refused = try await tenant.client.send("POST", "/users", Self.user("ada", change))
            #expect(refused.status == 400)
            #expect(refused.body["error"]?["code"] == "Request_BadRequest")
            #expect(refused.body["error"]?["details"]?.array?.first?["target"]?.string == target)
            #expect(refused.body["error"]?["details"]?.array?.first?["code"]?.string == code)
            #expect(try await tenant.client.state()["users"] == 0)
        }
    }

    @Test("an unknown property is refused")
    func unknownProperty() async throws {
        try await TenantInProcess.with { tenant in
            let refused = try await tenant.client.send("POST", "/users", Self.user("ada", ["shoeSize": 42]))
            #expect(refused.status == 400)
            #expect(refused.body["error"]?["message"]?.string?.contains("'shoeSize'") == true)
        }
    }

    @Test(
        "a second object with a unique value is refused",
        arguments: [
            (["userPrincipalName": "ADA@company.com"], "userPrincipalName"),
            (["onPremisesImmutableId": "KEY-1"], "onPremisesImmutableId"),
            (["mail": "shared@company.com"], "proxyAddresses"),
        ] as [([String: JSONValue], String)]
    )
    func uniqueness(_ same: [String: JSONValue], _ property: String) async throws {
        try await TenantInProcess.with { tenant in
            let first = Self.user("ada", ["onPremisesImmutableId": "key-1", "mail": "shared@company.com"])
            #expect(try await tenant.client.send("POST", "/users", first).status == 201)
            let second = try await tenant.client.send("POST", "/users", Self.user("bob", same))
            #expect(second.status == 400)
            #expect(second.body["error"]?["details"]?.array?.first?["code"] == "ObjectConflict")
            #expect(second.body["error"]?["details"]?.array?.first?["target"]?.string == property)
        }
    }

    @Test("a user with a federated identity needs neither name nor password, and is found by the identity")
    func identities() async throws {
        try await TenantInProcess.with { tenant in
            let body: JSONValue = [
                "displayName": "Guest", "mail": "guest@partner.test",
                "identities": [
                    ["signInType": "federated", "issuer": "mail", "issuerAssignedId": "guest@partner.test"]
                ],
            ]
            let made = try await tenant.client.send("POST", "/users", body)
            #expect(made.status == 201)
            #expect(made.body["userPrincipalName"]?.string?.hasSuffix("@company.com") == true)
            let filter =
                "identities/any(i:i/issuer%20eq%20'mail'%20and%20i/issuerAssignedId%20eq%20'GUEST@partner.test')"
            let found = try await tenant.client.send("GET", "/users?$filter=\(filter)&$select=id,identities")
            #expect(found.body["value"]?.array?.count == 1)
            let types = found.body["value"]?.array?.first?["identities"]?.array?.compactMap { $0["signInType"]?.string }
            #expect(types.map(Set.init) == ["federated", "userPrincipalName"])
            #expect(try await tenant.client.send("POST", "/users", body).status == 400)
        }
    }

    @Test("an update changes the properties that it names, null clears one, and the answer is empty")
    func updates() async throws {
        try await TenantInProcess.with { tenant in
            let made = try await tenant.client.send(
                "POST",
                "/users",
                Self.user("ada", ["jobTitle": "Clerk", "city": "Oslo"])
            )
            let id = try #require(made.body["id"]?.string)
            let changed = try await tenant.client.send("PATCH", "/users/\(id)", ["jobTitle": .null, "city": "Bergen"])
            #expect(changed.status == 204)
            #expect(changed.body == .null)
            let read = try await tenant.client.send("GET", "/users/\(id)?$select=jobTitle,city,displayName")
            #expect(read.body["jobTitle"] == .null)
            #expect(read.body["city"] == "Bergen")
            #expect(try await tenant.client.send("PATCH", "/users/\(id)", ["displayName": .null]).status == 400)
            #expect(try await tenant.client.send("PATCH", "/users/nobody", ["city": "x"]).status == 404)
        }
    }

    @Test("a group needs its four properties, keeps its unique name and is found by it")
    func groups() async throws {
        try await TenantInProcess.with { tenant in
            let missing = try await tenant.client.send("POST", "/groups", Self.group("A", ["mailNickname": .null]))
            #expect(missing.body["error"]?["details"]?.array?.first?["target"] == "mailNickname")
            let made = try await tenant.client.send("POST", "/groups", Self.group("A", ["uniqueName": "key-a"]))
            #expect(made.status == 201)
            let same = try await tenant.client.send("POST", "/groups", Self.group("A", ["uniqueName": "KEY-A"]))
            #expect(same.body["error"]?["details"]?.array?.first?["target"] == "uniqueName")
            #expect(try await tenant.client.send("POST", "/groups", Self.group("A")).status == 201)
            let found = try await tenant.client.send("GET", "/groups(uniqueName='key-a')?$select=id,uniqueName")
            #expect(found.body["id"] == made.body["id"])
            let id = try #require(made.body["id"]?.string)
            #expect(try await tenant.client.send("PATCH", "/groups/\(id)", ["uniqueName": "other"]).status == 400)
            let prefer = [("Prefer", "create-if-missing")]
            let path = "/groups(uniqueName='key-b')"
            #expect(try await tenant.client.send("PATCH", path, Self.group("B")).status == 404)
            #expect(try await tenant.client.send("PATCH", path, Self.group("B"), headers: prefer).status == 201)
            #expect(try await tenant.client.send("PATCH", path, Self.group("B"), headers: prefer).status == 204)
        }
    }
}

import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("The emulated tenant: values of properties")
struct PropertyValueTests {
    /// Changes an object, and expects a refusal of one property.
    private static func expectRefusal(
        _ tenant: TenantInProcess,
        _ path: String,
        _ body: JSONValue,
        target: String,
        code: String = "InvalidValue"
    ) async throws {
        let answer = try await tenant.client.send("PATCH", path, body)
        #expect(answer.status == 400, "\(body.text)")
        #expect(answer.body["error"]?["details"]?.array?.first?["target"]?.string == target, "\(body.text)")
        #expect(answer.body["error"]?["details"]?.array?.first?["code"]?.string == code, "\(body.text)")
    }

    @Test("a property that is not updatable stays as it is")
    func notUpdatable() async throws {
        try await TenantInProcess.with { tenant in
            let user = try await tenant.client.make("/users", GraphTests.user("ada"))
            let group = try await tenant.client.make("/groups", GraphTests.group("G"))
            let users: [String: JSONValue] = [
                "assignedLicenses": [], "proxyAddresses": ["smtp:x@company.com"], "externalUserState": "Accepted",
                "createdDateTime": "2020-01-01T00:00:00Z",
            ]
            for (name, value) in users {
                try await Self.expectRefusal(
                    tenant,
                    "/users/\(user)",
                    .object([name: value]),
                    target: name,
                    code: "ReadOnlyProperty"
                )
            }
            let groups: [String: JSONValue] = [
                "groupTypes": ["Unified"], "mailEnabled": true, "isArchived": true, "isAssignableToRole": false,
            ]
            for (name, value) in groups {
                try await Self.expectRefusal(
                    tenant,
                    "/groups/\(group)",
                    .object([name: value]),
                    target: name,
                    code: "ReadOnlyProperty"
                )
            }
            #expect(
                try await tenant.client.send("PATCH", "/users/\(user)", ["deletedDateTime": "2020-01-01T00:00:00Z"])
                    .status == 400
            )
            let free: JSONValue = ["extension_0123456789abcdef0123456789abcdef_shoeSize": "42"]
            #expect(try await tenant.client.send("PATCH", "/users/\(user)", free).status == 204)
        }
    }

    @Test("a required property cannot be cleared")
    func nulls() async throws {
        try await TenantInProcess.with { tenant in
            let user = try await tenant.client.make("/users", GraphTests.user("ada", ["usageLocation": "DE"]))
            for name in [
                "accountEnabled", "mailNickname", "userPrincipalName", "usageLocation", "businessPhones", "mail",
            ] {
                try await Self.expectRefusal(tenant, "/users/\(user)", .object([name: .null]), target: name)
            }
            let group = try await tenant.client.make("/groups", GraphTests.group("G"))
            for name in ["displayName", "mailNickname", "securityEnabled"] {
                try await Self.expectRefusal(tenant, "/groups/\(group)", .object([name: .null]), target: name)
            }
        }
    }

    @Test(
        "the values of a user must have their documented form",
        arguments: [
            (["employeeLeaveDateTime": "tomorrow"], "employeeLeaveDateTime"),
            (["employeeLeaveDateTime": ""], "employeeLeaveDateTime"),
            (["employeeLeaveDateTime": "2030-02-31T00:00:00Z"], "employeeLeaveDateTime"),
            (["employeeLeaveDateTime": "2030-01-01T00:00:00Z or so"], "employeeLeaveDateTime"),
            (["employeeLeaveDateTime": 5], "employeeLeaveDateTime"),
            (["preferredLanguage": "german"], "preferredLanguage"), (["passwordPolicies": "Never"], "passwordPolicies"),
            (["usageLocation": "Germany"], "usageLocation"), (["userType": "Robot"], "userType"),
            (["ageGroup": "Child"], "ageGroup"), (["ageGroup": "Undefined"], "ageGroup"), (["ageGroup": 5], "ageGroup"),
            (["consentProvidedForMinor": "Yes"], "consentProvidedForMinor"),
            (["consentProvidedForMinor": ["Granted"]], "consentProvidedForMinor"),
        ] as [(JSONValue, String)]
    )
    func users(_ body: JSONValue, _ target: String) async throws {
        try await TenantInProcess.with {
            $0.applications[0].permissions.append("User-LifeCycleInfo.ReadWrite.All")
        } _: { tenant in
            let user = try await tenant.client.make("/users", GraphTests.user("ada"))
            try await Self.expectRefusal(tenant, "/users/\(user)", body, target: target)
            let right: JSONValue = [
                "employeeLeaveDateTime": "2030-01-01T00:00:00Z", "preferredLanguage": "de-DE",
                "passwordPolicies": "DisablePasswordExpiration, DisableStrongPassword",
            ]
            #expect(try await tenant.client.send("PATCH", "/users/\(user)", right).status == 204)
        }
    }

    /// Graph, user resource type, "Legal age group property definitions".
    @Test(
        "age group and consent for minors are null or one of their documented values, in any letter case",
        arguments: [
            ("ageGroup", ["Minor", "NotAdult", "Adult"]),
            ("consentProvidedForMinor", ["Granted", "Denied", "NotRequired"]),
        ]
    )
    func fixedWords(_ name: String, _ words: [String]) async throws {
        try await TenantInProcess.with { tenant in
            let user = try await tenant.client.make("/users", GraphTests.user("ada"))
            for word in words {
                for written in [word, word.uppercased()] {
                    let change: JSONValue = .object([name: .string(written)])
                    #expect(try await tenant.client.send("PATCH", "/users/\(user)", change).status == 204)
                    let shown = try await tenant.client.send("GET", "/users/\(user)?$select=\(name)")
                    #expect(shown.body[name] == .string(word))
                }
                let made = GraphTests.user("with\(word)", [name: .string(word)])
                _ = try await tenant.client.make("/users", made)
            }
            #expect(try await tenant.client.send("PATCH", "/users/\(user)", .object([name: .null])).status == 204)
            #expect(try await tenant.client.send("GET", "/users/\(user)?$select=\(name)").body[name] == .null)
            let other = GraphTests.user("bob", [name: "Other"])
            let refused = try await tenant.client.send("POST", "/users", other)
            #expect(refused.status == 400 && refused.body["error"]?["code"] == "Request_BadRequest")
            let words = "Invalid value specified for property '\(name)' of resource 'User'."
            #expect(refused.body["error"]?["message"]?.string == words)
        }
    }

    @Test("kind, visibility and nickname of a group are checked")
    func groups() async throws {
        try await TenantInProcess.with { tenant in
            for (name, value) in [("groupTypes", ["Fan"]), ("visibility", "Secret")] as [(String, JSONValue)] {
                let answer = try await tenant.client.send("POST", "/groups", GraphTests.group("G", [name: value]))
                #expect(answer.status == 400)
                #expect(answer.body["error"]?["details"]?.array?.first?["target"]?.string == name)
            }
            let kind: [String: JSONValue] = [
                "groupTypes": ["Unified"], "mailEnabled": true, "mailNickname": "the.team",
                "visibility": "HiddenMembership",
            ]
            let group = try await tenant.client.make("/groups", GraphTests.group("Team", kind))
            let same = try await tenant.client.send("POST", "/groups", GraphTests.group("Team", kind))
            #expect(same.body["error"]?["details"]?.array?.first?["target"] == "mailNickname")
            let path = "/groups/\(group)"
            try await Self.expectRefusal(tenant, path, ["mailNickname": "our.team"], target: "mailNickname")
            #expect(try await tenant.client.send("PATCH", path, ["visibility": "Private"]).status == 204)
            try await Self.expectRefusal(tenant, path, ["visibility": "HiddenMembership"], target: "visibility")
        }
    }

    @Test(
        "usage locations are codes of ISO 3166, in any letter case",
        arguments: [
            ("GB", true), ("gb", true), ("DE", true), ("UK", false), ("XX", false), ("EU", false), ("GBR", false),
        ]
    )
    func usageLocation(_ code: String, _ isTaken: Bool) async throws {
        try await TenantInProcess.with { tenant in
            let user = try await tenant.client.make("/users", GraphTests.user("ada"))
            let body: JSONValue = ["usageLocation": .string(code)]
            if isTaken {
                #expect(try await tenant.client.send("PATCH", "/users/\(user)", body).status == 204)
            } else {
                try await Self.expectRefusal(tenant, "/users/\(user)", body, target: "usageLocation")
                let made = try await tenant.client.send(
                    "POST",
                    "/users",
                    GraphTests.user("bob", ["usageLocation": .string(code)])
                )
                #expect(made.status == 400)
            }
        }
    }

    @Test(
        "distribution lists and mail-enabled security groups can be seeded and read, not changed",
        arguments: [true, false]
    )
    func heldByExchange(isSecurity: Bool) async throws {
        try await TenantInProcess.with { tenant in
            let ada = try await tenant.client.make("/users", GraphTests.user("ada"))
            let bob = try await tenant.client.make("/users", GraphTests.user("bob"))
            let list = GraphTests.group("List", ["mailEnabled": true, "securityEnabled": .bool(isSecurity)])
            #expect(try await tenant.client.send("POST", "/groups", list).status == 403)
            let seeded = try await tenant.client.control("POST", "seed", ["groups": [list]])
            let group = seeded.body["ids"]?.array?.first?.string ?? ""
            #expect(try await tenant.client.control("POST", "seed", ["members": [group: [.string(ada)]]]).status == 200)
            let shown = try await tenant.client.send("GET", "/groups/\(group)")
            #expect(shown.body["mailEnabled"] == true && shown.body["mail"]?.string?.hasPrefix("group@") == true)
            #expect(try await tenant.client.all("/groups/\(group)/members?$select=id").count == 1)
            let reference: JSONValue = ["@odata.id": .string("\(tenant.client.graph)/directoryObjects/\(bob)")]
            let bound: JSONValue = ["members@odata.bind": [.string("\(tenant.client.graph)/directoryObjects/\(bob)")]]
            let writes: [(String, String, JSONValue?)] = [
                ("POST", "/members/$ref", reference), ("PATCH", "", bound), ("DELETE", "/members/\(ada)/$ref", nil),
                ("PATCH", "", ["description": "x"]), ("DELETE", "", nil),
            ]
            for (method, path, body) in writes {
                let answer = try await tenant.client.send(method, "/groups/\(group)\(path)", body)
                #expect(answer.status == 400, "\(method) \(path)")
                #expect(answer.body["error"]?["message"]?.string?.contains("mail-enabled security groups") == true)
            }
        }
    }

    @Test("properties of a group that Exchange holds are changed in a request of their own, which returns 200")
    func exchange() async throws {
        try await TenantInProcess.with { tenant in
            let kind: [String: JSONValue] = ["groupTypes": ["Unified"], "mailEnabled": true, "mailNickname": "team"]
            let group = try await tenant.client.make("/groups", GraphTests.group("Team", kind))
            let both: JSONValue = ["allowExternalSenders": true, "description": "x"]
            #expect(try await tenant.client.send("PATCH", "/groups/\(group)", both).status == 400)
            let alone: JSONValue = ["allowExternalSenders": true]
            #expect(try await tenant.client.send("PATCH", "/groups/\(group)", alone).status == 200)
        }
    }

    /// Graph, "Update group": the example of the page sends `groupTypes` and `mailEnabled` along.
    @Test("an update may repeat the kind of a group, but not change it")
    func saidAgain() async throws {
        try await TenantInProcess.with { tenant in
            let group = try await tenant.client.make("/groups", GraphTests.group("G"))
            let said: [String: JSONValue] = ["id": .string(group), "mailEnabled": false, "groupTypes": []]
            let body = JSONValue.object(said.merging(["description": "Staff"]) { $1 })
            #expect(try await tenant.client.send("PATCH", "/groups/\(group)", body).status == 204)
            #expect(try await tenant.client.send("GET", "/groups/\(group)").body["description"] == "Staff")
            for (name, value) in [("id", "other"), ("mailEnabled", true), ("groupTypes", ["Unified"])]
                as [(String, JSONValue)]
            {
                let other = JSONValue.object(said.merging([name: value, "description": "No"]) { $1 })
                let answer = try await tenant.client.send("PATCH", "/groups/\(group)", other)
                #expect(
                    answer.status == 400 && answer.body["error"]?["details"]?.array?.first?["target"] == .string(name)
                )
            }
            #expect(try await tenant.client.send("GET", "/groups/\(group)").body["description"] == "Staff")
        }
    }

    /// Graph, user resource type: dates and times are "always in UTC".
    @Test(
        "times are returned in UTC",
        arguments: [
            ("2024-02-01T12:30:00+02:00", "2024-02-01T10:30:00Z"), ("2024-02-01T10:30:00Z", "2024-02-01T10:30:00Z"),
            ("2024-01-31T23:30:00.250-01:00", "2024-02-01T00:30:00.250Z"),
        ]
    )
    func moments(_ given: String, _ shown: String) async throws {
        try await TenantInProcess.with {
            $0.applications[0].permissions.append("User-LifeCycleInfo.ReadWrite.All")
        } _: { tenant in
            let hired = GraphTests.user("ada", ["employeeHireDate": .string(given)])
            let ada = try await tenant.client.make("/users", hired)
            let change: JSONValue = ["employeeLeaveDateTime": .string(given)]
            #expect(try await tenant.client.send("PATCH", "/users/\(ada)", change).status == 204)
            let names = ["employeeHireDate", "employeeLeaveDateTime"]
            let answer = try await tenant.client.send("GET", "/users/\(ada)?$select=\(names.joined(separator: ","))")
            for name in names { #expect(answer.body[name] == .string(shown)) }
        }
    }

    @Test("an upsert may repeat properties that only a creation sets, unchanged; an update may not")
    func upsert() async throws {
        try await TenantInProcess.with { tenant in
            let (path, prefer) = ("/groups(uniqueName='key')", [("Prefer", "create-if-missing")])
            let body = GraphTests.group("G", ["isAssignableToRole": false])
            let made = try await tenant.client.send("PATCH", path, body, headers: prefer)
            #expect(made.status == 201)
            #expect(try await tenant.client.send("PATCH", path, body, headers: prefer).status == 204)
            #expect(try await tenant.client.send("PATCH", path, body).status == 400)
            let other = GraphTests.group("G", ["mailEnabled": true])
            #expect(try await tenant.client.send("PATCH", path, other, headers: prefer).status == 400)
        }
    }

    @Test("extension attributes are changed one by one")
    func extensionAttributes() async throws {
        try await TenantInProcess.with { tenant in
            let user = try await tenant.client.make("/users", GraphTests.user("ada"))
            for body: JSONValue in [["extensionAttribute1": "a"], ["extensionAttribute2": "b"]] {
                let change: JSONValue = ["onPremisesExtensionAttributes": body]
                #expect(try await tenant.client.send("PATCH", "/users/\(user)", change).status == 204)
            }
            let read = try await tenant.client.send("GET", "/users/\(user)?$select=onPremisesExtensionAttributes")
            #expect(read.body["onPremisesExtensionAttributes"] == Self.attributes(["1": "a", "2": "b"]))
        }
    }

    /// All fifteen, as answers have them.
    private static func attributes(_ set: [String: JSONValue]) -> JSONValue {
        let pairs = (1...15).map { ("extensionAttribute\($0)", set["\($0)"] ?? .null) }
        return .object(Dictionary(pairs, uniquingKeysWith: { $1 }))
    }

    /// Graph, "Manage data that you store in extension attributes", the answer for a user without any; the other values as in recorded
    /// answers of whole users.
    @Test("an unset complex value is null or has all members, and a set one has all members")
    func complexValues() async throws {
        try await TenantInProcess.with { tenant in
            let unset: [String: JSONValue] = [
                "onPremisesExtensionAttributes": Self.attributes([:]), "employeeOrgData": .null,
                "passwordProfile": .null, "authorizationInfo": ["certificateUserIds": []],
                "onPremisesProvisioningErrors": [],
            ]
            let user = try await tenant.client.make("/users", GraphTests.user("ada"))
            let path = "/users/\(user)?$select=\(unset.keys.sorted().joined(separator: ","))"
            var read = try await tenant.client.send("GET", path)
            for (name, value) in unset { #expect(read.body[name] == value, "\(name)") }
            let change: JSONValue = ["employeeOrgData": ["division": "Navy"]]
            #expect(try await tenant.client.send("PATCH", "/users/\(user)", change).status == 204)
            read = try await tenant.client.send("GET", path)
            #expect(read.body["employeeOrgData"] == ["division": "Navy", "costCenter": .null])
            // A cleared value is as if it had never been set.
            let cleared = unset.filter { ["onPremisesExtensionAttributes", "employeeOrgData"].contains($0.key) }
            for (name, _) in cleared {
                let body: JSONValue = .object([name: .null])
                #expect(try await tenant.client.send("PATCH", "/users/\(user)", body).status == 204)
            }
            read = try await tenant.client.send("GET", path)
            for (name, value) in cleared { #expect(read.body[name] == value, "\(name)") }
        }
    }
}

import CausewayEmulator
import CausewayGraph
import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

/// A request of the client, in which `USER`, `OTHER`, `GROUP`, `ROLES` and `GONE` stand for the ids of existing objects, and
/// `NUMBER` for the permissions that it is tried with.
struct OwnRequest: Sendable, CustomTestStringConvertible {
    let method: GraphRequest.Method
    let path: String
    var body: JSONValue?

    var testDescription: String { "\(method.rawValue) \(path) \(body?.text ?? "")" }

    private static let person: JSONValue = [
        "displayName": "N", "accountEnabled": true, "mailNickname": "nNUMBER",
        "userPrincipalName": "nNUMBER@company.com", "passwordProfile": ["password": "Long-Enough-1"],
    ]
    private static let members: JSONValue = ["https://graph.microsoft.com/v1.0/directoryObjects/OTHER"]

    private static func group(_ more: [String: JSONValue] = [:]) -> JSONValue {
        let required: [String: JSONValue] = [
            "displayName": "N", "mailEnabled": false, "securityEnabled": true, "mailNickname": "gNUMBER",
        ]
        return .object(required.merging(more) { $1 })
    }

    static let all: [OwnRequest] = [
        OwnRequest(method: .get, path: "/organization?$select=id,displayName,verifiedDomains"),
        OwnRequest(method: .get, path: "/users/USER?$select=id,jobTitle"),
        OwnRequest(method: .get, path: "/users/delta?$select=id,displayName,manager"),
        OwnRequest(method: .get, path: "/groups/delta?$select=id,displayName,members"),
        OwnRequest(method: .get, path: "/directory/deletedItems/microsoft.graph.user?$top=999"),
        OwnRequest(method: .get, path: "/directory/deletedItems/microsoft.graph.group?$top=999"),
        OwnRequest(method: .post, path: "/users", body: person),
        OwnRequest(method: .patch, path: "/users/USER", body: ["jobTitle": "X"]),
        OwnRequest(method: .patch, path: "/users/USER", body: ["accountEnabled": false]),
        OwnRequest(method: .patch, path: "/users/USER", body: ["otherMails": ["a@partner.example"]]),
        OwnRequest(method: .patch, path: "/users/USER", body: ["mobilePhone": "+47 1"]),
        OwnRequest(method: .patch, path: "/users/USER", body: ["businessPhones": ["+47 1"], "jobTitle": "X"]),
        OwnRequest(method: .patch, path: "/users/USER", body: ["employeeLeaveDateTime": "2030-01-01T00:00:00Z"]),
        OwnRequest(
            method: .patch,
            path: "/users/USER",
            body: [
                // The entry that mirrors the user principal name must be kept.
                "identities": [
                    [
                        "signInType": "userPrincipalName", "issuer": "company.com",
                        "issuerAssignedId": "userNUMBER@company.com",
                    ],
                    ["signInType": "federated", "issuer": "mail", "issuerAssignedId": "nNUMBER@partner.example"],
                ]
            ]
        ),
        OwnRequest(
            method: .put,
            path: "/users/USER/manager/$ref",
            body: ["@odata.id": "https://graph.microsoft.com/v1.0/users/OTHER"]
        ),
        OwnRequest(method: .delete, path: "/users/USER"),
        OwnRequest(
            method: .post,
            path: "/directory/deletedItems/GONE/restore",
            body: ["autoReconcileProxyConflict": true]
        ),
        OwnRequest(method: .post, path: "/groups", body: group()),
        OwnRequest(method: .post, path: "/groups", body: group(["members@odata.bind": members])),
        OwnRequest(method: .post, path: "/groups", body: group(["isAssignableToRole": true])),
        OwnRequest(method: .patch, path: "/groups/GROUP", body: ["displayName": "X"]),
        OwnRequest(method: .patch, path: "/groups/GROUP", body: ["members@odata.bind": members]),
        OwnRequest(
            method: .post,
            path: "/groups/GROUP/members/$ref",
            body: ["@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/OTHER"]
        ),
        OwnRequest(method: .delete, path: "/groups/GROUP/members/USER/$ref"),
        OwnRequest(method: .delete, path: "/groups/GROUP"),
        OwnRequest(method: .patch, path: "/groups/ROLES", body: ["displayName": "X"]),
    ]

    static let permissions: [[String]] = [
        [], ["User.Read.All"], ["User.ReadWrite.All"], ["User.Create"], ["User.ReadUpdate.All"],
        ["User.EnableDisableAccount.All"], ["User.EnableDisableAccount.All", "User.Read.All"],
        ["User-Mail.ReadWrite.All"],
        ["User-Phone.ReadWrite.All"], ["User-Phone.ReadWrite.All", "User.ReadUpdate.All"],
        ["User-LifeCycleInfo.ReadWrite.All"], ["User-LifeCycleInfo.ReadWrite.All", "User.Read.All"],
        ["User-LifeCycleInfo.ReadWrite.All", "User.ReadWrite.All"], ["User.ManageIdentities.All"],
        ["User.DeleteRestore.All"], ["Group.Create"], ["Group.Create", "User.Read.All"], ["Group.Read.All"],
        ["GroupMember.Read.All"], ["GroupMember.ReadWrite.All"], ["Group.ReadWrite.All"],
        ["Group.ReadWrite.All", "RoleManagement.ReadWrite.Directory"], ["RoleManagement.ReadWrite.Directory"],
        ["Directory.Read.All"], ["Directory.ReadWrite.All"], ["Organization.Read.All"],
    ]
}

@Suite("The client's table of permissions, compared with the tenant's")
struct PermissionTableTests {
    @Test(
        "the tenant accepts what the client's table allows, and each refusal names what is missing",
        arguments: OwnRequest.all
    )
    func table(_ row: OwnRequest) async throws {
        try await TenantInProcess.with { settings in
            settings.applications[0].permissions.append("RoleManagement.ReadWrite.Directory")
            settings.applications += OwnRequest.permissions.enumerated().map { number, permissions in
                var application = AppRegistration.standard
                application.clientID = Self.clientID(number)
                application.permissions = permissions
                return application
            }
        } _: { tenant in
            for (number, permissions) in OwnRequest.permissions.enumerated() {
                let ids = try await Self.objects(tenant.client, number)
                let body = try row.body.map { try JSONValue(parsing: Self.filled($0.text, ids)) }
                let request = GraphRequest(row.method, Self.filled(row.path, ids), body: body)
                let isRoleAssignable = row.path.contains("ROLES")
                let granted = Set(permissions)
                let missing = request.operations.filter { !$0.isAllowed(by: granted) }
                let isEnough =
                    missing.isEmpty && (!isRoleAssignable || granted.contains("RoleManagement.ReadWrite.Directory"))
                try await GraphClient.with(tenant, clientID: Self.clientID(number)) { client in
                    do {
                        _ = try await client.send(request)
                        #expect(isEnough, "\(permissions): carried out")
                    } catch let failure as GraphFailure {
                        #expect(!isEnough && failure.kind == .permissionMissing, "\(permissions): \(failure.sentence)")
                        let lack: PermissionLack =
                            missing.isEmpty ? .roleAssignable(request.operations) : .permissions(missing)
                        #expect(failure.lack == lack, "\(permissions): \(failure.sentence)")
                        // Granting the named least permission is enough.
                        for operation in missing {
                            let least = operation.least.components(separatedBy: " and ")
                            #expect(operation.isAllowed(by: granted.union(least)))
                            #expect(failure.remedy.contains(operation.least))
                        }
                    }
                }
            }
        }
    }

    @Test("an administrator's account needs a directory role, and the refusal says so")
    func administrators() async throws {
        try await TenantInProcess.with {
            $0.applications[0].permissions.append("RoleManagement.ReadWrite.Directory")
        } _: { tenant in
            let ids = try await Self.objects(tenant.client, 0)
            let members: JSONValue = [
                "@odata.id": .string("https://graph.microsoft.com/v1.0/directoryObjects/\(ids["USER"] ?? "")")
            ]
            _ = try await tenant.client.send("POST", "/groups/\(ids["ROLES"] ?? "")/members/$ref", members)
            try await GraphClient.with(tenant) { client in
                let user = "/users/\(ids["USER"] ?? "")"
                let requests = [
                    GraphRequest(.patch, user, body: ["accountEnabled": false]), GraphRequest(.delete, user),
                    GraphRequest(.patch, user, body: ["passwordProfile": ["password": "Other-Enough-2"]]),
                ]
                for (request, failure) in zip(requests, try await client.send(batch: requests).map(\.failure)) {
                    guard case .directoryRole = failure?.lack else {
                        #expect(failure?.lack == .permissions([.updateUsers("passwordProfile")]), "\(request.path)")
                        continue
                    }
                    #expect(failure?.remedy.contains("Privileged Authentication Administrator") == true)
                }
            }
        }
    }

    @Test(
        "a missing license and a rule of the tenant are not reported as a missing permission",
        arguments: [
            (
                "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
                "Neither tenant is B2C or tenant doesn't have premium license", "licence"
            ),
            ("Authorization_RequestDenied", "The tenant does not have the required licenses.", "licence"),
            ("Authorization_RequestDenied", "Blocked by a policy of the organization.", "policy"),
            ("Authorization_RequestDenied", "The object is in a restricted management administrative unit.", "policy"),
        ]
    )
    func others(_ code: String, _ message: String, _ word: String) async throws {
        let claims = #"{"appid":"c","roles":["User.ReadWrite.All","User-LifeCycleInfo.ReadWrite.All"]}"#
        let script = ScriptedTransport([.answer(403, ScriptedTransport.error(code, message))], claims: claims)
        let request = GraphRequest(.patch, "/users/1", body: ["employeeLeaveDateTime": "2030-01-01T00:00:00Z"])
        let failure = await #expect(throws: GraphFailure.self) { try await script.client().send(request) }
        #expect(failure?.rule.contains(":\(word):") == true, "\(failure?.rule ?? "")")
        #expect(failure?.sentence.contains(message) == true)
        #expect(failure?.property == "employeeLeaveDateTime")
    }

    private static func clientID(_ number: Int) -> String {
        "bbbbbbbb-bbbb-4ccc-8ddd-\(String(100_000_000_000 + number))"
    }

    private static func objects(_ client: TenantClient, _ number: Int) async throws -> [String: String] {
        var ids = ["NUMBER": "\(number)"]
        for name in ["USER", "OTHER", "GONE"] {
            ids[name] = try await made(
                client,
                "/users",
                [
                    "displayName": .string(name), "accountEnabled": true, "mailNickname": .string("\(name)\(number)"),
                    "userPrincipalName": .string("\(name.lowercased())\(number)@company.com"),
                    "passwordProfile": ["password": "Long-Enough-1"],
                ]
            )
        }
        _ = try await client.send("DELETE", "/users/\(ids["GONE"] ?? "")")
        for (name, isAssignable) in [("GROUP", false), ("ROLES", true)] {
            ids[name] = try await made(
                client,
                "/groups",
                [
                    "displayName": .string(name), "mailEnabled": false, "securityEnabled": true,
                    "mailNickname": .string("\(name)\(number)"), "isAssignableToRole": .bool(isAssignable),
                ]
            )
        }
        let member: JSONValue = [
            "@odata.id": .string("https://graph.microsoft.com/v1.0/directoryObjects/\(ids["USER"] ?? "")")
        ]
        _ = try await client.send("POST", "/groups/\(ids["GROUP"] ?? "")/members/$ref", member)
        return ids
    }

    private static func made(_ client: TenantClient, _ path: String, _ body: JSONValue) async throws -> String {
        let answer = try await client.send("POST", path, body)
        return try #require(answer.body["id"]?.string, "\(answer.body)")
    }

    private static func filled(_ text: String, _ ids: [String: String]) -> String {
        ids.reduce(text) { $0.replacing($1.key, with: $1.value) }
    }
}

extension Result {
    fileprivate var failure: Failure? {
        guard case .failure(let failure) = self else { return nil }
        return failure
    }
}

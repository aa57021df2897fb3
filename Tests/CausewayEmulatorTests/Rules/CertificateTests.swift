import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

/// Graph, authorizationInfo resource type and user resource type; Entra, "Mapping to the certificateUserIds attribute in Microsoft Entra
/// ID", with its example values.
@Suite("The emulated tenant: certificateUserIds")
struct CertificateTests {
    private static func change(_ values: [JSONValue]) -> JSONValue {
        ["authorizationInfo": ["certificateUserIds": .array(values)]]
    }

    private static func shown(_ tenant: TenantInProcess, _ user: String) async throws -> JSONValue? {
        try await tenant.client.send("GET", "/users/\(user)?$select=authorizationInfo").body["authorizationInfo"]
    }

    @Test(
        "values have one of the documented forms, in the documented letter case",
        arguments: [
            ("X509:<PN>bob@woodgrove.com", true), ("X509:<PN>bob@woodgrove", true),
            ("X509:<RFC822>user@woodgrove.com", true),
            ("X509:<I>DC=com,DC=contoso,CN=CONTOSO-DC-CA<S>DC=com,DC=contoso,OU=UserAccounts,CN=mfatest", true),
            ("X509:<S>DC=com,DC=contoso,OU=UserAccounts,CN=mfatest", true), ("X509:<SKI>123456789abcdef", true),
            ("X509:<SHA1-PUKEY>123456789abcdef", true),
            ("X509:<I>DC=com,DC=contoso,CN=CONTOSO-DC-CA<SR>b24134139f069b49997212a86ba0ef48", true),
            ("bob@woodgrove.com", false), ("x509:<PN>bob@woodgrove.com", false), ("X509:<pn>bob@woodgrove.com", false),
            ("X509:<PN>", false), ("X509:<I>DC=com", false), ("X509:<SR>b24134139f", false), ("", false),
        ]
    )
    func forms(_ value: String, _ isTaken: Bool) async throws {
        try await TenantInProcess.with { tenant in
            let user = try await tenant.client.make("/users", GraphTests.user("ada"))
            let answer = try await tenant.client.send("PATCH", "/users/\(user)", Self.change([.string(value)]))
            #expect(answer.status == (isTaken ? 204 : 400))
            let list: JSONValue = isTaken ? [.string(value)] : []
            #expect(try await Self.shown(tenant, user) == ["certificateUserIds": list])
            guard !isTaken else { return }
            #expect(answer.body["error"]?["details"]?.array?.first?["target"] == "certificateUserIds")
        }
    }

    @Test("a user has at most ten distinct values of at most 1024 characters; a change replaces them all")
    func limits() async throws {
        try await TenantInProcess.with { tenant in
            let user = try await tenant.client.make("/users", GraphTests.user("ada"))
            func values(_ count: Int) -> [JSONValue] { (0..<count).map { .string("X509:<SKI>\($0)") } }
            let long = { (length: Int) in JSONValue.string("X509:<PN>" + String(repeating: "x", count: length - 9)) }
            let cases: [([JSONValue], Bool)] = [
                (values(10), true), (values(11), false), ([long(1024)], true), ([long(1025)], false),
                (values(2) + values(1), false), ([.null], false), ([5], false), ([], true), (values(3), true),
            ]
            for (list, isTaken) in cases {
                let answer = try await tenant.client.send("PATCH", "/users/\(user)", Self.change(list))
                #expect(answer.status == (isTaken ? 204 : 400), "\(list.count) values")
                if isTaken { #expect(try await Self.shown(tenant, user) == ["certificateUserIds": .array(list)]) }
            }
            let whole = try await tenant.client.send("GET", "/users/\(user)")
            #expect(whole.body["authorizationInfo"] == nil, "only where it is selected")
            let cleared: JSONValue = ["authorizationInfo": .null]
            #expect(try await tenant.client.send("PATCH", "/users/\(user)", cleared).status == 204)
            #expect(try await Self.shown(tenant, user) == ["certificateUserIds": []])
        }
    }

    @Test("a value belongs to one user only, who is found by it")
    func unique() async throws {
        try await TenantInProcess.with { tenant in
            let change = Self.change(["X509:<PN>ada@mil"])
            let ada = try await tenant.client.make("/users", GraphTests.user("ada", change.object ?? [:]))
            let bob = try await tenant.client.make("/users", GraphTests.user("bob"))
            #expect(try await tenant.client.send("PATCH", "/users/\(ada)", change).status == 204)
            let refused = try await tenant.client.send("PATCH", "/users/\(bob)", change)
            #expect(refused.status == 400)
            #expect(refused.body["error"]?["details"]?.array?.first?["code"] == "ObjectConflict")
            let filter = "authorizationInfo/certificateUserIds/any(x:x eq 'X509:<PN>ada@mil')"
            let escaped = filter.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            let found = try await tenant.client.send(
                "GET",
                "/users?$select=authorizationInfo&$filter=\(escaped)&$count=true",
                headers: [("ConsistencyLevel", "eventual")]
            )
            #expect(found.body["value"]?.array?.compactMap { $0["id"]?.string } == [ada], "\(found.body)")
            #expect(try await tenant.client.send("PATCH", "/users/\(ada)", Self.change([])).status == 204)
            #expect(try await tenant.client.send("PATCH", "/users/\(bob)", change).status == 204)
        }
    }

    @Test("values of a user who is synchronized from on premises cannot be changed")
    func synced() async throws {
        try await TenantInProcess.with { tenant in
            let user = try await tenant.client.make("/users", GraphTests.user("ada"))
            let synced: JSONValue = ["id": .string(user), "onPremisesSyncEnabled": true]
            _ = try await tenant.client.control("POST", "properties", synced)
            let answer = try await tenant.client.send("PATCH", "/users/\(user)", Self.change(["X509:<PN>ada@mil"]))
            #expect(answer.status == 400)
            #expect(answer.body["error"]?["message"]?.string?.contains("on-premises mastered") == true)
        }
    }
}

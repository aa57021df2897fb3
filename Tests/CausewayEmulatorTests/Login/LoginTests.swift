import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("The emulated tenant: credentials")
struct LoginTests {
    private static let grant = [
        "grant_type": "client_credentials", "scope": "https://graph.microsoft.com/.default",
    ]
    private static let assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    /// Requests a token.
    private static func login(
        _ tenant: TenantInProcess,
        _ fields: [String: String],
        headers: [(String, String)] = [],
        path: String = "company.com"
    ) async throws -> HTTP.Answer {
        let unreserved = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))
        let form = grant.merging(fields) { $1 }
            .map { "\($0)=\($1.addingPercentEncoding(withAllowedCharacters: unreserved) ?? "")" }
        let url = "\(tenant.endpoints["login_endpoint"]?.string ?? "")/\(path)/oauth2/v2.0/token"
        return try await HTTP.send("POST", url, headers: headers, form: form.joined(separator: "&"))
    }

    private static func number(_ answer: HTTP.Answer) -> Int64? { answer.body["error_codes"]?.array?.first?.integer }

    private static func clientID(_ tenant: TenantInProcess) -> String { tenant.endpoints["client_id"]?.string ?? "" }

    private static func claims(_ tenant: TenantInProcess, _ changes: [String: JSONValue] = [:]) -> [String: JSONValue] {
        let now = Int64(Date().timeIntervalSince1970)
        let id = JSONValue.string(clientID(tenant))
        let audience =
            "https://login.microsoftonline.com/\(tenant.endpoints["tenant_id"]?.string ?? "")/oauth2/v2.0/token"
        let usual: [String: JSONValue] = [
            "aud": .string(audience), "iss": id, "sub": id, "jti": .string(UUID().uuidString), "nbf": .integer(now),
            "iat": .integer(now), "exp": .integer(now + 300),
        ]
        return usual.merging(changes) { $1 }
    }

    private static func fields(_ tenant: TenantInProcess, _ assertion: String) -> [String: String] {
        ["client_id": clientID(tenant), "client_assertion_type": assertionType, "client_assertion": assertion]
    }

    @Test("a certificate signs in, with the present algorithm and with the former one", arguments: [true, false])
    func certificate(isPSS: Bool) async throws {
        let certificate = try TestCertificate()
        try await TenantInProcess.with {
            $0.applications[0].certificates = [certificate.certificatePEM]
        } _: { tenant in
            let assertion = try certificate.assertion(Self.claims(tenant), isPSS: isPSS)
            #expect(try await Self.login(tenant, Self.fields(tenant, assertion)).status == 200)
        }
    }

    /// The claims of a token.
    private static func payload(_ answer: HTTP.Answer) throws -> JSONValue {
        let token = answer.body["access_token"]?.string ?? ""
        let part = token.split(separator: ".").dropFirst().first.map(String.init) ?? ""
        let plain = part.replacing("-", with: "+").replacing("_", with: "/")
        let padded = plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)
        return try JSONValue(parsing: try #require(Data(base64Encoded: padded)))
    }

    /// Microsoft identity platform, "Access token claims reference"; Graph, "Get servicePrincipal": a service principal reads itself without
    /// a permission.
    @Test("a token names its service principal, which may read only itself, and how it signed in")
    func ownPrincipal() async throws {
        let certificate = try TestCertificate()
        try await TenantInProcess.with {
            $0.applications[0].certificates = [certificate.certificatePEM]
            var other = AppRegistration()
            other.clientID = "99999999-bbbb-4ccc-8ddd-eeeeeeeeeeee"
            $0.applications.append(other)
        } _: { tenant in
            let secret = ["client_id": Self.clientID(tenant), "client_secret": "emulated-secret-value"]
            let claims = try Self.payload(try await Self.login(tenant, secret))
            let assertion = Self.fields(tenant, try certificate.assertion(Self.claims(tenant)))
            let signed = try Self.payload(try await Self.login(tenant, assertion))
            #expect(claims["appidacr"] == "1" && signed["appidacr"] == "2" && claims["ver"] == "1.0")
            #expect(claims["oid"] == claims["sub"] && claims["idp"] == claims["iss"] && claims["uti"]?.string != nil)
            let byName = "/servicePrincipals(appId='\(Self.clientID(tenant))')"
            for path in ["/servicePrincipals/\(claims["oid"]?.string ?? "")", byName] {
                let own = try await tenant.client.send("GET", path)
                #expect(own.status == 200 && own.body["id"] == claims["oid"])
                #expect(own.body["appRoles"] == [] && own.body["appRoleAssignmentRequired"] == false)
            }
            let other = "/servicePrincipals(appId='99999999-bbbb-4ccc-8ddd-eeeeeeeeeeee')"
            #expect(try await tenant.client.send("GET", other).status == 403)
            #expect(try await tenant.client.send("GET", "/servicePrincipals").status == 403)
        }
    }

    @Test("a sign-in returns tokens for Azure's resource manager, which Graph refuses")
    func resourceManager() async throws {
        try await TenantInProcess.with { tenant in
            for resource in ["https://management.core.windows.net/", "https://management.azure.com"] {
                let fields = [
                    "client_id": Self.clientID(tenant), "client_secret": "emulated-secret-value",
                    "scope": "\(resource)/.default",
                ]
                let answer = try await Self.login(tenant, fields)
                #expect(answer.status == 200)
                let claims = try Self.payload(answer)
                #expect(claims["aud"]?.string == resource && claims["roles"] == nil)
                let token = answer.body["access_token"]?.string ?? ""
                let headers = [("Authorization", "Bearer \(token)")]
                let refused = try await HTTP.send("GET", "\(tenant.client.graph)/users", headers: headers)
                #expect(refused.status == 401 && refused.body["error"]?["code"] == "InvalidAuthenticationToken")
            }
        }
    }

    @Test("an assertion with another key or audience, or outside its time, is refused")
    func wrongAssertions() async throws {
        let certificate = try TestCertificate()
        let other = try TestCertificate()
        try await TenantInProcess.with {
            $0.applications[0].certificates = [certificate.certificatePEM]
        } _: { tenant in
            let now = Int64(Date().timeIntervalSince1970)
            let cases: [(String, Int64)] = [
                (try other.assertion(Self.claims(tenant)), 700_027),
                (try certificate.assertion(Self.claims(tenant, ["aud": "https://elsewhere.example"])), 700_027),
                (
                    try certificate.assertion(
                        Self.claims(tenant, ["exp": .integer(now - 600), "nbf": .integer(now - 900)])
                    ), 700_024
                ),
                ("not.a.jwt", 700_027),
            ]
            for (assertion, number) in cases {
                let answer = try await Self.login(tenant, Self.fields(tenant, assertion))
                #expect(answer.status == 401)
                #expect(Self.number(answer) == number)
            }
            _ = try await tenant.client.control("PATCH", "settings", ["login_clock_skew": 3600])
            let late = try await Self.login(tenant, Self.fields(tenant, try certificate.assertion(Self.claims(tenant))))
            #expect(Self.number(late) == 700_024)
        }
    }

    @Test("a token of another issuer signs in if issuer, audience and subject are registered")
    func federated() async throws {
        let issuer = try TestCertificate()
        let impostor = try TestCertificate()
        try await TenantInProcess.with {
            $0.applications[0].federatedCredentials = [FederatedCredential(of: issuer)]
        } _: { tenant in
            let good: [String: JSONValue] = [
                "iss": "https://issuer.example", "sub": "workload", "aud": "api://AzureADTokenExchange",
            ]
            let right = try issuer.assertion(Self.claims(tenant, good))
            #expect(try await Self.login(tenant, Self.fields(tenant, right)).status == 200)
            for (name, number) in [("iss", Int64(700_211)), ("aud", 700_212), ("sub", 700_213)] {
                let wrong = try issuer.assertion(Self.claims(tenant, good.merging([name: "Other"]) { $1 }))
                #expect(try await Self.number(Self.login(tenant, Self.fields(tenant, wrong))) == number)
            }
            let forged = try impostor.assertion(Self.claims(tenant, good))
            #expect(try await Self.number(Self.login(tenant, Self.fields(tenant, forged))) == 700_027)
        }
    }

    @Test("expired secrets and disabled applications are refused; a Basic header is accepted")
    func secrets() async throws {
        try await TenantInProcess.with {
            $0.applications[0].secrets.append(Secret("old-secret", expires: Date(timeIntervalSince1970: 1_577_836_800)))
            var disabled = AppRegistration()
            disabled.clientID = "99999999-bbbb-4ccc-8ddd-eeeeeeeeeeee"
            disabled.isEnabled = false
            $0.applications.append(disabled)
        } _: { tenant in
            let expired = ["client_id": Self.clientID(tenant), "client_secret": "old-secret"]
            #expect(try await Self.number(Self.login(tenant, expired)) == 7_000_222)
            let disabled = ["client_id": "99999999-bbbb-4ccc-8ddd-eeeeeeeeeeee", "client_secret": "x"]
            #expect(try await Self.number(Self.login(tenant, disabled)) == 7_000_112)
            let pair = Data("\(Self.clientID(tenant)):emulated-secret-value".utf8).base64EncodedString()
            let basic = try await Self.login(tenant, [:], headers: [("Authorization", "Basic \(pair)")])
            #expect(basic.status == 200)
            #expect(try await Self.number(Self.login(tenant, expired, path: "nobody.example")) == 90002)
            #expect(try await Self.number(Self.login(tenant, expired, path: "nonsense")) == 900_023)
        }
    }

    @Test("a token has the consented permissions; new consent needs a new token")
    func roles() async throws {
        try await TenantInProcess.with {
            $0.applications[0].permissions = []
        } _: { tenant in
            #expect(try await tenant.client.send("GET", "/users").status == 403)
            let application: JSONValue = [
                "client_id": .string(Self.clientID(tenant)), "permissions": ["User.Read.All"],
                "secrets": [["value": "emulated-secret-value"]],
            ]
            let changed = try await tenant.client.control("PATCH", "settings", ["applications": [application]])
            #expect(changed.status == 200)
            #expect(!changed.body.text.contains("emulated-secret-value"))
            #expect(try await tenant.client.send("GET", "/users").status == 403)
            #expect(try await TenantClient(tenant.endpoints).send("GET", "/users").status == 200)
        }
    }
}

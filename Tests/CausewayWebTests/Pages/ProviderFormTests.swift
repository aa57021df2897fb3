import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("The form of a provider")
struct ProviderFormTests {
    @Test("the form asks for the secret again if its destination changes, for saving and for a check")
    func secret() async throws {
        try await ServedProgram.with { server in
            let made = try await server.send(
                "POST",
                "/providers/microsoft_entra/",
                ["name": "Entra", "client_id": "client", "client_secret": "hush-hush", "tenant_id": "tenant"]
            )
            let key = try #require(made.body["pk"]?.text, "\(made.body.text)")
            let credentials: JSONValue = ["username": "root", "password": .string(ServedProgram.password)]
            let session = try await server.send("POST", "/causeway/session/", credentials, key: nil)
            let cookie = try #require(session.cookies.last)
            let token = try #require(session.body["csrf_token"]?.string)
            func send(_ form: String) async throws -> (status: Int, headers: [String: String], text: String) {
                try await HTTP.text(
                    "POST",
                    "\(server.origin)/if/admin/providers/\(key)/edit/",
                    headers: [("Cookie", cookie)],
                    form: "_token=\(token)&name=Entra&client_id=client&comparison_interval=days%3D1&\(form)"
                )
            }
            for form in ["tenant_id=other", "tenant_id=other&_try=connection"] {
                let refused = try await send(form)
                #expect(refused.status == 422)
                #expect(refused.text.contains("Enter it again, because tenant_id changes."), "\(refused.text)")
            }
            let unchanged = try await send("tenant_id=tenant&dry_run=true")
            #expect(unchanged.status == 303)
            let entered = try await send("tenant_id=other&client_secret=hush-hush")
            #expect(entered.status == 303)
            let saved = try await server.send("GET", "/providers/microsoft_entra/\(key)/")
            #expect(saved.body["tenant_id"] == "other")
        }
    }

    @Test("the form takes a certificate as PEM text, of the kind certificate only, and does not show it again")
    func certificate() async throws {
        let certificate = try TestCertificate()
        let pem = "\(certificate.certificatePEM)\n\(certificate.keyPEM)\n"
        try await ServedProgram.with { server in
            let credentials: JSONValue = ["username": "root", "password": .string(ServedProgram.password)]
            let session = try await server.send("POST", "/causeway/session/", credentials, key: nil)
            let cookie = try #require(session.cookies.last)
            let token = try #require(session.body["csrf_token"]?.string)
            func send(_ kind: String, _ text: String) async throws -> (
                status: Int, headers: [String: String], text: String
            ) {
                let fields = [
                    ("credential_kind", kind), ("certificate", text.replacing("\n", with: "\r\n")),
                    ("comparison_interval", "days=1"),
                ]
                let encoded = fields.map { name, value in
                    "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
                }
                return try await HTTP.text(
                    "POST",
                    "\(server.origin)/if/admin/providers/create/microsoft-entra/",
                    headers: [("Cookie", cookie)],
                    form:
                        "_token=\(token)&name=Entra&client_id=client&tenant_id=tenant&\(encoded.joined(separator: "&"))"
                )
            }
            let wrongKind = try await send("client_secret", pem)
            #expect(wrongKind.status == 422 && wrongKind.text.contains("Select Certificate"), "\(wrongKind.text)")
            #expect(!wrongKind.text.contains("PRIVATE KEY-----"))
            let nonsense = try await send("certificate", "nonsense")
            #expect(nonsense.status == 422 && nonsense.text.contains("client_secret-error"), "\(nonsense.text)")
            let made = try await send("certificate", pem)
            #expect(made.status == 303, "\(made.text)")
            let saved = try await server.send("GET", "/providers/microsoft_entra/?name=Entra")
            #expect(saved.body["results"]?.array?.first?["credential_kind"] == "certificate")
        }
    }
}

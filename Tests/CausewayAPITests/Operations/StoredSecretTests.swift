import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("A stored secret", .serialized)
struct StoredSecretTests {
    private static let path = "/providers/microsoft_entra/"

    private func provider(_ tenant: TenantProgram) -> [String: JSONValue] {
        var settings: [String: JSONValue] = [
            "name": "Entra", "cloud": "custom", "client_secret": "emulated-secret-value",
        ]
        for key in ["client_id", "tenant_id", "login_endpoint", "graph_endpoint"] {
            settings[key] = tenant.endpoints[key]
        }
        return settings
    }

    @Test("no answer has a proxy's secret; the shown address keeps it, and another proxy needs it again")
    func proxy() async throws {
        try await ServedProgram.with { server in
            let body: JSONValue = [
                "name": "Entra", "client_id": "client", "tenant_id": "tenant", "client_secret": "emulated-secret-value",
                "http_proxy": "http://ada:hush-hush-1@proxy.company.com:3128",
            ]
            let made = try await server.send("POST", Self.path, body)
            #expect(made.status == 201 && made.body["http_proxy"] == "http://ada@proxy.company.com:3128")
            let object = "\(Self.path)\(made.body["pk"]?.text ?? "")/"
            let answer = try await server.send("GET", object)
            let sent = try await server.send("PATCH", object, ["http_proxy": answer.body["http_proxy"] ?? .null])
            #expect(sent.status == 200, "\(sent.body.text)")
            let moved = try await server.send("PATCH", object, ["http_proxy": "http://ada@proxy.example.net:3128"])
            #expect(moved.status == 400 && moved.body["http_proxy"]?.array?.count == 1, "\(moved.body.text)")
            let wrong = try await server.send("PATCH", object, ["http_proxy": "https://ada:hush-hush-2@proxy:1"])
            #expect(wrong.status == 400 && wrong.body["http_proxy"] != nil, "\(wrong.body.text)")
            for text in [made, answer, sent, moved, wrong].map(\.body.text) { #expect(!text.contains("hush-hush")) }
        }
    }

    @Test("a certificate without its key, or text that is none, is refused and not stored")
    func certificates() async throws {
        try await ServedProgram.with { server in
            let certificate = try TestCertificate()
            var body: [String: JSONValue] = [
                "name": "Entra", "client_id": "client", "tenant_id": "tenant", "credential_kind": "certificate",
            ]
            for (text, words) in [("a-secret-value", "not PEM text"), (certificate.certificatePEM, "no PRIVATE KEY")] {
                body["client_secret"] = .string(text)
                let refused = try await server.send("POST", Self.path, .object(body))
                #expect(refused.status == 400)
                #expect(refused.body["client_secret"]?.array?.first?.string?.contains(words) == true)
            }
            body["client_secret"] = .string(certificate.certificatePEM + "\n" + certificate.keyPEM)
            let made = try await server.send("POST", Self.path, .object(body))
            #expect(made.status == 201, "\(made.body.text)")
            let object = "\(Self.path)\(made.body["pk"]?.text ?? "")/"
            let changed = try await server.send("PATCH", object, ["client_secret": "another-secret-value"])
            #expect(changed.status == 400)
            let left = try await server.send("PATCH", object, ["name": "Entra 2"])
            #expect(left.status == 200, "\(left.body.text)")
        }
    }

    @Test("no save and no check sends the secret to a new destination; an unchanged destination needs no new secret")
    func destinations() async throws {
        try await TenantProgram.with { tenant in
            try await ServedProgram.with { server in
                let elsewhere = try LoopbackListener()
                let settings = provider(tenant)
                let made = try await server.send("POST", Self.path, .object(settings))
                let key = try #require(made.body["pk"], "\(made.body.text)")
                let object = "\(Self.path)\(key.text)/"
                let changes: [(String, JSONValue)] = [
                    ("login_endpoint", .string(elsewhere.url)), ("graph_endpoint", .string(elsewhere.url + "/v1.0")),
                    ("tenant_id", "other"), ("client_id", "other"), ("cloud", "china"),
                    ("credential_kind", "certificate"),
                ]
                for (name, value) in changes {
                    let saved = try await server.send("PATCH", object, .object([name: value]))
                    #expect(saved.status == 400, "\(name): \(saved.body.text)")
                    #expect(saved.body["client_secret"]?.array?.first?.string?.contains(name) == true)
                    let checked = try await server.send(
                        "POST",
                        "/causeway/connection/check/",
                        ["provider": key, "settings": .object([name: value])]
                    )
                    #expect(checked.status == 400, "\(name): \(checked.body.text)")
                    #expect(checked.body.text.contains("client_secret") && checked.body.text.contains(name))
                }
                #expect(!elsewhere.hasVisitor)
                #expect(try await server.send("PUT", object, .object(settings)).status == 200)
                var same = settings
                (same["client_secret"], same["dry_run"]) = (nil, true)
                #expect(try await server.send("PATCH", object, .object(same)).status == 200)
                let again = try await server.send(
                    "POST",
                    "/causeway/connection/check/",
                    ["provider": key, "settings": .object(same)]
                )
                #expect(again.status == 200)
                let answer = try await server.send("GET", object)
                #expect(answer.body["login_endpoint"] == settings["login_endpoint"])
                let moved = try await server.send(
                    "PATCH",
                    object,
                    ["tenant_id": "other", "client_secret": "emulated-secret-value"]
                )
                #expect(moved.status == 200 && moved.body["tenant_id"] == "other", "\(moved.body.text)")
            }
        }
    }

    @Test("the command line has the same rules for destinations, and checks endpoints")
    func commandLine() async throws {
        try await TemporaryFolder.with { folder in
            let secret = ["CAUSEWAY_CLIENT_SECRET": "emulated-secret-value"]
            func run(_ arguments: [String], _ environment: [String: String] = [:]) async throws -> Program {
                try await Program.run(["provider"] + arguments + ["--data", folder.path], environment: environment)
            }
            let made = try await run(["create", "Entra", "--tenant-id", "t", "--client-id", "c"], secret)
            #expect(made.status == 0, "\(made.errors)")
            let endpoints = [
                "--cloud", "custom", "--login-endpoint", "https://login.example.com", "--graph-endpoint",
                "https://graph.example.com/v1.0",
            ]
            for change in [["--tenant-id", "other"], ["--client-id", "other"], endpoints] {
                let refused = try await run(["update", "Entra"] + change)
                #expect(refused.status != 0 && refused.errors.contains("Enter it again"), "\(refused.errors)")
                let taken = try await run(["update", "Entra"] + change, secret)
                #expect(taken.status == 0, "\(taken.errors)")
            }
            let metadata = ["update", "Entra", "--login-endpoint", "https://169.254.169.254"]
            let refused = try await run(metadata, secret)
            #expect(refused.status != 0 && refused.errors.contains("link-local"), "\(refused.errors)")
            let allowed = try await run(metadata, secret.merging(["CAUSEWAY_ALLOW_LINK_LOCAL": "true"]) { $1 })
            #expect(allowed.status == 0, "\(allowed.errors)")
        }
    }

    @Test(
        "a value that is not an endpoint is refused",
        arguments: [
            "http://graph.example.com/v1.0", "https://user@graph.example.com", "https://graph.example.com/?x",
            "https://graph.example.com/#x", "https://169.254.169.254/v1.0", "https://2852039166/v1.0",
            "https://[::ffff:169.254.169.254]/", "graph",
        ]
    )
    func endpoints(_ url: String) async throws {
        try await ServedProgram.with { server in
            for name in ["login_endpoint", "graph_endpoint"] {
                let other = name == "login_endpoint" ? "graph_endpoint" : "login_endpoint"
                let body: JSONValue = [
                    "name": "Entra", "client_id": "c", "tenant_id": "t", "client_secret": "s", "cloud": "custom",
                    name: .string(url), other: "https://endpoint.example.com",
                ]
                let refused = try await server.send("POST", Self.path, body)
                #expect(refused.status == 400)
                #expect(refused.body.object?.keys.sorted() == [name], "\(refused.body.text)")
            }
        }
    }
}

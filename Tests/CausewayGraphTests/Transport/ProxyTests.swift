import CausewayGraph
import CausewayJSON
import CausewayNetwork
import CausewayTestSupport
import Foundation
import Logging
import Testing

@Suite("Requests through a proxy")
struct ProxyTests {
    /// A tenant behind Microsoft's host names, and a client for it.
    private struct Tenant: Sendable {
        let port: Int
        let authority: String
        let program: TenantProgram

        static func with(_ body: (Tenant) async throws -> Void) async throws {
            try await TemporaryFolder.with { folder in
                let file = folder.appending(path: "authority.pem").path
                try await TenantProgram.with(further: ["--tls-self-made", file]) { program in
                    let port = URL(string: program.endpoints["login_endpoint"]?.string ?? "")?.port
                    let authority = try String(contentsOfFile: file, encoding: .utf8)
                    try await body(Tenant(port: try #require(port), authority: authority, program: program))
                }
            }
        }

        /// Reads the organization from Graph at Microsoft's host names.
        ///
        /// - Parameter attempts: more than one where a slow machine must not matter.
        func organization(
            through proxy: String?,
            environment: [String: String] = [:],
            attempts: Int = 5
        ) async throws -> Organization {
            let network = NetworkSettings(proxies: ProxyRule(environment: environment), authorities: [authority])
            let transport = NetworkTransport(network, proxy: proxy.map { ProxyRule(text: $0) })
            func text(_ key: String) -> String { program.endpoints[key]?.string ?? "" }
            return try await transport.used { transport in
                try await GraphClient(
                    endpoints: .global,
                    credentials: [
                        GraphCredential(
                            tenant: text("tenant_id"),
                            clientID: text("client_id"),
                            proof: .clientSecret(ClientSecret("emulated-secret-value"))
                        )
                    ],
                    transport: transport,
                    limits: nil,
                    policy: RetryPolicy(attempts: attempts),
                    logger: Logger(label: "test")
                )
                .organization()
            }
        }

        func failure(through proxy: String?, environment: [String: String] = [:]) async throws -> GraphFailure? {
            await #expect(throws: GraphFailure.self) {
                _ = try await organization(through: proxy, environment: environment, attempts: 1)
            }
        }
    }

    @Test("requests reach the sign-in service and Graph, and only the proxy gets its user and secret")
    func through() async throws {
        try await Tenant.with { tenant in
            try await ConnectProxy.with(to: tenant.port, access: ("ada", "pro:xy-secret")) { proxy in
                let address = "http://ada:pro%3Axy-secret@127.0.0.1:\(proxy.port)"
                let organization = try await tenant.organization(through: address)
                #expect(organization.id == tenant.program.endpoints["tenant_id"]?.string)
                #expect(
                    Set(proxy.visits.map(\.target)) == ["login.microsoftonline.com:443", "graph.microsoft.com:443"]
                )
                #expect(proxy.visits.allSatisfy { $0.status == 200 && $0.authorization?.hasPrefix("Basic ") == true })
            }
        }
    }

    @Test("a failure names the proxy, the cause and a remedy, and does not contain the secret")
    func failures() async throws {
        try await Tenant.with { tenant in
            try await ConnectProxy.with(
                to: tenant.port,
                access: ("ada", "right"),
                refused: ["login.microsoftonline.com"]
            ) {
                proxy in
                let place = "127.0.0.1:\(proxy.port)"
                let wrong = try #require(try await tenant.failure(through: "http://ada:wr0ng-value@\(place)"))
                #expect(wrong.sentence.contains("does not accept the user 'ada'"), "\(wrong.sentence)")
                #expect(wrong.remedy.contains("http://user:secret@host:port") && wrong.stopsEverything)
                let unnamed = try #require(try await tenant.failure(through: "http://\(place)"))
                #expect(unnamed.sentence.contains("needs a user and a secret"), "\(unnamed.sentence)")
                let refused = try #require(try await tenant.failure(through: "http://ada:right@\(place)"))
                #expect(
                    refused.sentence.contains("does not connect to login.microsoftonline.com"),
                    "\(refused.sentence)"
                )
                for failure in [wrong, unnamed, refused] {
                    let text = "\(failure) \(failure.sentence) \(failure.remedy) \(failure.rule)"
                    #expect(text.contains(place) && !text.contains("wr0ng-value") && !text.contains("right"), "\(text)")
                    #expect(!failure.remedy.isEmpty)
                }
            }
            let absent = try #require(try await tenant.failure(through: "http://127.0.0.1:1"))
            #expect(absent.sentence.contains("http://127.0.0.1:1 cannot be reached"), "\(absent.sentence)")
            let forbidden = try #require(try await tenant.failure(through: "http://169.254.169.254:80"))
            #expect(forbidden.sentence.contains("link-local"), "\(forbidden.sentence)")
        }
    }

    @Test("requests use the proxy of the environment, unless the provider has its own")
    func environment() async throws {
        try await Tenant.with { tenant in
            try await ConnectProxy.with(to: tenant.port, access: ("ada", "right")) { proxy in
                let address = "http://ada:right@127.0.0.1:\(proxy.port)"
                for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
                    let before = proxy.visits.count
                    _ = try await tenant.organization(through: nil, environment: [name: address])
                    #expect(proxy.visits.count > before, "\(name)")
                }
                // The provider's own proxy takes precedence, and NO_PROXY does not apply to it.
                let before = proxy.visits.count
                let others = ["HTTPS_PROXY": "http://127.0.0.1:1", "NO_PROXY": "*"]
                _ = try await tenant.organization(through: address, environment: others)
                #expect(proxy.visits.count > before)
                let wrong = try await tenant.failure(through: nil, environment: ["ALL_PROXY": "socks5://127.0.0.1:1"])
                #expect(wrong?.sentence.contains("ALL_PROXY") == true, "\(wrong?.sentence ?? "")")
            }
        }
    }

    @Test("requests to this machine and to hosts in NO_PROXY go directly")
    func direct() async throws {
        let listener = try LoopbackListener()
        async let words = listener.visit(answer: "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n")
        let here = HTTPRequestMessage(method: "GET", url: "\(listener.url)/here", headers: [], body: nil)
        let answer = try await Self.send(here, environment: ["HTTPS_PROXY": "http://127.0.0.1:1"])
        #expect(answer.status == 204)
        #expect(await words.hasPrefix("GET /here"))

        try await ConnectProxy.with(to: 1) { proxy in
            let environment = ["HTTPS_PROXY": "http://127.0.0.1:\(proxy.port)", "NO_PROXY": ".invalid"]
            let nowhere = HTTPRequestMessage(method: "GET", url: "https://graph.invalid/", headers: [], body: nil)
            await #expect(throws: TransportError.self) { try await Self.send(nowhere, environment: environment) }
            #expect(proxy.visits.isEmpty)
        }
    }

    @discardableResult
    private static func send(_ request: HTTPRequestMessage, environment: [String: String]) async throws -> HTTPAnswer {
        try await NetworkTransport(NetworkSettings(proxies: ProxyRule(environment: environment))).sendOnce(request)
    }
}

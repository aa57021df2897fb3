import CausewayGraph
import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Foundation
import Logging
import Testing

@Suite("A provider behind a proxy")
struct ProxyRunTests {
    @Test("checks and runs go through the proxy, and report its failures")
    func run() async throws {
        try await TemporaryFolder.with { folder in
            let file = folder.appending(path: "authority.pem").path
            try await TenantProgram.with(further: ["--tls-self-made", file]) { tenant in
                let port = try #require(URL(string: tenant.endpoints["login_endpoint"]?.string ?? "")?.port)
                try await ConnectProxy.with(to: port, access: ("ada", "pr0xy-secret")) { proxy in
                    let store = try await Store.open(
                        at: try await TestDatabase.place(in: folder),
                        secrets: SecretBox(keyText: Secret("long enough for a test"))
                    )
                    let provider = try await Self.provider(
                        store,
                        tenant,
                        "http://ada:pr0xy-secret@127.0.0.1:\(proxy.port)"
                    )
                    let network = NetworkSettings(authorities: [try String(contentsOfFile: file, encoding: .utf8)])
                    var logger = Logger(label: "test")
                    logger.logLevel = .critical
                    let runtime = try ProvisioningRuntime.load(limits: nil, network: network, logger: logger)
                    let runs = RunCoordinator(store: store, runtime: runtime)

                    let done = try await runs.run(RunInstruction(provider, trigger: .manual, mode: .apply))
                    #expect(done.status == .succeeded)
                    let applied = try await store.read { try $0.actions(of: done.id, after: 0, limit: 10) }
                    #expect(applied.count { $0.action.verb == .create && $0.outcome.status == .applied } == 1)
                    #expect(Set(proxy.visits.map(\.status)) == [200])
                    #expect(
                        Set(proxy.visits.map(\.target)) == ["login.microsoftonline.com:443", "graph.microsoft.com:443"]
                    )

                    try await store.write { transaction in
                        guard var settings = try transaction.provider(provider)?.settings else { return }
                        settings.httpProxy = Secret("http://ada:wr0ng-secret@127.0.0.1:\(proxy.port)")
                        try transaction.updateProvider(provider, to: settings)
                    }
                    let error = await #expect(throws: ProvisioningError.self) {
                        _ = try await runs.run(RunInstruction(provider, trigger: .manual, mode: .apply))
                    }
                    let text = error?.description ?? ""
                    #expect(text.contains("does not accept the user 'ada'") && !text.contains("wr0ng"), "\(text)")
                    let current = try #require(try await store.read { try $0.provider(provider) })
                    let findings = await ProviderCheck(store: store, runtime: runtime).findings(on: current)
                    let finding = findings.first { $0.subject == "tenant" && $0.level == .error }
                    #expect(finding?.message.contains("does not accept the user 'ada'") == true)
                    try store.close()
                }
            }
        }
    }

    private static func provider(_ store: Store, _ tenant: TenantProgram, _ proxy: String) async throws -> ProviderID {
        try await store.write { transaction in
            func text(_ key: String) -> String { tenant.endpoints[key]?.string ?? "" }
            let mapping = PropertyMapping(name: "users", expression: DefaultMappings.user.expression)
            try transaction.saveMapping(mapping)
            _ = try transaction.createUser(UserProfile(username: "eve", name: "Eve", email: "eve@company.com"))
            var settings = ProviderSettings(name: "Entra", clientID: text("client_id"), tenantID: text("tenant_id"))
            settings.userMappings = [mapping.id]
            settings.httpProxy = Secret(proxy)
            let provider = try transaction.createProvider(settings, clientSecret: Secret("emulated-secret-value"))
            try transaction.saveApplication(Application(name: "A", slug: "a", backchannelProviders: [provider.id]))
            return provider.id
        }
    }
}

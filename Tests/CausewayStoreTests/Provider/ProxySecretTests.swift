import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import Testing

@Suite("The secret of a provider's proxy")
struct ProxySecretTests {
    private static let address = "http://ada:hush-hush-1@proxy.company.com:3128"

    private func entered(_ text: String, over before: String) -> ProviderSettings {
        var settings = ProviderSettings(name: "Entra", clientID: "client", tenantID: "tenant")
        settings.httpProxy = Secret(before)
        ProviderSettings.fields.take(["http_proxy": .string(text)], into: &settings)
        return settings
    }

    @Test("the secret is stored sealed and never shown")
    func sealed() async throws {
        try await StoreFixture.with { fixture in
            let provider = try await fixture.store.write { transaction in
                try transaction.makeProvider { $0.httpProxy = Secret(Self.address) }
            }
            let read = try #require(try await fixture.store.read { try $0.provider(provider.id) })
            #expect(read.httpProxy.revealed == Self.address)
            let shown = JSONValue.object(ProviderSettings.fields.values(of: read.settings))
            #expect(shown["http_proxy"] == "http://ada@proxy.company.com:3128")
            var dumped = "\(read) \(String(reflecting: read)) \(shown.text)"
            dump(read, to: &dumped)
            #expect(!dumped.contains("hush-hush"))
            for file in ["causeway.db", "causeway.db-wal"] {
                let bytes = (try? Data(contentsOf: fixture.folder.appending(path: file))) ?? Data()
                #expect(bytes.range(of: Data("hush-hush".utf8)) == nil, "\(file)")
            }
            _ = try await fixture.store.write { try $0.forgetSecrets() }
            let after = try await fixture.store.read { try $0.provider(provider.id)?.httpProxy }
            #expect(after == Secret(""))
        }
    }

    @Test("the secret is kept for the same user of the same proxy, and must be entered again for any other")
    func kept() throws {
        #expect(entered("http://ada@proxy.company.com:3128", over: Self.address).httpProxy.revealed == Self.address)
        for text in [
            "http://ada@other.company.com:3128", "http://eve@proxy.company.com:3128", "http://ada@proxy.company.com:1",
        ] {
            let error = #expect(throws: ValidationError.self) { try entered(text, over: Self.address).validate() }
            #expect(error?.problems.map(\.field) == ["http_proxy"], "\(text)")
            #expect(error?.description.contains("Enter the secret") == true)
            #expect(error?.description.contains("hush-hush") == false)
        }
        for text in [
            "http://eve:new@other.company.com:3128", "http://other.company.com:3128", "http://eve:@other:1", "",
        ] {
            let settings = entered(text, over: Self.address)
            try settings.validate()
            #expect(settings.httpProxy.revealed == text)
        }
    }

    @Test("no error about an unusable address contains the secret")
    func refused() {
        for text in [
            "https://ada:hush-hush@proxy:1", "http://ada:hush-hush@proxy", "http://ada:hush-hush@169.254.169.254:80",
        ] {
            let error = #expect(throws: ValidationError.self) { try entered(text, over: "").validate() }
            #expect(error?.problems.map(\.field) == ["http_proxy"], "\(text)")
            #expect(error?.description.contains("hush-hush") == false)
        }
    }
}

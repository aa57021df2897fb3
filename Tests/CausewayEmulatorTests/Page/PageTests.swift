import AsyncHTTPClient
import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import NIOCore
import NIOHTTP1
import Testing

@Suite("The emulated tenant: its page")
struct PageTests {
    private static func html(_ url: String) async throws -> (status: UInt, type: String, text: String) {
        let answer = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: .minutes(5))
        let bytes = try await answer.body.collect(upTo: 1 << 20)
        return (answer.status.code, answer.headers.first(name: "Content-Type") ?? "", String(buffer: bytes))
    }

    @Test("the page shows the tenant's name with every character escaped that needs it")
    func escaping() async throws {
        try await TenantInProcess.with {
            $0.name = "Fish & <script>alert(\"Chips\")</script>"
        } _: { tenant in
            let login = tenant.endpoints["login_endpoint"]?.string ?? ""
            let page = try await Self.html("\(login)/")
            #expect(page.status == 200)
            #expect(page.type == "text/html; charset=utf-8")
            let name = "Fish &amp; &lt;script&gt;alert(&quot;Chips&quot;)&lt;/script&gt;"
            #expect(page.text.contains("<h1>\(name)</h1>"))
            #expect(!page.text.contains("<script>alert"))
            let control = "/_control/tenants/\(tenant.endpoints["tenant_id"]?.string ?? "")"
            #expect(page.text.contains("data-base=\"\(control)\""))
        }
    }

    @Test("the page shows how full each limit is")
    func gauges() async throws {
        try await TenantInProcess.with {
            $0.throttles = true
        } _: { tenant in
            _ = try await tenant.client.control("POST", "clock", ["frozen": true])
            for number in 0..<3 { _ = try await tenant.client.make("/users", GraphTests.user("u\(number)")) }
            let page = try await tenant.client.control("GET", "page").body
            let client = tenant.endpoints["client_id"]?.string ?? ""
            let writes = page["gauges"]?["Tenant_Application/Write/\(client)"]
            #expect(writes?["size"] == 3000.0)
            #expect(writes?["seconds"] == 150.0)
            let used = try #require(writes?["used"].flatMap { Double($0.text) })
            #expect(abs(used - 0.001) < 1e-9)
            #expect(page["gauges"]?["Tenant_Application/ReadWrite/\(client)"]?["size"] == 3500.0)
            #expect(page["throttling"] == true)
        }
    }
}

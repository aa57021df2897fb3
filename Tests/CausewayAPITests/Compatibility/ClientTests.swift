import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("authentik's own client", .serialized)
struct ClientTests {
    @Test("authentik's client performs the documented set-up and every operation of the document")
    func everyOperation() async throws {
        try await TenantProgram.with { tenant in
            try await ServedProgram.with { server in
                let resources = Bundle.module.bundleURL.appending(path: "Resources")
                let document = Program.url.deletingLastPathComponent()
                    .appending(path: "Causeway_CausewayAPI.resources/Resources/openapi/authentik")
                let python = try PythonTools.python
                let script = resources.appending(path: "client.py").path
                let done = try await Program.run(
                    [script, server.origin, server.key, document.path, tenant.endpoints.text],
                    at: python
                )
                #expect(done.status == 0, "\(done.output)\n\(done.errors)")
                #expect(done.output.contains("116 of 116 operations"), "\(done.output)")
            }
        }
    }
}

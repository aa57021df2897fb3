import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@Suite("The admin interface in a browser")
struct WalkTests {
    @Test("takes an administrator from signing in to a synced tenant, and through what comes after it")
    func walk() async throws {
        try await TenantProgram.with { tenant in
            try await Self.walk(tenant)
        }
    }

    private static func walk(_ tenant: TenantProgram) async throws {
        try await TemporaryFolder.with { empty in
            _ = try await RunningProgram.with(["serve", "--listen", "127.0.0.1:0", "--data", empty.path]) { running in
                let link = try await running.line(containing: "/if/setup/?token=").trimmingCharacters(in: .whitespaces)
                try await walk(tenant, setup: link)
            }
        }
    }

    private static func walk(_ tenant: TenantProgram, setup: String) async throws {
        try await ServedProgram.with { server in
            let script = Bundle.module.bundleURL.appending(path: "Resources/walk.py")
            let expression = server.folder.appending(path: "expression.py")
            try Data(DefaultMappings.emailVerifiedUsers.expression.utf8).write(to: expression)
            let arguments = [
                script.path, server.origin, ServedProgram.password, tenant.endpoints.text, expression.path, setup,
            ]
            let folder = ProcessInfo.processInfo.environment["CAUSEWAY_SCREENSHOTS"]
            let done = try await Program.run(arguments + (folder.map { [$0] } ?? []), at: PythonTools.python)
            #expect(done.status == 0, "\(done.output)\n\(done.errors)")
            #expect(done.output.contains("looked at"), "\(done.output)")
        }
    }
}

import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import Testing

@Suite("A node that is drained", .timeLimit(.minutes(15)))
struct DrainTests {
    private static func status(_ origin: String, _ check: String) async throws -> Int {
        try await HTTP.text("GET", "\(origin)/-/health/\(check)/").status
    }

    @Test("it is not ready while another node works, but alive; alone it stays ready, and neither is an error")
    func readiness() async throws {
        try await TemporaryFolder.with { folder in
            let serving = ["serve", "--listen", "127.0.0.1:0", "--node-name", "ada", "--data", folder.path]
            _ = try await RunningProgram.with(serving, environment: ["CAUSEWAY_LOG_LEVEL": "notice"]) { program in
                let origin = try await program.origin()
                let store = try await Store.open(dataFolder: folder)
                #expect(try await Self.status(origin, "ready") == 204)
                let bert = UUID()
                try await store.write { _ = try $0.setDraining(true, nodesNamed: "ada") }
                while try await Self.status(origin, "ready") != 503 { try await store.beat(asNode: "bert", id: bert) }
                #expect(try await Self.status(origin, "live") == 204)
                try await store.write { try $0.removeNode(bert.uuidString.lowercased()) }
                while try await Self.status(origin, "ready") != 204 {}
                let reports = try await store.read { try $0.nodeReports() }
                #expect(reports.map(\.state) == [.draining])
                let lines = program.errors.filter { $0.contains("ready") }
                let notice = lines.first { $0.contains("not ready") } ?? ""
                #expect(notice.contains("notice") && notice.contains("is drained"), "\(lines)")
                #expect(lines.allSatisfy { !$0.contains("error") }, "\(lines)")
                try store.close()
            }
        }
    }
}

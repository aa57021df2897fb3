import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import Testing

@Suite("The demonstration")
struct DemoTests {
    @Test("the demonstration ends with a tenant that holds exactly the directory, in the fewest writes", .onlySQLite)
    func once() async throws {
        try await TemporaryFolder.with { folder in
            let run = try await Program.run(["demo", "--once", "--json", "--data", folder.path])
            #expect(run.status == 0, "\(run.output) \(run.errors)")
            let json = try run.json
            #expect(json["differences"] == [])
            #expect(json["writes"] == json["fewest_writes"])
            #expect(json["second_sync_writes"] == 0)
            #expect(json["first_sync"]?["examined_users"] == 1000)
            let status = try await Program.run(["status", "--json", "--data", folder.path])
            #expect(try status.json["providers"]?.array?.first?["linked_users"] == 1000)
            let store = try await Store.open(dataFolder: folder)
            let mappings = try await store.read { try $0.mappings() }
            try store.close()
            #expect(Set(mappings.map(\.name)).isSuperset(of: MappingLibrary.managed.map(\.name)))
        }
    }

    @Test("the demonstration leaves nothing behind if it was given no folder")
    func nothingLeft() async throws {
        try await TemporaryFolder.with { folder in
            let run = try await Program.run(["demo", "--once", "--users", "5"], environment: ["TMPDIR": folder.path])
            #expect(run.status == 0, "\(run.output) \(run.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        }
    }

    @Test("a folder that is in use is refused", .onlySQLite)
    func usedFolder() async throws {
        try await TemporaryFolder.with { folder in
            _ = try await Program.run(["status", "--data", folder.path])
            let run = try await Program.run(["demo", "--once", "--data", folder.path])
            #expect(run.status == 1)
            #expect(run.errors.contains("already contains a directory"))
        }
    }
}

import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayStore
@testable import CausewayWeb

@Suite("Nodes on the page of the system")
struct NodePageTests {
    private static func table(_ states: String...) throws -> NodeTable {
        let nodes = try states.enumerated().map { number, state -> NodeView in
            try AnswerDecoder.decode(
                from: [
                    "name": .string("node\(number)"), "version": "1.0", "state": .string(state),
                    "is_draining": .bool(state == "draining"), "seen": "2026-11-30T12:00:00Z",
                    "work": number == 0
                        ? [["run": "0b7c6c50-2f6b-4b3f-9d7f-6e9d3c1f1a11", "provider_name": "Entra"]] : [],
                ]
            )
        }
        return NodeTable(nodes, try Texts(.built, .english))
    }

    @Test("a node has its state, its runs, and the button that changes the state; a silent node has none")
    func rows() throws {
        let table = try Self.table("working", "draining", "silent")
        #expect(table.rows.map(\.stateWords) == ["Working", "Draining", "Silent"])
        #expect(table.rows.map { $0.change?.words } == ["Drain", "Resume", nil])
        #expect(table.rows[1].change?.address.text == "/if/admin/system/nodes/node1/undrain/")
        #expect(table.rows.map(\.isIdle) == [false, true, true] && table.rows[0].work.map(\.title) == ["Entra"])
        #expect(!table.noneWorks)
    }

    @Test("a warning says if no node works")
    func idle() throws {
        #expect(try Self.table("draining", "silent").noneWorks)
        #expect(try !Self.table("working").noneWorks)
    }

    @Test("a node is drained and works again, whatever its name; the page says that in German too")
    func draining() async throws {
        try await ServedProgram.with { server in
            let store = try await Store.open(dataFolder: server.folder)
            let bert = UUID()
            try await store.beat(asNode: "bert <b>", id: bert)
            // However long the test takes, the node does not fall silent.
            try await store.write { transaction in
                try transaction.execute(
                    "UPDATE nodes SET seen_at_ms = ? WHERE id = ?",
                    SQLValue(try transaction.leaseTime() + .seconds(3600)),
                    .text(bert.uuidString.lowercased())
                )
            }
            try store.close()
            let credentials: JSONValue = ["username": "root", "password": .string(ServedProgram.password)]
            let session = try await server.send("POST", "/causeway/session/", credentials, key: nil)
            let cookie = session.cookies.joined(separator: "; ")
            let token = try #require(session.body["csrf_token"]?.string)
            func page(_ language: String) async throws -> String {
                let headers = [("Cookie", cookie), ("Accept-Language", language)]
                return try await HTTP.text("GET", "\(server.origin)/if/admin/system/", headers: headers).text
            }
            func press(_ verb: String) async throws -> (status: Int, headers: [String: String], text: String) {
                let address = "\(server.origin)/if/admin/system/nodes/bert%20%3Cb%3E/\(verb)/"
                return try await HTTP.text("POST", address, headers: [("Cookie", cookie)], form: "_token=\(token)")
            }
            let working = try await page("en")
            #expect(working.contains("bert &lt;b&gt;") && !working.contains("bert <b>"))
            #expect(working.contains("action=\"/if/admin/system/nodes/bert%20%3Cb%3E/drain/\""), "\(working)")

            let drained = try await press("drain")
            #expect(drained.status == 303 && drained.headers["location"]?.contains("node_drained") == true)
            let german = try await page("de")
            #expect(german.contains("In Betrieb nehmen: bert &lt;b&gt;"), "\(german)")
            #expect(try await press("undrain").headers["location"]?.contains("node_undrained") == true)
            #expect(try await page("de").contains("Außer Betrieb nehmen: bert &lt;b&gt;"))
            let missing = try await HTTP.text(
                "POST",
                "\(server.origin)/if/admin/system/nodes/eve/drain/",
                headers: [("Cookie", cookie)],
                form: "_token=\(token)"
            )
            #expect(missing.status == 404)
        }
    }
}

import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import Testing

@Suite("Nodes in the API")
struct NodeOperationTests {
    private static let nodes = "/causeway/nodes/"

    private static func node(_ server: ServedProgram, _ name: String) async throws -> JSONValue? {
        let answer = try await server.send("GET", nodes)
        #expect(answer.status == 200, "\(answer.body.text)")
        return answer.body.array?.first { $0["name"]?.string == name }
    }

    /// What the log says of nodes, the newest first.
    private static func events(_ server: ServedProgram) async throws -> [JSONValue] {
        let answer = try await server.send("GET", "/causeway/events/?object_type=node")
        #expect(answer.status == 200, "\(answer.body.text)")
        return answer.body["results"]?.array ?? []
    }

    /// Serves a directory on which a second node, `bert`, works too.
    private static func with(_ body: (ServedProgram) async throws -> Void) async throws {
        try await ServedProgram.with { server in
            let store = try await Store.open(dataFolder: server.folder)
            try await store.beat(asNode: "bert", id: UUID())
            try store.close()
            try await body(server)
        }
    }

    @Test("auditors see nodes, and operators drain and undrain those that exist")
    func roles() async throws {
        try await Self.with { server in
            let (auditorKey, operatorKey) = (try await server.token(.auditor), try await server.token(.operator))
            let seen = try await server.send("GET", Self.nodes, key: auditorKey)
            #expect(seen.status == 200 && seen.body.array?.count == 2, "\(seen.body.text)")
            for verb in ["drain", "undrain"] {
                let path = "\(Self.nodes)bert/\(verb)/"
                #expect(try await server.send("POST", path, key: auditorKey).status == 403)
                #expect(try await server.send("POST", path, key: operatorKey).status == 204)
                #expect(try await server.send("POST", "\(Self.nodes)eve/\(verb)/", key: operatorKey).status == 404)
            }
            let changes = try await Self.events(server)
            #expect(changes.map { $0["user"] } == ["operator", "operator"])
        }
    }

    @Test("a node is drained until it is undrained; the log tells each change once")
    func draining() async throws {
        try await Self.with { server in
            let before = try #require(try await Self.node(server, "bert"))
            #expect(before["state"] == "working" && before["is_draining"] == false && before["work"] == [])
            #expect(before["version"] == "1.0" && before["seen"] == before["started"])
            for _ in 1...2 { #expect(try await server.send("POST", "\(Self.nodes)bert/drain/").status == 204) }
            let drained = try #require(try await Self.node(server, "bert"))
            #expect(drained["state"] == "draining" && drained["is_draining"] == true)
            let others = try await server.send("GET", Self.nodes).body.array?.filter { $0["name"] != "bert" }
            #expect(others?.map { $0["state"] } == ["working"])
            for _ in 1...2 { #expect(try await server.send("POST", "\(Self.nodes)bert/undrain/").status == 204) }
            // By now it may count as silent, since nothing beats for it.
            let undrained = try #require(try await Self.node(server, "bert"))
            #expect(undrained["state"] != "draining" && undrained["is_draining"] == false)

            let events = try await Self.events(server)
            #expect(events.count == 2, "\(events)")
            for (event, isDraining) in zip(events, [false, true]) {
                #expect(event["action"] == "model_updated" && event["object"]?["name"] == "bert")
                let change = event["changes"]?.array?.first
                #expect(change?["field"] == "is_draining")
                #expect(change?["old"] == .bool(!isDraining) && change?["new"] == .bool(isDraining), "\(event)")
            }
        }
    }
}

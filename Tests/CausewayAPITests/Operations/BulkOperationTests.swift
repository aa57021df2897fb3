import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import Testing

@Suite("Changes of many users or groups at once")
struct BulkOperationTests {
    private func make(_ server: ServedProgram, users count: Int) async throws {
        for number in 0..<count {
            let name = JSONValue.string("temp-\(number)")
            let made = try await server.send("POST", "/core/users/", ["username": name, "name": "Temp"])
            try #require(made.status == 201)
        }
    }

    private func count(_ server: ServedProgram, _ query: String) async throws -> Int64? {
        try await server.send("GET", "/core/users/?page_size=1&\(query)").body["pagination"]?["count"]?.integer
    }

    private func bulk(_ server: ServedProgram, _ body: JSONValue) async throws -> HTTP.Answer {
        try await server.send("POST", "/causeway/users/bulk/", body)
    }

    @Test("all users that match are changed, each with its event; others stay")
    func matching() async throws {
        try await ServedProgram.with { server in
            try await make(server, users: 5)
            _ = try await server.send("POST", "/core/users/", ["username": "dora", "name": "Dora"])
            let filter: JSONValue = ["search": "temp", "is_active": true, "type": ["internal"]]
            let done = try await bulk(server, ["action": "deactivate", "matching": filter, "count": 5])
            #expect(done.status == 200 && done.body["done"] == 5 && done.body["failed"] == 0, "\(done.body.text)")
            #expect(try await count(server, "search=temp&is_active=false") == 5)
            #expect(try await count(server, "username=dora&is_active=true") == 1)
            let events = try await server.send("GET", "/events/events/?action=model_updated&page_size=1")
            #expect(events.body["pagination"]?["count"] == 5, "\(events.body.text)")
        }
    }

    @Test("another number than the client has shown is refused, and nothing changes")
    func counted() async throws {
        try await ServedProgram.with { server in
            try await make(server, users: 3)
            let refused = try await bulk(server, ["action": "delete", "matching": ["search": "temp"], "count": 2])
            #expect(refused.status == 409 && refused.body["detail"]?.string?.contains("3 now, not 2") == true)
            #expect(try await count(server, "search=temp") == 3)
            for body: JSONValue in [
                ["action": "delete", "matching": ["search": "temp"]], ["action": "delete"],
                ["action": "delete", "users": [1], "matching": [:], "count": 1], ["action": "vanish", "users": [1]],
                ["action": "add", "users": [1]],
                ["action": "add", "users": [1], "group": "00000000-0000-4000-8000-000000000000"],
            ] {
                let answer = try await bulk(server, body)
                #expect(answer.status == 400, "\(body.text): \(answer.body.text)")
            }
            #expect(try await count(server, "search=temp") == 3)
        }
    }

    @Test("an object that cannot be changed is reported, and stops no other")
    func failures() async throws {
        try await ServedProgram.with { server in
            try await make(server, users: 2)
            let all = try await count(server, "search=") ?? 0
            let done = try await bulk(server, ["action": "deactivate", "matching": [:], "count": .integer(all)])
            #expect(done.body["done"] == 2 && done.body["failed"] == .integer(all - 2), "\(done.body.text)")
            let failures = done.body["failures"]?.array ?? []
            let root = failures.first { $0["name"] == "root" }
            #expect(root?["message"]?.string?.contains("deactivate yourself") == true, "\(done.body.text)")
            #expect(try await count(server, "search=temp&is_active=false") == 2)
        }
    }

    @Test("members and parents are added and removed; a loop of groups is refused")
    func memberships() async throws {
        try await ServedProgram.with { server in
            try await make(server, users: 2)
            func group(_ name: JSONValue) async throws -> JSONValue {
                try #require(try await server.send("POST", "/core/groups/", ["name": name]).body["pk"])
            }
            let (outer, inner) = (try await group("Outer"), try await group("Inner"))
            let temps: JSONValue = ["search": "temp"]
            let added = try await bulk(server, ["action": "add", "matching": temps, "count": 2, "group": outer])
            #expect(added.body["done"] == 2, "\(added.body.text)")
            #expect(try await count(server, "groups_by_name=Outer") == 2)
            let removed = try await bulk(server, ["action": "remove", "matching": temps, "count": 2, "group": outer])
            #expect(removed.body["done"] == 2)
            #expect(try await count(server, "groups_by_name=Outer") == 0)
            let path = "/causeway/groups/bulk/"
            let nested = try await server.send(
                "POST",
                path,
                ["action": "add", "matching": ["search": "Inn"], "count": 1, "group": outer]
            )
            #expect(nested.body["done"] == 1, "\(nested.body.text)")
            let loop = try await server.send("POST", path, ["action": "add", "groups": [outer], "group": inner])
            #expect(loop.body["done"] == 0 && loop.body["failed"] == 1, "\(loop.body.text)")
            let gone = try await server.send("POST", path, ["action": "delete", "groups": [inner]])
            #expect(gone.body["done"] == 1)
            let again = try await server.send("POST", path, ["action": "delete", "groups": [inner]])
            #expect(again.body["failed"] == 1, "\(again.body.text)")
        }
    }

    @Test("a change in the background answers after its first objects; the rest is done whether or not anybody waits")
    func background() async throws {
        try await ServedProgram.with { server in
            let lines = ["username,name"] + (0..<900).map { "temp-\($0),Temp \($0)" }
            _ = try await server.send("POST", "/causeway/import/", ["users": .string(lines.joined(separator: "\n"))])
            let body: JSONValue = [
                "action": "deactivate", "matching": ["search": "temp"], "count": 900, "background": true,
            ]
            let begun = try await bulk(server, body)
            #expect(
                begun.status == 200 && begun.body["done"] == 250 && begun.body["total"] == 900,
                "\(begun.body.text)"
            )
            #expect(begun.body["status"] == "running" && begun.body["kind"] == "users")
            // Others write in between.
            let other = try await server.send("POST", "/core/users/", ["username": "dora", "name": "Dora"])
            #expect(other.status == 201)
            let path = "/causeway/bulk/\(begun.body["pk"]?.string ?? "")/"
            var state = try await server.send("GET", path)
            while state.body["status"] == "running" {
                try await Task.sleep(for: .milliseconds(20))
                state = try await server.send("GET", path)
            }
            #expect(state.body["status"] == "done" && state.body["done"] == 900, "\(state.body.text)")
            #expect(state.body["finished"]?.string != nil)
            #expect(try await count(server, "search=temp&is_active=false") == 900)
            let small = try await bulk(
                server,
                ["action": "activate", "matching": ["search": "temp-899"], "count": 1, "background": true]
            )
            #expect(small.body["status"] == "done" && small.body["done"] == 1, "\(small.body.text)")
            #expect(try await server.send("GET", "/causeway/bulk/00000000-0000-4000-8000-000000000000/").status == 404)
        }
    }

    @Test("a change that the end of the server interrupted is known as that, and one that was refused with its reason")
    func interrupted() async throws {
        try await TemporaryFolder.with { folder in
            let key = try await ServedProgram.setUp(in: folder)
            let begun = BulkChange(kind: .user, action: "delete", total: 900, done: 250, started: .now())
            var refused = BulkChange(kind: .group, action: "add", total: 9, done: 4, failed: 1, started: .now())
            (refused.message, refused.ended) = ("Too far.", .now())
            let store = try await Store.open(dataFolder: folder)
            try await store.write { [refused] transaction in
                try transaction.store(begun)
                try transaction.store(refused)
            }
            try store.close()
            try await ServedProgram.serving(folder, key: key) { server in
                func state(_ change: BulkChange) async throws -> JSONValue {
                    try await server.send("GET", "/causeway/bulk/\(change.id.uuidString.lowercased())/").body
                }
                let left = try await state(begun)
                #expect(left["status"] == "interrupted" && left["done"] == 250 && left["total"] == 900, "\(left.text)")
                let ended = try await state(refused)
                #expect(ended["status"] == "stopped" && ended["message"] == "Too far.", "\(ended.text)")
            }
        }
    }
}

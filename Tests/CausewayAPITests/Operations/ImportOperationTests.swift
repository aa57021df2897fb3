import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("Imports over the API")
struct ImportOperationTests {
    /// Server-sent events: their names and what they say.
    private func events(_ text: String) throws -> [(name: String, data: JSONValue)] {
        try text.split(separator: "\n\n").map { event in
            let lines = event.split(separator: "\n")
            func field(_ name: String) -> String {
                lines.first { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) } ?? ""
            }
            return (field("event"), try JSONValue(parsing: Array(field("data").utf8)))
        }
    }

    private func listen(_ server: ServedProgram, _ body: JSONValue) async throws -> [(name: String, data: JSONValue)] {
        let headers = [("Authorization", "Bearer \(server.key)"), ("Accept", "text/event-stream")]
        let answer = try await HTTP.text(
            "POST",
            server.origin + "/api/v3/causeway/import/",
            headers: headers,
            body: body
        )
        #expect(answer.status == 200)
        return try events(answer.text)
    }

    @Test("an import reports how many lines were read, and its result at the end")
    func progress() async throws {
        try await ServedProgram.with { server in
            let lines = (1...12_000).map { "u\($0),Person \($0)" }
            let events = try await listen(server, ["users": .string("username,name\n" + lines.joined(separator: "\n"))])
            let report = try #require(events.last)
            #expect(report.name == "report")
            #expect(report.data["created"] == 12_000)
            #expect(report.data["problem_count"] == 0)
            let counts = events.dropLast().compactMap { $0.data["lines"]?.integer }
            #expect(counts.count == events.count - 1)
            #expect(!counts.isEmpty)
            #expect(counts == counts.sorted())
        }
    }

    @Test("an import that cannot be read says why, and changes nothing")
    func refused() async throws {
        try await ServedProgram.with { server in
            let events = try await listen(server, ["users": "name\nAda\n"])
            #expect(events.map(\.name) == ["error"])
            let reasons = events.last?.data["non_field_errors"]?.array ?? []
            #expect(reasons.first?.string?.contains("username") == true, "\(events)")
            let users = try await server.send("GET", "/core/users/")
            #expect(users.body["pagination"]?["count"] == 1)
        }
    }
}

import CausewayGraph
import CausewayJSON
import Testing

@Suite("Pages of a delta query are read ahead")
struct ReadAheadTests {
    private static let first = ScriptedTransport.Turn.answer(
        200,
        ["value": [["id": "1"]], "@odata.nextLink": "https://graph.microsoft.com/v1.0/users/delta?$skiptoken=2"]
    )
    private static let last = ScriptedTransport.Turn.answer(
        200,
        ["value": [["id": "2"]], "@odata.deltaLink": "https://graph.microsoft.com/v1.0/users/delta?$deltatoken=3"]
    )

    private struct Refusal: Error {}

    @Test("the next page is requested while one is processed")
    func ahead() async throws {
        let script = ScriptedTransport([Self.first, Self.last])
        var pages: [[String]] = []
        try await script.client().delta("users", select: ["id"]).forEach { element in
            guard case .changes(let changes) = element else { return }
            while script.requests.count < 2 { try await Task.sleep(for: .milliseconds(1)) }
            pages.append(changes.map(\.id))
        }
        #expect(pages == [["1"], ["2"]])
    }

    @Test("a page that cannot be read ends the round after the page before it")
    func unreadable() async throws {
        let refusal: JSONValue = ["error": ["code": "Authorization_RequestDenied", "message": "No."]]
        let script = ScriptedTransport([Self.first, .answer(403, refusal)])
        var pages = 0
        await #expect(throws: GraphFailure.self) {
            try await script.client().delta("users", select: ["id"]).forEach { element in
                if case .changes = element { pages += 1 }
            }
        }
        #expect(pages == 1)
    }

    @Test("an error in processing ends the round, although the next page has no answer")
    func failing() async throws {
        let script = ScriptedTransport([Self.first, .hang])
        await #expect(throws: Refusal.self) {
            try await script.client().delta("users", select: ["id"]).forEach { element in
                if case .changes = element { throw Refusal() }
            }
        }
    }
}

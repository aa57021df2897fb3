import CausewayJSON
import Testing

@testable import CausewayWeb

@Suite("Answers of the API as pages read them")
struct AnswerDecoderTests {
    private struct View: Decodable {
        let pk: Int64
        let entraID: String?
        let isFinal: Bool
        let counts: [Count]
        let attributes: JSONValue
        let state: State

        struct Count: Decodable { let firstSeen: Double }
        enum State: String, Decodable { case idle, busy }
    }

    private static let whole: [String: JSONValue] = [
        "pk": 7, "entra_id": nil, "is_final": true, "counts": [["first_seen": 1], ["first_seen": 2.5]],
        "attributes": ["city": ["Oslo"]], "state": "busy", "unknown": 1,
    ]

    private static func view(_ changes: [String: JSONValue?] = [:]) throws -> View {
        var members = whole
        for (name, value) in changes { members[name] = value }
        return try AnswerDecoder.decode(from: .object(members))
    }

    @Test("are read by names in snake case; null and a missing member are the same for an optional one")
    func members() throws {
        let view = try Self.view()
        #expect(view.pk == 7 && view.entraID == nil && view.isFinal && view.state == .busy)
        #expect(view.counts.map(\.firstSeen) == [1, 2.5])
        #expect(view.attributes == ["city": ["Oslo"]])
        #expect(try Self.view(["entra_id": .some(nil)]).entraID == nil)
        #expect(try Self.view(["entra_id": "e-1"]).entraID == "e-1")
    }

    @Test(
        "that are not what a page expects say which member it is, and why",
        arguments: [
            ("pk", nil, "pk is missing"),
            ("pk", "7", "pk is a string in place of a whole number"),
            ("pk", 1.5, "pk is a number in place of a whole number"),
            ("is_final", .null, "is_final is null in place of a boolean"),
            ("counts", ["first_seen": 1], "counts is an object in place of an array"),
            ("counts", [["first_seen": 1], [:]], "counts[1].first_seen is missing"),
            ("counts", [["first_seen": true]], "counts[0].first_seen is a boolean in place of a number"),
            ("state", "gone", "state Cannot initialize State from invalid String value gone"),
        ] as [(String, JSONValue?, String)]
    )
    func faults(name: String, value: JSONValue?, words: String) throws {
        let error = #expect(throws: AnswerError.self) { _ = try Self.view([name: value]) }
        #expect(error?.description == words)
        #expect(error?.answering("GET /a/").description == "GET /a/: \(words)")
    }
}

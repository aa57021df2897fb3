import CausewayJSON
import Testing

@testable import CausewayWeb

@Suite("API answers that pages read")
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

    @Test("the decoder finds members by snake-case names; an optional member may be null or missing")
    func members() throws {
        let view = try Self.view()
        #expect(view.pk == 7 && view.entraID == nil && view.isFinal && view.state == .busy)
        #expect(view.counts.map(\.firstSeen) == [1, 2.5])
        #expect(view.attributes == ["city": ["Oslo"]])
        #expect(try Self.view(["entra_id": .some(nil)]).entraID == nil)
        #expect(try Self.view(["entra_id": "e-1"]).entraID == "e-1")
    }

    @Test(
        "an error names the member, and what is wrong with it",
        arguments: [
            ("pk", nil, "pk is missing"),
            ("pk", "7", "pk is a string instead of a whole number"),
            ("pk", 1.5, "pk is a number instead of a whole number"),
            ("is_final", .null, "is_final is null instead of a boolean"),
            ("counts", ["first_seen": 1], "counts is an object instead of an array"),
            ("counts", [["first_seen": 1], [:]], "counts[1].first_seen is missing"),
            ("counts", [["first_seen": true]], "counts[0].first_seen is a boolean instead of a number"),
            ("state", "gone", "state Cannot initialize State from invalid String value gone"),
        ] as [(String, JSONValue?, String)]
    )
    func faults(name: String, value: JSONValue?, words: String) throws {
        let error = #expect(throws: AnswerError.self) { _ = try Self.view([name: value]) }
        #expect(error?.description == words)
        #expect(error?.answering("GET /a/").description == "GET /a/: \(words)")
    }
}

import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("Filters of lists")
struct ListFilterTests {
    private func count(_ server: ServedProgram, _ path: String, _ name: String, _ value: String) async throws
        -> HTTP.Answer
    {
        let plain = CharacterSet.alphanumerics
        let encoded = value.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
        return try await server.send("GET", "\(path)?\(name)=\(encoded)")
    }

    @Test("an unknown role finds no user; a known one finds its users")
    func roles() async throws {
        try await ServedProgram.with { server in
            let everybody = try await server.send("GET", "/core/users/")
            #expect(everybody.body["pagination"]?["count"] != 0)
            for (name, isKnown) in [("Administrator", true), ("administrator", false), ("Owner", false), ("", false)] {
                let found = try await count(server, "/core/users/", "roles_by_name", name)
                #expect(found.status == 200, "\(found.body.text)")
                #expect((found.body["pagination"]?["count"] == 0) == !isKnown, "\(name): \(found.body.text)")
            }
        }
    }

    @Test("look-ups in attributes compare numbers by value; the refusal of an unknown look-up lists the known ones")
    func attributes() async throws {
        try await ServedProgram.with { server in
            let attributes: JSONValue = ["badge": ["number": 7], "ratio": .number(1.5), "phones": ["one", "two"]]
            let made = try await server.send(
                "POST",
                "/core/users/",
                ["username": "eve", "name": "Eve", "attributes": attributes]
            )
            #expect(made.status == 201)
            let group = try await server.send("POST", "/core/groups/", ["name": "Staff", "attributes": attributes])
            #expect(group.status == 201)
            let conditions: [(String, Int64)] = [
                (#"{"badge__number": 7}"#, 1), (#"{"badge__number": 7.0}"#, 1), (#"{"badge__number": "7"}"#, 0),
                (#"{"badge__number__gt": 6}"#, 1), (#"{"badge__number__gt": 7}"#, 0),
                (#"{"badge__number__gte": 7.0}"#, 1),
                (#"{"ratio__lt": 2}"#, 1), (#"{"ratio__lte": 1.5, "badge__number__lt": 8}"#, 1),
                (#"{"phones__1": "two"}"#, 1),
            ]
            for path in ["/core/users/", "/core/groups/"] {
                for (condition, expected) in conditions {
                    let found = try await count(server, path, "attributes", condition)
                    #expect(
                        found.body["pagination"]?["count"] == .integer(expected),
                        "\(path) \(condition): \(found.body.text)"
                    )
                }
                for condition in [
                    #"{"phones__contains": "one"}"#, #"{"badge__has_key": "number"}"#, #"{"ratio__range": [1, 2]}"#,
                    #"{"ratio__gt": [1]}"#, #"{"ratio__gt": true}"#, #"["ratio"]"#,
                ] {
                    let refused = try await count(server, path, "attributes", condition)
                    #expect(refused.status == 400 && refused.body["attributes"] != nil, "\(path) \(condition)")
                }
            }
        }
    }
}

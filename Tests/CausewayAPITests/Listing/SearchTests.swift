import CausewayJSON
import CausewayTestSupport
import Testing

@testable import CausewayAPI

@Suite("Searching in lists")
struct SearchTests {
    /// As Django REST framework 3.18.3 splits them.
    @Test(
        "a search is split into terms as authentik's framework does",
        arguments: [
            ("ada lovelace", ["ada", "lovelace"]), ("ada,lovelace", ["ada", "lovelace"]), ("a , b", ["a", "b"]),
            (#""ada lovelace""#, ["ada lovelace"]), ("'ada l'", ["ada l"]), (#""a,b" c"#, ["a,b", "c"]),
            (#""unclosed phrase"#, [#""unclosed"#, "phrase"]), (#"a"b c"d"#, [#"a"b c"d"#]),
            ("it's me", ["it's", "me"]), ("o'brien o'neil", ["o'brien o'neil"]), (#""a \" b""#, [#"a " b"#]),
            (#""a" "b""#, ["a", "b"]), (#""a","b""#, [#"a","b"#]), (",", []), (#""""#, []),
            (#"x:"y z""#, [#"x:"y z""#]), ("", []),
        ]
    )
    func terms(_ text: String, _ terms: [String]) { #expect(SearchTerms.terms(of: text) == terms) }

    @Test("a search looks into the fields that authentik looks into, and every term must be found")
    func fields() async throws {
        try await ServedProgram.with { server in
            _ = try await server.send("POST", "/core/users/", ["username": "ada", "name": "Ada Lovelace"])
            _ = try await server.send("POST", "/core/tokens/", ["identifier": "script", "description": "nightly job"])
            _ = try await server.send(
                "POST",
                "/core/applications/",
                ["name": "Portal", "slug": "gate", "meta_publisher": "Example Ltd", "group": "Office"]
            )
            for (path, search, count) in [
                ("/core/users/", "lovelace", 1), ("/core/users/", "%22Ada%20Love%22", 1),
                ("/core/users/", "%22Love%20Ada%22", 0), ("/core/users/", "ada%20nobody", 0),
                ("/core/tokens/", "nightly", 1), ("/core/tokens/", "script%20api%20root", 1),
                ("/core/applications/", "gate%20office", 1), ("/core/applications/", "%22example%20ltd%22", 1),
            ] as [(String, String, Int64)] {
                let found = try await server.send("GET", "\(path)?search=\(search)")
                #expect(found.body["pagination"]?["count"] == .integer(count), "\(path) \(search): \(found.body.text)")
            }
        }
    }
}

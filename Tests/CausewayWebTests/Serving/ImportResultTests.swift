import CausewayJSON
import CausewayStore
import CausewayTestSupport
import Testing

@testable import CausewayAPI
@testable import CausewayWeb

@Suite("The kept results of imports")
struct ImportResultTests {
    private func answer(created: Int64) -> JSONValue {
        let counts = ["updated", "renamed", "unchanged", "inactive", "left_out", "groups_created", "memberships_added"]
        let more = ["memberships_removed", "problem_count"]
        var json: [String: JSONValue] = ["created": .integer(created)]
        for name in counts + more { json[name] = 0 }
        for name in ["problems", "warnings", "files", "samples", "changes"] { json[name] = [] }
        return .object(json)
    }

    @Test("a result is shown to the user who imported, by any node, and the oldest give way")
    func kept() async throws {
        try await StoreFixture.with { temporary in
            let other = try await temporary.open()
            defer { try? other.close() }
            let results = ImportResults(texts: KeptTexts(store: temporary.store), user: "ada")
            let onOther = ImportResults(texts: KeptTexts(store: other), user: "ada")
            let first = try await results.keep(answer(created: 1))
            #expect(try await onOther.report(first)?.created == 1)
            #expect(try await ImportResults(texts: KeptTexts(store: other), user: "bob").report(first) == nil)
            #expect(try await onOther.report("guessed") == nil)
            var last = first
            for number in 2...51 { last = try await results.keep(answer(created: Int64(number))) }
            #expect(try await onOther.report(first) == nil)
            #expect(try await onOther.report(last)?.created == 51)
            let strange = try await results.keep(["created": "a program of another version"])
            #expect(try await onOther.report(strange) == nil)
        }
    }
}

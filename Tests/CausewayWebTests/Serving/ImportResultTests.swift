import CausewayJSON
import CausewayTestSupport
import Testing

@testable import CausewayWeb

@Suite("The kept results of imports")
struct ImportResultTests {
    private func report(created: Int64) throws -> ImportReportView {
        let counts = ["updated", "renamed", "unchanged", "inactive", "left_out", "groups_created", "memberships_added"]
        let more = ["memberships_removed", "problem_count"]
        var json: [String: JSONValue] = ["created": .integer(created)]
        for name in counts + more { json[name] = 0 }
        for name in ["problems", "warnings", "files", "samples", "changes"] { json[name] = [] }
        return try AnswerDecoder.decode(from: .object(json))
    }

    @Test("a result is shown to the user who imported, and the oldest give way")
    func kept() async throws {
        let results = ImportResults()
        let first = try await results.keep(report(created: 1), of: "ada")
        #expect(await results.report(first, of: "ada")?.created == 1)
        #expect(await results.report(first, of: "bob") == nil)
        #expect(await results.report("guessed", of: "ada") == nil)
        var last = first
        for number in 2...51 { last = try await results.keep(report(created: Int64(number)), of: "ada") }
        #expect(await results.report(first, of: "ada") == nil)
        #expect(await results.report(last, of: "ada")?.created == 51)
    }
}

import CausewayJSON
import Testing

@testable import causeway_bench

@Suite("Results in files")
struct BenchResultsTests {
    private static let results = {
        var results = BenchResults(build: "0.1.0 abc", date: "2026-12-01T10:00:00Z", cores: 2, users: 1000)
        results.add(FigureRecord(key: "plan.seconds", name: "plan: time", unit: "s", values: [2]))
        results.add(FigureRecord(key: "plan.rate", name: "plan", unit: "1/s", values: [500]))
        results.add(FigureRecord(key: "plan.seconds", name: "plan: time", unit: "s", values: [3.5]))
        return results
    }()

    @Test("a figure keeps all samples, and its place")
    func samples() {
        #expect(Self.results.figures.map(\.key) == ["plan.seconds", "plan.rate"])
        #expect(Self.results.figures[0].values == [2, 3.5])
        #expect(Self.results.figures[0].median == 2.75)
    }

    @Test("what was written is read again")
    func reading() throws {
        #expect(try BenchResults(Self.results.json.bytes, name: "a.json") == Self.results)
    }

    @Test(
        "anything else is refused with a sentence",
        arguments: [
            ("{", "a.json is not JSON."), ("[]", "a.json has no results of causeway-bench."),
            (
                #"{"format": "causeway-bench", "version": 2}"#,
                "a.json has version 2 of the results; this program reads version 1."
            ),
            (#"{"format": "causeway-bench", "version": 1}"#, "a.json is incomplete."),
        ]
    )
    func refused(_ text: String, _ sentence: String) throws {
        let error = #expect(throws: BenchError.self) { try BenchResults(Array(text.utf8), name: "a.json") }
        #expect(error?.description == sentence)
    }

    @Test("a file that is not there is named")
    func missing() {
        let error = #expect(throws: BenchError.self) { try BenchResults.read("/no/such/file.json") }
        #expect(error?.description == "/no/such/file.json does not exist, or cannot be read.")
    }
}

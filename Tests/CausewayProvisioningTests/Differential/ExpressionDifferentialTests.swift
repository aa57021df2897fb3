import CausewayGraphTypes
import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation
import Testing

@testable import CausewayMapping

/// Runs every expression of a corpus twice: in a worker over a real directory, and in plain CPython in a reference environment that
/// was written from the documented behavior, by a person who did not look at the worker.
@Suite("A worker and the reference environment")
struct ExpressionDifferentialTests {
    @Test("both agree on every expression of the corpus, for every object of the directory")
    func corpus() async throws {
        let cases = try DifferentialCase.all()
        #expect(cases.count >= 600)
        try await DifferentialDirectory.with { directory in
            let expected = try await directory.referenceResults(of: cases)
            let compared = try await withThrowingTaskGroup(of: Int.self) { group in
                for (place, one) in cases.enumerated() {
                    if place >= 2 { _ = try await group.next() }
                    group.addTask { try await directory.compare(one, with: expected[one.name]) }
                }
                return try await group.reduce(0, +)
            }
            #expect(compared > 0)
        }
    }
}

extension DifferentialDirectory {
    /// - Returns: how many outcomes were compared.
    fileprivate func compare(_ one: DifferentialCase, with expected: JSONValue?) async throws -> Int {
        let wanted = try #require(expected?.array, "the reference has no result for '\(one.name)'")
        let found = try await results(of: one)
        #expect(found.count == wanted.count && !found.isEmpty, "\(one.name)")
        for (place, (found, wanted)) in zip(found, wanted).enumerated() where found != wanted {
            Issue.record("\(one.name), \(name(place, one.kind)): \(found.text), expected \(wanted.text)")
        }
        return found.count
    }
}

/// A case of the corpus: mappings of one provider.
struct DifferentialCase {
    let name: String
    let kind: ObjectKind
    let expressions: [String]

    static func all() throws -> [DifferentialCase] {
        let folder = try DifferentialDirectory.resource("corpus")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return try files.sorted { $0.path < $1.path }.flatMap { try cases(in: String(contentsOf: $0, encoding: .utf8)) }
    }

    private static func cases(in text: String) throws -> [DifferentialCase] {
        var cases: [(head: Substring, lines: [[Substring]])] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "# %% and" {
                cases[cases.count - 1].lines.append([])
            } else if line.hasPrefix("# %% ") {
                cases.append((line.dropFirst(5), [[]]))
            } else if !cases.isEmpty {
                cases[cases.count - 1].lines[cases[cases.count - 1].lines.count - 1].append(line)
            }
        }
        return try cases.map { one in
            let parts = one.head.split(separator: ":", maxSplits: 1)
            return DifferentialCase(
                name: String(try #require(parts.last).trimmingPrefix(" ")),
                kind: try #require(ObjectKind(rawValue: String(parts[0]))),
                expressions: one.lines.map { $0.joined(separator: "\n") }
            )
        }
    }

    var json: JSONValue {
        ["name": .string(name), "kind": .string(kind.rawValue), "expressions": JSONValue(expressions)]
    }
}

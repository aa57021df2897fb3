import CausewayTestSupport
import Foundation
import Testing

@Suite("The tables of tests in docs")
struct TestTablesTests {
    /// Every test by file and function, as the tables name it.
    private static func tests() throws -> Set<String> {
        let files = FileManager.default.enumerator(
            at: ProjectFiles.root.appending(path: "Tests"),
            includingPropertiesForKeys: nil
        )
        var names: Set<String> = []
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            let name = file.deletingPathExtension().lastPathComponent
            for match in try String(contentsOf: file, encoding: .utf8).matches(of: /func (\w+)\(/) {
                names.insert("\(name).\(match.1)")
            }
        }
        return names
    }

    private static func document(_ name: String) throws -> String { try ProjectFiles.text("docs/\(name)") }

    @Test("the tables name tests that exist")
    func named() throws {
        let folder = ProjectFiles.root.appending(path: "docs").path(percentEncoded: false)
        let documents = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".md") }
        let tests = try Self.tests()
        var count = 0
        for name in documents {
            let named = try Self.document(name).matches(of: /`([A-Z]\w+Tests\.\w+)`/).map { String($0.1) }
            count += named.count
            #expect(Set(named).subtracting(tests).sorted() == [], "docs/\(name)")
        }
        #expect(count > 80)
    }

    @Test("authentik-parity.md lists every defect and every complaint, in order")
    func complete() throws {
        let document = try Self.document("authentik-parity.md")
        for (heading, count) in [("## The defects", 40), ("## The complaints", 13)] {
            let part = document.components(separatedBy: heading).last?.components(separatedBy: "\n## ").first ?? ""
            #expect(part.matches(of: /\n\| (\d+) \|/).map { Int($0.1) } == Array(1...count))
        }
    }
}

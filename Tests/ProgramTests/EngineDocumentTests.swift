import Foundation
import Testing

@Suite("The tables of docs/engine.md")
struct EngineDocumentTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every test by file and function, as the tables name it.
    private static func tests() throws -> Set<String> {
        let files = FileManager.default.enumerator(at: root.appending(path: "Tests"), includingPropertiesForKeys: nil)
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

    @Test("name tests that exist, for every defect and every complaint")
    func named() throws {
        let document = try String(contentsOf: Self.root.appending(path: "docs/engine.md"), encoding: .utf8)
        let tests = try Self.tests()
        let named = document.matches(of: /`([A-Z]\w+Tests\.\w+)`/).map { String($0.1) }
        #expect(named.count > 80)
        #expect(Set(named).subtracting(tests).sorted() == [])
        for (heading, count) in [("the defects", 40), ("the complaints", 13)] {
            let part = document.components(separatedBy: heading).last?.components(separatedBy: "\n## ").first ?? ""
            #expect(part.matches(of: /\n\| (\d+) \|/).map { Int($0.1) } == Array(1...count))
        }
    }
}

import CausewayTestSupport
import Foundation
import Testing

@Suite("The tables of tests in docs")
struct TestTablesTests {
    private static let documents: [String: String] = {
        let root = ProjectFiles.root.path(percentEncoded: false)
        let docs = (try? FileManager.default.subpathsOfDirectory(atPath: root + "docs")) ?? []
        let names =
            docs.filter { $0.hasSuffix(".md") }.map { "docs/\($0)" } + ["README.md", "CONTRIBUTING.md", "Makefile"]
        return Dictionary(uniqueKeysWithValues: names.map { ($0, (try? ProjectFiles.text($0)) ?? "") })
    }()

    @Test("documents name suites and tests that exist")
    func named() throws {
        let suites = try TestSuites()
        var count = 0
        for (name, text) in Self.documents {
            let tests = Set(text.matches(of: /\b([A-Z]\w*Tests)\.(\w+)/).map { "\($0.1).\($0.2)" })
            #expect(tests.subtracting(suites.tests).sorted() == [], "\(name)")
            let names = Set(text.matches(of: /\b[A-Z]\w*Tests\b/).map { String($0.output) })
            #expect(names.subtracting(suites.names).subtracting(suites.targets).sorted() == [], "\(name)")
            count += tests.count
        }
        #expect(count > 80)
    }

    @Test("a suite that a document names is the only one of its name")
    func unique() throws {
        let suites = try TestSuites()
        let repeated = suites.names.filter { suites.files[$0, default: []].count > 1 }
        for (name, text) in Self.documents {
            let names = text.matches(of: /\b[A-Z]\w*Tests\b/).map { String($0.output) }
            #expect(Set(names).intersection(repeated).sorted() == [], "\(name)")
        }
    }

    @Test("a file is named after the suite in it")
    func files() throws {
        let suites = try TestSuites()
        #expect(suites.names.count > 100)
        for (name, files) in suites.files {
            #expect(files.filter { !$0.hasSuffix("/\(name).swift") }.sorted() == [], "\(name)")
        }
    }

    @Test("a suite is found by the name of its type, not of its file; a function without @Test is no test")
    func reading() {
        let source = """
            @Suite("Some") struct OneTests {
                @Test(
                    "with arguments",
                    arguments: [1, 2]
                )
                func first(_ number: Int) {}

                private func helper() {}
            }

            extension OneTests {
                @Test("in an extension") func second() {}
            }
            """
        var suites = TestSuites(targets: [])
        suites.read(source, file: "OtherTests")
        #expect(suites.tests == ["OneTests.first", "OneTests.second"])
        #expect(suites.files == ["OneTests": ["OtherTests"]])
    }

    @Test("authentik-parity.md lists every defect and every complaint, in order")
    func complete() throws {
        let document = try ProjectFiles.text("docs/authentik-parity.md")
        for (heading, count) in [("## The defects", 40), ("## The complaints", 13)] {
            let part = document.components(separatedBy: heading).last?.components(separatedBy: "\n## ").first ?? ""
            #expect(part.matches(of: /\n\| (\d+) \|/).map { Int($0.1) } == Array(1...count))
        }
    }
}

/// The suites of `Tests`, by the names of their types.
private struct TestSuites {
    /// The targets of tests.
    let targets: Set<String>
    /// The files that declare a suite of each name.
    private(set) var files: [String: Set<String>] = [:]
    /// The tests, as `Suite.function`.
    private(set) var tests: Set<String> = []

    init(targets: Set<String>) { self.targets = targets }

    init() throws {
        let root = ProjectFiles.root.appending(path: "Tests").path(percentEncoded: false)
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root)
        targets = Set(paths.filter { !$0.contains("/") })
        for path in paths where path.hasSuffix(".swift") {
            read(try ProjectFiles.text("Tests/\(path)"), file: path)
        }
    }

    var names: Set<String> { Set(files.keys) }

    /// Reads a file: suites are types of a file's top level, and their tests follow the attribute `@Test`.
    mutating func read(_ source: String, file: String) {
        var suite: Substring?
        var isTest = false
        for line in source.split(separator: "\n") {
            if line.first?.isWhitespace == false, line != "}",
                let type = line.firstMatch(of: /\b(struct|class|actor|enum|extension|protocol) (\w+)/)
            {
                suite = type.2.hasSuffix("Tests") ? type.2 : nil
                if let suite, type.1 != "extension" { files[String(suite), default: []].insert(file) }
            }
            if line.contains("@Test") { isTest = true }
            guard let function = line.firstMatch(of: /\bfunc (\w+)/) else { continue }
            if isTest, let suite { tests.insert("\(suite).\(function.1)") }
            isTest = false
        }
    }
}

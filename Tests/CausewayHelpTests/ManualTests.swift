import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayHelp

@Suite("The documentation that the program serves")
struct ManualTests {
    private let manual: Manual

    init() throws { manual = try ManualShelf(folder: Program.url.deletingLastPathComponent()).manual() }

    private static func links(in html: String) -> [String] {
        html.matches(of: /(?:href|src)="([^"]*)"/).map { String($0.1) }
    }

    @Test("every page of docs is served, with its words")
    func complete() throws {
        let docs = ProjectFiles.root.appending(path: "docs").path(percentEncoded: false)
        let sources = try FileManager.default.subpathsOfDirectory(atPath: docs).filter { $0.hasSuffix(".md") }
        #expect(sources.count > 70)
        let served = Dictionary(uniqueKeysWithValues: manual.pages.map { ($0.source, $0) })
        for source in sources {
            let page = try #require(served["docs/\(source)"], "\(source)")
            #expect(!page.title.isEmpty && !page.html.isEmpty && page.isPublic, "\(source)")
            #expect(manual.page(page.path)?.source == page.source, "\(source)")
        }
    }

    @Test("every link leads to a page, heading, picture or sample that is served, or to another site")
    func links() throws {
        var count = 0
        for page in manual.pages {
            for link in Self.links(in: page.html) where !link.contains("://") {
                count += 1
                let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
                let anchor = parts.count > 1 ? String(parts[1]) : ""
                guard !parts[0].isEmpty else {
                    #expect(page.anchors.contains(anchor), "\(page.source): \(link)")
                    continue
                }
                #expect(link.hasPrefix(Manual.base), "\(page.source): \(link)")
                let path = String(parts[0].dropFirst(Manual.base.count))
                let target = manual.page(path.hasSuffix("/") ? String(path.dropLast()) : path)
                #expect(target != nil || manual.file(path) != nil, "\(page.source): \(link)")
                if !anchor.isEmpty { #expect(target?.anchors.contains(anchor) == true, "\(page.source): \(link)") }
            }
        }
        #expect(count > 300)
    }

    @Test("every construct that a page uses is in its HTML, and no page uses HTML")
    func constructs() throws {
        let tags = [
            "table": "<table>", "code_block": "<pre><code|<th>From</th>", "code": "<code>", "list": "<ul>|<ol",
            "item": "<li>",
            "strong": "<strong>", "emph": "<em>", "image": "<img ", "block_quote": "<blockquote>",
            "thematic_break": "<hr", "strikethrough": "<del>",
        ]
        let plain: Set = [
            "document", "paragraph", "text", "softbreak", "linebreak", "heading", "link", "table_header", "table_row",
            "table_cell",
        ]
        var used: Set<String> = []
        for page in manual.pages {
            let found = MarkdownDocument(try ProjectFiles.text(page.source)).constructs
            used.formUnion(found)
            let diagrams = page.html.matches(of: /language-mermaid/).count
            #expect(diagrams == 0, "\(page.source) has a diagram that cannot be shown as a table")
            for construct in found.subtracting(plain) {
                let alternatives = try #require(tags[construct], "\(page.source) uses \(construct)")
                #expect(
                    alternatives.split(separator: "|").contains { page.html.contains($0) },
                    "\(page.source): \(construct)"
                )
            }
            // What is not code has no sign of Markdown left in it.
            let prose = page.html.replacing(/(?s)<code.*?<\/code>/, with: "")
            #expect(!prose.contains("](") && !prose.contains("```") && !prose.contains("**"), "\(page.source)")
        }
        #expect(used.isSuperset(of: ["table", "code_block", "list", "link", "image", "heading", "strong"]))
    }

    @Test("every id of a page is there once, and every page has one title")
    func anchors() {
        for page in manual.pages {
            let ids = page.html.matches(of: /\bid="([^"]+)"/).map { String($0.1) }
            #expect(ids.count == Set(ids).count && Set(ids) == page.anchors, "\(page.source)")
            #expect(page.sections.filter { $0.level == 1 }.count == 1, "\(page.source)")
        }
    }

    @Test("a search finds the sections with all words or their beginnings, the best first")
    func search() throws {
        let quarantine = try #require(manual.search("quarantine", limit: 5).first)
        #expect(quarantine.address == "/help/schedule/#quarantine")
        let permission = manual.search("admin consent", limit: 5)
        #expect(permission.first?.page.path == "register-in-entra", "\(permission.map(\.address))")
        #expect(manual.search("guard_max_per", limit: 5).contains { $0.page.path == "provider-settings" })
        #expect(manual.search("quarantine zebra", limit: 5).isEmpty && manual.search(" ?! ", limit: 5).isEmpty)
        #expect(manual.search("the", limit: 3).count == 3)
        let hit = try #require(manual.search("AADSTS7000215", limit: 1).first)
        #expect(hit.excerpt.contains("AADSTS7000215") && hit.excerpt.count < 300)
    }

    @Test("pictures are served as they are")
    func pictures() throws {
        let picture = try #require(manual.file("screenshots/dashboard-waiting-1280.png"))
        let file = ProjectFiles.root.appending(path: "docs/screenshots/dashboard-waiting-1280.png")
        #expect(try Data(contentsOf: file) == Data(picture))
    }
}

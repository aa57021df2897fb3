import Testing

@testable import CausewayHelp

@Suite("Pages from Markdown")
struct ManualPageTests {
    private func page(_ text: String, in source: String = "docs/a.md") -> ManualPage {
        ManualPage(text, source: source, path: "a") { link in
            Manual.link(link, in: source) { file in
                ["docs/b.md", "docs/README.md", "README.md", "docs/p/c.png"].contains(file) ? "Title & more" : nil
            }
        }
    }

    @Test(
        "links lead to the interface, to other sites, or are words",
        arguments: [
            ("[b.md](b.md#how)", "<a href=\"/help/b/#how\">Title &amp; more</a>"),
            ("[`b.md`](b.md)", "<a href=\"/help/b/\"><code>b.md</code></a>"),
            ("[x](b.md)", "<a href=\"/help/b/\">x</a>"), ("[x](b.md#how)", "<a href=\"/help/b/#how\">x</a>"),
            ("[x](README.md)", "<a href=\"/help/\">x</a>"),
            ("[x](../README.md)", "<a href=\"/help/project/readme/\">x</a>"),
            ("[x](#here)", "<a href=\"#here\">x</a>"),
            ("[**x** `y`](../Sources/Y.swift)", "<strong>x</strong> <code>y</code>"),
            ("[x](https://example.org/?a=1&b=2)", "<a href=\"https://example.org/?a=1&amp;b=2\">x</a>"),
            ("![x](p/c.png)", "<img src=\"/help/p/c.png\" alt=\"x\" />"), ("![x](p/d.png)", "x"),
            ("[x](javascript:alert(1))", "x"), ("[x](../../b.md)", "x"),
        ]
    )
    func links(_ markdown: String, _ html: String) {
        #expect(page("# T\n\n\(markdown)").html == "<p>\(html)</p>\n")
    }

    @Test("headings have GitHub's ids, also if two are equal")
    func headings() {
        let page = page(
            "# The title\n\nFirst.\n\n## 9. Check *the* connection\n\n## How do I …?\n\n### A `b_c` (d), e's\n\n## How do I …?\n"
        )
        #expect(page.title == "The title")
        #expect(
            page.sections.map(\.anchor) == ["", "9-check-the-connection", "how-do-i-", "a-b_c-d-es", "how-do-i--1"]
        )
        #expect(page.sections.map(\.text) == ["First.", "", "", "", ""])
        #expect(page.html.contains("<h2 id=\"9-check-the-connection\">9. Check <em>the</em> connection</h2>"))
        #expect(page.address("how-do-i-") == "/help/a/#how-do-i-")
    }

    @Test("a row about a field has an id, below the section if there is one")
    func rows() {
        let table = "| f | m |\n| --- | --- |\n| `one_two` | a \\| b |\n| other | c |\n"
        #expect(page("# T\n\n\(table)").anchors == ["one_two"])
        #expect(page("# T\n\n## Users\n\n\(table)").anchors == ["users", "users-one_two"])
        let html = page("# T\n\n\(table)").html
        #expect(html.contains("<tr id=\"one_two\">\n<td><code>one_two</code></td>\n<td>a | b</td>"))
        #expect(html.contains("<div class=\"scroll\" tabindex=\"0\"><table>") && html.contains("</table></div>"))
    }

    @Test("HTML in a text is not passed on, and code is escaped")
    func escaping() {
        let html = page("# T\n\n<script>alert(1)</script>\n\nA <b>b</b>\n\n```sh\na < b && <c>\n```\n").html
        #expect(!html.contains("<script") && !html.contains("<b>"))
        #expect(html.contains("<pre><code class=\"language-sh\">a &lt; b &amp;&amp; &lt;c&gt;\n</code></pre>"))
    }

    @Test("a diagram of arrows is a table; any other stays as it is written")
    func diagrams() {
        let states = ArrowDiagram("stateDiagram-v2\n    [*] --> a: is <made>\n    a --> [*]\n")
        #expect(
            states?.arrows == [
                .init(from: "(start)", to: "a", label: "is <made>"), .init(from: "a", to: "(end)", label: ""),
            ]
        )
        #expect(states?.html.contains("<tr><td>(start)</td><td>a</td><td>is &lt;made&gt;</td></tr>") == true)
        let flow = ArrowDiagram("flowchart TD\n    P[\"c (P)\"] --> A & B --> C\n    P -. starts .-> D[d]\n")
        #expect(
            flow?.arrows.map { "\($0.from)>\($0.to)\($0.label)" } == [
                "c (P)>A", "c (P)>B", "A>C", "B>C", "c (P)>dstarts",
            ]
        )
        #expect(
            ArrowDiagram("flowchart TD\n    subgraph x")?.arrows == nil && ArrowDiagram("pie\n  a --> b")?.arrows == nil
        )
        #expect(page("# T\n\n```mermaid\npie\n```\n").html.contains("language-mermaid"))
    }

    @Test(
        "files have addresses",
        arguments: [
            ("docs/README.md", ""), ("docs/plans.md", "plans"), ("docs/decisions/README.md", "decisions"),
            ("docs/decisions/0001-x.md", "decisions/0001-x"), ("README.md", "project/readme"),
            ("CHANGELOG.md", "project/changelog"), ("findings/README.md", "project/findings"),
            ("docs/samples/people.csv", "samples/people.csv"),
        ]
    )
    func addresses(_ source: String, _ path: String) { #expect(Manual.path(of: source) == path) }
}

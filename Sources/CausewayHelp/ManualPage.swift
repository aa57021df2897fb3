/// A page of the documentation.
package struct ManualPage: Sendable {
    /// Its file below the project's folder: `docs/plans.md`.
    package let source: String
    /// Its address below ``Manual/base``, without a slash at the end: `plans`; empty for the first page.
    package let path: String
    package let title: String
    /// What follows the title.
    package let html: String
    /// The parts between headings, the first of which is below the title.
    package let sections: [Section]
    /// The ids of headings, and of the rows of tables that describe a field.
    package let anchors: Set<String>

    /// A part with a heading.
    package struct Section: Sendable {
        /// The id of the heading; empty for the page's title.
        package let anchor: String
        package let title: String
        /// 1 for the page's title.
        package let level: Int
        /// The words without markup.
        package let text: String
    }

    /// The page's address, or that of a section.
    package func address(_ anchor: String = "") -> String {
        Manual.base + (path.isEmpty ? "" : "\(path)/") + (anchor.isEmpty ? "" : "#\(anchor)")
    }

    /// Whether it is about the use of the program. The pages about the project, such as the changelog, tell its version.
    package var isPublic: Bool { source.hasPrefix("docs/") }
}

extension ManualPage {
    /// - Parameter link: the address in the interface of an address in the page; nil if the interface has no such page.
    init(_ text: String, source: String, path: String, link: (String) -> MarkdownDocument.Link?) {
        let document = MarkdownDocument(text)
        document.replaceLinks(link)
        var writer = ManualPageWriter()
        for block in document.blocks { writer.write(block) }
        let sections = writer.finishedSections
        self.init(
            source: source,
            path: path,
            title: sections.first?.title ?? path,
            html: writer.html,
            sections: sections,
            anchors: writer.anchors
        )
    }
}

/// Writes the blocks of a page one after the other.
private struct ManualPageWriter {
    private(set) var html = ""
    private(set) var anchors: Set<String> = []
    private var sections: [ManualPage.Section] = []
    private var heading: (anchor: String, title: String, level: Int)?
    private var words: [String] = []

    var finishedSections: [ManualPage.Section] { sections + (section.map { [$0] } ?? []) }

    private var section: ManualPage.Section? {
        heading.map {
            ManualPage.Section(anchor: $0.anchor, title: $0.title, level: $0.level, text: words.joined(separator: " "))
        }
    }

    mutating func write(_ block: MarkdownDocument.Block) {
        guard let level = block.headingLevel else {
            words.append(block.text)
            let diagram = block.diagram.flatMap(ArrowDiagram.init)
            let framed = framed(diagram?.html ?? block.html)
            html += framed
            return
        }
        if let section { sections.append(section) }
        words = []
        guard level > 1 else {
            heading = ("", block.text, 1)
            return
        }
        let anchor = unused(Self.slug(block.text))
        heading = (anchor, block.text, level)
        html += "<h\(level) id=\"\(anchor)\">\(block.html)</h\(level)>\n"
    }

    /// GitHub's id of a heading: small letters, digits, hyphens and underscores, with hyphens for blanks.
    private static func slug(_ title: String) -> String {
        String(
            title.lowercased().compactMap { letter in
                letter == " " ? "-" : letter.isLetter || letter.isNumber || "-_".contains(letter) ? letter : nil
            }
        )
    }

    private mutating func unused(_ slug: String) -> String {
        var (anchor, number) = (slug, 0)
        while !anchors.insert(anchor).inserted {
            number += 1
            anchor = "\(slug)-\(number)"
        }
        return anchor
    }

    /// The HTML of a block, in which texts are escaped, so that these tags are tags. A wide table scrolls by itself. A row that begins
    /// with the name of a field has an id: the name, below that of the section if the page has sections.
    private mutating func framed(_ html: String) -> String {
        guard html.contains("<table>") else { return html }
        let prefix = heading.map { $0.anchor.isEmpty ? "" : "\($0.anchor)-" } ?? ""
        return html.replacing("<table>", with: "<div class=\"scroll\" tabindex=\"0\"><table>")
            .replacing("</table>", with: "</table></div>")
            .replacing(/<tr>\n<td><code>([a-z_]+)<\/code><\/td>/) { match in
                let anchor = "\(prefix)\(match.1)"
                guard anchors.insert(anchor).inserted else { return String(match.output.0) }
                return "<tr id=\"\(anchor)\">\n<td><code>\(match.1)</code></td>"
            }
    }
}

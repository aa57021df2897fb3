import CausewayInstallation
import CausewayJSON
package import Foundation
import Synchronization

/// The documentation that comes with the program, as pages of HTML.
package struct Manual: Sendable {
    /// Where the interface serves it.
    package static let base = "/help/"

    /// By their files.
    package let pages: [ManualPage]
    /// The places of pages in ``pages``, by their addresses.
    private let places: [String: Int]
    /// Pictures and samples, by their addresses.
    private let files: [String: [UInt8]]
    private let sections: [(page: Int, section: Int)]
    private let index: WordIndex

    /// A section that has the words of a query.
    package struct Hit: Sendable {
        package let page: ManualPage
        package let section: ManualPage.Section
        /// Some words of the section, from the first found word on.
        package let excerpt: String

        package var address: String { page.address(section.anchor) }
    }

    /// - Parameter content: texts and Base64 of pictures, by their paths in the project.
    package init(_ content: [String: String]) {
        let titles = content.mapValues { $0.split(separator: "\n").first.map { String($0.trimmingPrefix("# ")) } }
        let pages = content.keys.filter { $0.hasSuffix(".md") }.sorted().map { source in
            ManualPage(content[source] ?? "", source: source, path: Self.path(of: source)) { link in
                Self.link(link, in: source) { titles[$0] }
            }
        }
        self.pages = pages
        places = Dictionary(pages.indices.map { (pages[$0].path, $0) }) { first, _ in first }
        let further = content.filter { !$0.key.hasSuffix(".md") }.map { source, text in
            (
                Self.path(of: source),
                source.hasSuffix(".png") ? Array(Data(base64Encoded: text) ?? Data()) : Array(text.utf8)
            )
        }
        files = Dictionary(further) { first, _ in first }
        let sections = pages.indices.flatMap { page in pages[page].sections.indices.map { (page: page, section: $0) } }
        self.sections = sections
        index = WordIndex(
            sections.map { place in
                let (page, section) = (pages[place.page], pages[place.page].sections[place.section])
                return [(page.title, 6), (section.title, 8), (section.text, 1)]
            }
        )
    }

    /// - Parameter path: the address below ``base``, without a slash at the end.
    package func page(_ path: String) -> ManualPage? { places[path].map { pages[$0] } }

    /// A picture or a sample.
    ///
    /// - Parameter path: the address below ``base``.
    package func file(_ path: String) -> [UInt8]? { files[path] }

    /// The sections that have all words of a query, the best first.
    package func search(_ query: String, limit: Int) -> [Hit] {
        index.texts(with: query).prefix(limit).map { number in
            let page = pages[sections[number].page]
            let section = page.sections[sections[number].section]
            return Hit(page: page, section: section, excerpt: Self.excerpt(of: section.text, query))
        }
    }

    private static func excerpt(of text: String, _ query: String) -> String {
        let found = WordIndex.words(of: query).lazy.compactMap { text.range(of: $0, options: .caseInsensitive) }.first
        guard let found, text.distance(from: text.startIndex, to: found.lowerBound) > 80 else {
            return shortened(text[...])
        }
        let start = text.index(found.lowerBound, offsetBy: -60)
        return "… " + shortened(text[start...].drop { $0 != " " }.dropFirst())
    }

    private static func shortened(_ text: Substring) -> String {
        guard text.count > 200 else { return String(text) }
        let beginning = text.prefix(200)
        return String(beginning[..<(beginning.lastIndex(of: " ") ?? beginning.endIndex)]) + " …"
    }
}

// MARK: Addresses

extension Manual {
    /// The address of a file below ``base``: `decisions` of `docs/decisions/README.md`, `project/changelog` of `CHANGELOG.md`.
    static func path(of source: String) -> String {
        var parts = source.split(separator: "/").map(String.init)
        let isPage = source.hasSuffix(".md")
        if parts.first == "docs" {
            parts.removeFirst()
        } else {
            parts = ["project"] + parts.map { $0.lowercased() }
        }
        guard isPage, let name = parts.popLast() else { return parts.joined(separator: "/") }
        let isFirst = name == "README.md" || (name == "readme.md" && parts.count > 1)
        return (isFirst ? parts : parts + [String(name.dropLast(3))]).joined(separator: "/")
    }

    /// A link in a page. Links to other sites stay as they are.
    ///
    /// - Parameter title: the title of a file that the manual has, which is nil for an empty file; nil for any other file.
    /// - Returns: nil for a file that the manual does not have.
    static func link(_ link: String, in source: String, title: (String) -> String??) -> MarkdownDocument.Link? {
        guard !link.contains("://"), !link.hasPrefix("mailto:"), !link.hasPrefix("#") else {
            return MarkdownDocument.Link(address: link)
        }
        let parts = link.split(separator: "#", maxSplits: 1)
        var folder = source.split(separator: "/").dropLast()
        for part in (parts.first ?? "").split(separator: "/") where part != "." {
            if part == ".." { folder = folder.dropLast() } else { folder.append(part) }
        }
        let target = folder.joined(separator: "/")
        guard let title = title(target) else { return nil }
        let path = path(of: target)
        let address = base + path + (target.hasSuffix(".md") && !path.isEmpty ? "/" : "")
        return MarkdownDocument.Link(
            address: parts.count > 1 ? "\(address)#\(parts[1])" : address,
            title: target.hasSuffix(".md") ? title : nil
        )
    }
}

/// The documentation, read from the program's resources when it is first asked for: most processes never are.
package final class ManualShelf: Sendable {
    private let file: URL
    private let content = Mutex<Manual?>(nil)

    /// - Parameter folder: where the program's `.resources` folders are; by default next to the executable.
    /// - Throws: ``ManualError`` if the documentation is missing.
    package init(folder: URL? = nil) throws(ManualError) {
        file = Installation.generated("documentation.json", of: "CausewayHelp", in: folder)
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw ManualError(description: "\(file.path) is missing; install the program again")
        }
    }

    /// - Throws: ``ManualError`` if the documentation cannot be read.
    package func manual() throws(ManualError) -> Manual {
        let file = file
        let read = content.withLock { content -> Result<Manual, ManualError> in
            if let content { return .success(content) }
            do {
                let bundle = try JSONValue(parsing: Data(contentsOf: file)).object ?? [:]
                let manual = Manual(bundle.compactMapValues(\.string))
                content = manual
                return .success(manual)
            } catch {
                return .failure(
                    ManualError(description: "\(file.path) cannot be read (\(error)); install the program again")
                )
            }
        }
        return try read.get()
    }
}

/// Why there is no documentation.
package struct ManualError: Error, CustomStringConvertible {
    package let description: String
}

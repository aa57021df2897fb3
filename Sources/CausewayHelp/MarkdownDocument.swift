import CCMark
import Foundation

/// A document in GitHub's Markdown, as libcmark-gfm reads it. Raw HTML in it is left out.
struct MarkdownDocument: ~Copyable {
    /// A block at the top of the document.
    struct Block {
        /// The level of a heading, from 1 on; nil for any other block.
        let headingLevel: Int?
        /// The HTML; of a heading, what is between its tags.
        let html: String
        /// The words without markup.
        let text: String
        /// What is drawn by a block of code in the language `mermaid`, as it is written.
        let diagram: String?
    }

    private let root: OpaquePointer?

    private static let extensions = ["table", "strikethrough", "autolink"]
    /// libcmark-gfm demands it once for each process.
    private static let registration: Void = cmark_gfm_core_extensions_ensure_registered()

    init(_ text: String) {
        _ = Self.registration
        let parser = cmark_parser_new(CMARK_OPT_DEFAULT)
        defer { cmark_parser_free(parser) }
        for name in Self.extensions {
            cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(name))
        }
        cmark_parser_feed(parser, text, text.utf8.count)
        root = cmark_parser_finish(parser)
    }

    deinit { cmark_node_free(root) }

    /// The names of the constructs that the document uses, as libcmark-gfm calls them: `paragraph`, `table`, `code_block`.
    var constructs: Set<String> {
        Set(Self.nodes(below: root).map { String(cString: cmark_node_get_type_string($0)) })
    }

    /// A link's address, and the words that replace the name of its file.
    struct Link: Equatable {
        let address: String
        var title: String?
    }

    /// Replaces the addresses of links and pictures. A link whose words are the name of a file gets the title of the page.
    ///
    /// - Parameter link: the new address of an address; nil leaves only the words.
    func replaceLinks(_ link: (String) -> Link?) {
        for node in Self.nodes(below: root) {
            let type = cmark_node_get_type(node)
            guard type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE, let old = cmark_node_get_url(node) else {
                continue
            }
            if let new = link(String(cString: old)) {
                cmark_node_set_url(node, new.address)
                if let title = new.title { Self.entitle(node, title) }
            } else {
                Self.unwrap(node)
            }
        }
    }

    /// The blocks in their order.
    var blocks: [Block] {
        var (blocks, next) = ([Block](), cmark_node_first_child(root))
        while let node = next {
            let isHeading = cmark_node_get_type(node) == CMARK_NODE_HEADING
            let html = Self.html(of: node)
            blocks.append(
                Block(
                    headingLevel: isHeading ? Int(cmark_node_get_heading_level(node)) : nil,
                    html: isHeading ? String(html.dropFirst("<h1>".count).dropLast("</h1>\n".count)) : html,
                    text: Self.text(of: node),
                    diagram: Self.diagram(in: node)
                )
            )
            next = cmark_node_next(node)
        }
        return blocks
    }

    // MARK: Nodes

    /// A node and all below it, as they are read.
    private static func nodes(below node: OpaquePointer?) -> [OpaquePointer] {
        let iterator = cmark_iter_new(node)
        defer { cmark_iter_free(iterator) }
        var found: [OpaquePointer] = []
        while true {
            let event = cmark_iter_next(iterator)
            if event == CMARK_EVENT_DONE { return found }
            if event == CMARK_EVENT_ENTER, let node = cmark_iter_get_node(iterator) { found.append(node) }
        }
    }

    private static func entitle(_ link: OpaquePointer, _ title: String) {
        guard let words = cmark_node_first_child(link), cmark_node_next(words) == nil,
            cmark_node_get_type(words) == CMARK_NODE_TEXT, text(of: words).hasSuffix(".md")
        else { return }
        cmark_node_set_literal(words, title)
    }

    /// Replaces a node by what is in it.
    private static func unwrap(_ node: OpaquePointer) {
        while let child = cmark_node_first_child(node) {
            guard cmark_node_insert_before(node, child) == 1 else { return }
        }
        cmark_node_free(node)
    }

    private static func html(of node: OpaquePointer) -> String {
        guard let html = cmark_render_html(node, CMARK_OPT_DEFAULT, nil) else { return "" }
        defer { free(html) }
        return String(cString: html)
    }

    private static func diagram(in node: OpaquePointer) -> String? {
        guard cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK, let language = cmark_node_get_fence_info(node),
            String(cString: language) == "mermaid"
        else { return nil }
        return cmark_node_get_literal(node).map { String(cString: $0) }
    }

    /// The words of a node, with a blank between blocks.
    private static func text(of node: OpaquePointer) -> String {
        var text = ""
        for node in nodes(below: node) {
            switch cmark_node_get_type(node) {
            case CMARK_NODE_TEXT, CMARK_NODE_CODE:
                text += cmark_node_get_literal(node).map { String(cString: $0) } ?? ""
            case CMARK_NODE_CODE_BLOCK: text += " " + (cmark_node_get_literal(node).map { String(cString: $0) } ?? "")
            case CMARK_NODE_EMPH, CMARK_NODE_STRONG, CMARK_NODE_LINK, CMARK_NODE_IMAGE: break
            default: text += " "
            }
        }
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

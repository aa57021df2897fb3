import CausewayAPI
import CausewayHelp
import CausewayJSON
import HTTPTypes

/// The documentation: its pages and its search. What is about the use of the program needs no sign-in.
struct HelpPages: Sendable {
    let texts: Texts
    let shelf: ManualShelf

    private static let hits = 30

    var routes: [PageRoute] {
        [
            PageRoute(.get, .help, isOpen: true) { try await show("", $0) },
            PageRoute(.get, Address.help("search"), isOpen: true) { try await search($0) },
            PageRoute(.get, Address.help("{page}"), isOpen: true) { try await show($0.value("page"), $0) },
            PageRoute(.get, Address.help("{folder}")("{page}"), isOpen: true) { request in
                try await show("\(request.value("folder"))/\(request.value("page"))", request)
            },
        ] + APIReferencePages(texts: texts).routes
    }

    private func show(_ path: String, _ request: PageRequest) async throws -> PageResponse {
        guard let page = try shelf.manual().page(path) else { throw PageError.notFound }
        guard page.isPublic || request.session != nil else { throw PageError.signedOut }
        let headings = page.sections.filter { $0.level == 2 }
        let content = HelpPage(
            html: page.html,
            headings: headings.map { HelpPage.Heading(title: $0.title, anchor: $0.anchor) },
            hasHeadings: headings.count > 1,
            isFirst: path.isEmpty,
            version: try await version(request)
        )
        let trail = path.isEmpty ? [] : [PageLink(title: texts("help.title"), address: .help)]
        return .page(PageContent(content, title: page.title, place: "help", trail: trail))
    }

    /// The version of the program, for those who are signed in.
    private func version(_ request: PageRequest) async throws -> String? {
        guard request.session != nil else { return nil }
        let answer = await request.api.send(.get, "/admin/version/")
        return answer.status == 200 ? answer.body["build_hash"]?.string : nil
    }

    private func search(_ request: PageRequest) async throws -> PageResponse {
        let query = request.query["q"] ?? ""
        let content = HelpSearchPage(query: query, hits: try hits(query, request))
        let trail = [PageLink(title: texts("help.title"), address: .help)]
        return .page(PageContent(content, title: texts("help.search"), place: "help", trail: trail))
    }

    private func hits(_ query: String, _ request: PageRequest) throws -> [HelpSearchPage.Hit] {
        try shelf.manual().search(query, limit: Self.hits).filter { $0.page.isPublic || request.session != nil }
            .map { hit in
                HelpSearchPage.Hit(
                    page: hit.page.title,
                    title: hit.section.title,
                    address: hit.address,
                    excerpt: hit.excerpt
                )
            }
    }
}

/// The template `help`: a page of the documentation.
struct HelpPage: PageModel {
    static let template = "help"

    /// The page below its title, as the program rendered it from its own files.
    let html: String
    let headings: [Heading]
    let hasHeadings: Bool
    let isFirst: Bool
    let version: String?

    struct Heading: TemplateValue {
        let title: String
        let anchor: String
    }
}

/// The template `help-search`: the sections that have the words of a query.
struct HelpSearchPage: PageModel {
    static let template = "help-search"

    let query: String
    let hits: [Hit]

    struct Hit: TemplateValue {
        let page: String
        let title: String
        let address: String
        let excerpt: String
    }
}

import Foundation
import Mustache

/// Renders templates as HTML. Templates escape all values.
struct PageRenderer: Sendable {
    private let library: MustacheLibrary
    private let texts: Texts
    /// All texts, converted once for templates: there are many, and every page has the same.
    private let catalog: any Sendable

    /// - Throws: ``WebInterfaceError``, or an error of a template that cannot be read.
    init(_ resources: WebResources, _ texts: Texts) async throws {
        library = try await MustacheLibrary(directory: resources.folder.appending(path: "templates").path)
        self.texts = texts
        catalog = texts.json.templateValue
    }

    /// - Throws: ``WebInterfaceError`` if there is no such template.
    func render(_ content: PageContent, _ page: PageContext) throws -> String {
        var shown = content.members
        for (name, value) in PageLayout(content, page, texts).presentMembers { shown[name] = value }
        shown["text"] = catalog
        guard let html = library.render(shown, withTemplate: content.template) else {
            throw WebInterfaceError("There is no template '\(content.template)'.")
        }
        return html
    }

    /// A page that says why the requested page cannot be shown.
    func renderError(_ kind: String, detail: String, _ page: PageContext) throws -> String {
        let error = ErrorPage(explanation: texts("errors.\(kind).explanation"), detail: detail)
        return try render(PageContent(error, title: texts("errors.\(kind).title")), page)
    }
}

/// Why there is no page.
private struct ErrorPage: PageModel {
    static let template = "error"

    let explanation: String
    let detail: String
}

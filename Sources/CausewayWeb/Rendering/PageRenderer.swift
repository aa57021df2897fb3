import CausewayModel
import Foundation
import Mustache

/// Renders templates as HTML. Templates escape all values.
struct PageRenderer: Sendable {
    private let library: MustacheLibrary
    /// The texts of each language, converted once for templates: there are many, and every page has the same.
    private let catalogs: [Language: any Sendable]

    /// - Throws: ``WebInterfaceError``, or an error of a template that cannot be read.
    init(_ resources: WebResources, _ languages: [Texts]) async throws {
        library = MustacheLibrary(templates: try Self.templates(resources))
        catalogs = Dictionary(
            uniqueKeysWithValues: languages.map {
                ($0.language, $0.json.templateValue(for: Viewer(texts: $0, zone: .gmt)))
            }
        )
    }

    private static func templates(_ resources: WebResources) throws -> [String: MustacheTemplate] {
        var templates: [String: MustacheTemplate] = [:]
        for (file, bytes) in try resources.files(in: "templates") {
            let name = file.replacing(/\.mustache$/, with: "")
            do { templates[name] = try MustacheTemplate(string: unindented(bytes)) } catch {
                throw WebInterfaceError("The template '\(name)' cannot be read: \(error)")
            }
        }
        return templates
    }

    /// A template without the blanks at the beginning of lines. Mustache repeats those of a partial's tag on each line of the partial,
    /// which no browser shows, and for which swift-mustache 2.1 counts the letters of the whole partial, at each level once more.
    private static func unindented(_ template: [UInt8]) -> String {
        String(decoding: template, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.drop { $0 == " " } }
            .joined(separator: "\n")
    }

    /// - Throws: ``WebInterfaceError`` if there is no such template.
    func render(_ content: PageContent, _ page: PageContext) throws -> String {
        let template = content.template
        var shown = content.page.templateMembers(for: page.viewer)
        for (name, value) in PageLayout(content, page).presentMembers(for: page.viewer) { shown[name] = value }
        shown["text"] = catalogs[page.viewer.texts.language]
        guard let html = library.render(shown, withTemplate: template) else {
            throw WebInterfaceError("There is no template '\(template)'.")
        }
        return html
    }

    /// A page that says why the requested page cannot be shown.
    func renderError(_ kind: String, detail: Message?, _ page: PageContext) throws -> String {
        let texts = page.viewer.texts
        let error = ErrorPage(explanation: texts("errors.\(kind).explanation"), detail: detail)
        return try render(PageContent(error, title: texts("errors.\(kind).title")), page)
    }
}

/// Why there is no page.
private struct ErrorPage: PageModel {
    static let template = "error"

    let explanation: String
    let detail: Message?
}

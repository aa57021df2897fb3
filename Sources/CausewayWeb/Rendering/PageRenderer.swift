import CausewayJSON
import Foundation
import Mustache

/// What a page needs to know of the request that it answers.
struct PageContext {
    let address: String
    let query: String
    var session: PageSession?
    let preferences: Preferences
}

/// Makes HTML of templates. What comes from outside is escaped by them.
struct PageRenderer: Sendable {
    private let library: MustacheLibrary
    private let texts: Texts
    /// All texts as templates read them; they are many, and the same on every page.
    private let catalogue: any Sendable
    private let navigation: Navigation

    /// - Throws: ``WebInterfaceError`` or an error of a template that cannot be read.
    init(_ resources: WebResources, _ texts: Texts) async throws {
        library = try await MustacheLibrary(directory: resources.folder.appending(path: "templates").path)
        self.texts = texts
        catalogue = texts.json.mustache
        navigation = Navigation(texts: texts)
    }

    func render(_ content: PageContent, _ page: PageContext) throws -> String {
        var values = content.values
        values["title"] = .string(content.title)
        values["theme"] = .string(page.preferences.theme.rawValue)
        values["themes"] = themes(page)
        values["address"] = .string(page.address)
        values["trail"] = .array(
            content.trail.map { ["title": .string($0.title), "address": .string($0.address)] }
        )
        if let key = FormFields(text: page.query)["done"], let done = texts.find("done.\(key)") {
            values["done"] = .string(done)
        }
        if let session = page.session {
            values["user"] = [
                "name": .string(session.username),
                "role": .string(texts("roles.\(session.role ?? "none")")),
            ]
            values["token"] = .string(session.token)
            values["navigation"] = navigation.json(place: content.place)
            values["is_administrator"] = .bool(session.isAdministrator)
            values["is_operator"] = .bool(session.isOperator)
        }
        var shown = values.mapValues(\.mustache)
        shown["text"] = catalogue
        guard let html = library.render(shown, withTemplate: content.template) else {
            throw WebInterfaceError("There is no template '\(content.template)'.")
        }
        return html
    }

    /// A page that says why there is no other.
    func renderError(_ kind: String, detail: String, _ page: PageContext) throws -> String {
        let words: [String: JSONValue] = [
            "detail": .string(detail), "explanation": .string(texts("errors.\(kind).explanation")),
        ]
        return try render(PageContent("error", title: texts("errors.\(kind).title"), words), page)
    }

    private func themes(_ page: PageContext) -> JSONValue {
        .array(
            [Preferences.Theme.system, .light, .dark].map { theme in
                [
                    "value": .string(theme.rawValue), "label": .string(texts("theme.\(theme.rawValue)")),
                    "is_chosen": .bool(theme == page.preferences.theme),
                ]
            }
        )
    }
}

extension JSONValue {
    /// As templates read it: null and empty texts are there, so that none of the same name is looked for further out, and count as
    /// nothing.
    fileprivate var mustache: any Sendable {
        switch self {
        case .null, .string(""): Nothing()
        case .bool(let value): value
        case .integer(let value): value
        case .number(let value): value
        case .string(let value): value
        case .array(let values): values.map(\.mustache)
        case .object(let members): members.mapValues(\.mustache)
        }
    }
}

private struct Nothing: MustacheCustomRenderable {
    let renderText = ""
    let isNull = true
}

import Mustache

/// A sentence of an answer of the API. A page shows it in the viewer's language.
///
/// Every text that the API or the engine has put into words has this type in the structs of pages, so that none reaches a template
/// untranslated. `{{message}}` shows the text, and the template `message` also marks what stayed English.
struct Message: Sendable, Equatable, Decodable, TemplateValue {
    /// As the API returned it.
    let english: String

    init(_ english: String) { self.english = english }

    init(from decoder: any Decoder) throws { english = try decoder.singleValueContainer().decode(String.self) }

    var isEmpty: Bool { english.isEmpty }

    func templateValue(for viewer: Viewer) -> any Sendable {
        guard !isEmpty else { return english.templateValue(for: viewer) }
        let shown = viewer.texts.translation(of: english)
        return ShownMessage(text: shown.text, parts: shown.parts)
    }
}

/// A message in the viewer's language, for templates.
private struct ShownMessage: MustacheCustomRenderable, MustacheParent, Sendable {
    let text: String
    let parts: [MessageText.Part]

    var renderText: String { text }
    var isNull: Bool { false }

    func child(named name: String) -> Any? {
        guard name == "parts" else { return nil }
        return parts.map { ["words": $0.text, "is_english": $0.isEnglish] as [String: any Sendable] }
    }
}

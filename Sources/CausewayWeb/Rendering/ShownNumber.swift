/// A whole number on a page. It is written when the page is rendered: in the form of the viewer's language.
struct ShownNumber: TemplateValue, Equatable {
    let value: Int

    init(_ value: Int) { self.value = value }

    func templateValue(for viewer: Viewer) -> any Sendable { viewer.texts.number(value) }
}

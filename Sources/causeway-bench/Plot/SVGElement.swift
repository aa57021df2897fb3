/// An element of a drawing in SVG.
struct SVGElement {
    private let name: String
    private let attributes: KeyValuePairs<String, String>
    private let text: String
    private let children: [SVGElement]

    init(
        _ name: String,
        _ attributes: KeyValuePairs<String, String> = [:],
        text: String = "",
        _ children: [SVGElement] = []
    ) {
        (self.name, self.attributes, self.text, self.children) = (name, attributes, text, children)
    }

    /// Well-formed XML, an element on each line.
    var markup: String {
        let start = attributes.reduce("<\(name)") { "\($0) \($1.key)=\"\(Self.escaped($1.value))\"" }
        guard children.isEmpty else {
            return "\(start)>\n\(children.map(\.markup).joined(separator: "\n"))\n</\(name)>"
        }
        return text.isEmpty ? "\(start)/>" : "\(start)>\(Self.escaped(text))</\(name)>"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    /// A coordinate, with a tenth of a pixel.
    static func number(_ value: Double) -> String { ShortNumber.fixed(value, places: 1) }
}

/// A column's name, taken apart: `Block sign in (Yes/No) [accountEnabled] Required` has a label for people and a property in brackets.
struct ColumnHeader: Hashable, Sendable {
    /// As the file has it.
    let text: String
    /// The part for people, folded: `blocksigninyesno`.
    let label: String
    /// The property, folded: `accountenabled`; nil where there is none.
    let property: String?

    init(_ text: String) {
        self.text = text
        let opening = text.firstIndex(of: "[") ?? text.endIndex
        let bracketed = text[opening...].dropFirst().prefix { $0 != "]" }
        let property = bracketed.allSatisfy { $0.isLetter || $0.isNumber } ? Self.folded(String(bracketed)) : ""
        self.property = property.isEmpty || Self.marks.contains(property) ? nil : property
        let label = Self.folded(String(text[..<opening]))
        self.label = label.isEmpty ? property : label
    }

    /// What Google and others put in brackets beside properties' names.
    private static let marks: Set = ["required", "optional", "readonly"]

    /// By which tables know it, the more precise first.
    var keys: [String] { (property.map { ["[\($0)]"] } ?? []) + [label] }

    /// What the label is called where it names an attribute: `Cost Centre (EU)` is `cost_centre_eu`.
    var attributeName: String {
        let name = text.prefix { $0 != "[" }
        return (name.contains { $0.isLetter || $0.isNumber } ? String(name) : text)
            .lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "_")
    }

    /// Letters and digits alone, in lower case; `#` is a number.
    static func folded(_ text: String) -> String {
        text.lowercased().replacing("#", with: "number").filter { $0.isLetter || $0.isNumber }
    }
}

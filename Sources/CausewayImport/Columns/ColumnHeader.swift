/// The parts of a column's name: `Block sign in (Yes/No) [accountEnabled] Required` has a human-readable label and a property in brackets.
struct ColumnHeader: Hashable, Sendable {
    /// As in the file.
    let text: String
    /// The human-readable part, folded: `blocksigninyesno`.
    let label: String
    /// The property, folded: `accountenabled`; nil if there is none.
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

    /// What Google and others put in brackets instead of a property.
    private static let marks: Set = ["required", "optional", "readonly"]

    /// The keys for tables, the more precise first.
    var keys: [String] { (property.map { ["[\($0)]"] } ?? []) + [label] }

    /// The label as the name of an attribute: `Cost Centre (EU)` becomes `cost_centre_eu`.
    var attributeName: String {
        let name = text.prefix { $0 != "[" }
        return (name.contains { $0.isLetter || $0.isNumber } ? String(name) : text)
            .lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "_")
    }

    /// Only letters and digits, in lower case; `#` means a number.
    static func folded(_ text: String) -> String {
        text.lowercased().replacing("#", with: "number").filter { $0.isLetter || $0.isNumber }
    }
}

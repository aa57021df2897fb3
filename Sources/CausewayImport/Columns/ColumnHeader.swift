import CausewayModel

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

extension [ColumnHeader] {
    /// Refuses two columns of one name, which cannot be told apart: neither by a person who gives one of them a meaning, nor as
    /// attributes. Columns that are not imported may have the same.
    ///
    /// - Parameter isImported: tells of the column at a place.
    /// - Throws: ``ImportFileError`` that names both.
    func requireDistinctNames(_ isImported: (Int) -> Bool) throws {
        let named = Dictionary(grouping: indices) { self[$0].text.trimmed.lowercased() }
        let same = named.filter { !$0.key.isEmpty && $0.value.count > 1 && $0.value.contains(where: isImported) }
        guard let first = same.values.min(by: { $0[0] < $1[0] }), let last = first.last else { return }
        let others = first.dropLast().map { "\($0 + 1)" }.joined(separator: ", ")
        throw ImportFileError(
            "The columns \(others) and \(last + 1) have the same name, '\(self[first[0]].text)'. Give each column a name of its own, "
                + "or remove those that are not needed."
        )
    }
}

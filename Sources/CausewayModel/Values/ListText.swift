/// Several names in one cell of a file, separated by `;` or `|`. A name that contains such a character, or has blanks around it, is in
/// quotes, and quotes in it are doubled. Pure.
package enum ListText {
    /// One cell for the names.
    package static func joined(_ names: [String]) -> String { names.map(quoted).joined(separator: ";") }

    private static func quoted(_ name: String) -> String {
        let isPlain =
            !name.contains { ";|\"".contains($0) } && name.first?.isWhitespace != true
            && name.last?.isWhitespace != true
        return isPlain ? name : "\"\(name.replacing("\"", with: "\"\""))\""
    }

    /// The names in a cell, without blanks around them and without empty ones. A quote that is not closed is an ordinary letter.
    package static func names(in cell: String) -> [String] {
        var (names, rest) = ([String](), Substring(cell))
        while true {
            rest = rest.drop { $0.isWhitespace || isSeparator($0) }
            guard !rest.isEmpty else { return names }
            if let (name, after) = quotedName(at: rest) {
                names.append(name)
                rest = after
            } else {
                let name = rest.prefix { !isSeparator($0) }
                names.append(String(name).trimmed)
                rest = rest[name.endIndex...]
            }
        }
    }

    private static func isSeparator(_ letter: Character) -> Bool { letter == ";" || letter == "|" }

    /// - Returns: the name and what follows it; nil if the text does not begin with a quoted name.
    private static func quotedName(at text: Substring) -> (name: String, rest: Substring)? {
        guard text.first == "\"" else { return nil }
        var (name, rest) = ("", text.dropFirst())
        while let letter = rest.popFirst() {
            guard letter == "\"" else {
                name.append(letter)
                continue
            }
            if rest.first == "\"" {
                name.append("\"")
                rest.removeFirst()
                continue
            }
            let after = rest.drop(while: \.isWhitespace)
            return after.isEmpty || after.first.map(isSeparator) == true ? (name, after) : nil
        }
        return nil
    }
}

/// Lines of CSV (RFC 4180) that are safe in spreadsheets. Pure.
package enum CSVText {
    /// A line with its end.
    package static func line(_ fields: [String]) -> String { fields.map(field).joined(separator: ",") + "\r\n" }

    /// Scalars, since a quote with an accent on it is another character and still a quote.
    private static func field(_ text: String) -> String {
        let scalars = (needsMark(text) ? "'" + text : text).unicodeScalars
        // Some spreadsheets use other separators than the comma.
        guard scalars.contains(where: { "\",;|\t\r\n".unicodeScalars.contains($0) }) else {
            return String(String.UnicodeScalarView(scalars))
        }
        var quoted = String.UnicodeScalarView()
        for scalar in scalars { quoted.append(contentsOf: scalar == "\"" ? ["\"", "\""] : [scalar]) }
        return "\"\(String(quoted))\""
    }

    /// A spreadsheet takes a field that begins like a formula for one, even if it is not one. An apostrophe before it makes it text again;
    /// an existing apostrophe gets another one, so that only an added one is ever removed.
    private static func needsMark(_ text: String) -> Bool {
        isFormula(text) || (text.unicodeScalars.first == "'" && needsMark(withoutFirst(text)))
    }

    private static func isFormula(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        guard let first = scalars.first, let visible = scalars.first(where: { !$0.properties.isWhitespace }) else {
            return false
        }
        return "=+-@＝＋－＠".unicodeScalars.contains(visible) || "\t\r\n".unicodeScalars.contains(first)
    }

    private static func withoutFirst(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.dropFirst()))
    }

    /// The content of a field: without the apostrophe that keeps spreadsheets from taking it for a formula.
    package static func plain(_ field: String) -> String {
        guard field.unicodeScalars.first == "'" else { return field }
        let rest = withoutFirst(field)
        return needsMark(rest) ? rest : field
    }
}

/// Lines of CSV (RFC 4180) that spreadsheets can be trusted with. Pure.
package enum CSVText {
    /// A line with its end.
    package static func line(_ fields: [String]) -> String { fields.map(field).joined(separator: ",") + "\r\n" }

    private static func field(_ text: String) -> String {
        let text = isFormula(text) ? "'" + text : text
        guard text.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }

    /// A spreadsheet takes a field that begins like a formula for one, whoever wrote it. An apostrophe before it makes it text again.
    private static func isFormula(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        guard let first = scalars.first, let visible = scalars.first(where: { !$0.properties.isWhitespace }) else {
            return false
        }
        return "=+-@＝＋－＠".unicodeScalars.contains(visible) || "\t\r\n".unicodeScalars.contains(first)
    }

    /// What a field says: without the apostrophe that keeps spreadsheets from taking it for a formula.
    package static func plain(_ field: String) -> String {
        guard field.hasPrefix("'") else { return field }
        let rest = String(field.dropFirst())
        return isFormula(rest) ? rest : field
    }
}

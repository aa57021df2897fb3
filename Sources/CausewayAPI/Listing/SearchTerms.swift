import Foundation

/// The search terms of a list, read from `search` as Django REST framework's `SearchFilter` reads it (3.18.3): white space and
/// commas separate terms, quotes of either kind around blanks make one term of them, and every term must be found.
enum SearchTerms {
    static func terms(of text: String) -> [String] {
        let pieces = text.replacing("\0", with: "")
            .matches(of: /[^\s'"]*(?:(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')[^\s'"]*)+|\S+/)
        return pieces.flatMap { match in
            let piece = match.output.trimmingCharacters(in: CharacterSet(charactersIn: ","))
            return phrase(piece).map { [$0] } ?? piece.split(separator: ",").map(String.init)
        }.filter { !$0.isEmpty }
    }

    /// The text between quotes; nil if the piece has none around it.
    private static func phrase(_ piece: String) -> String? {
        guard piece.count > 1, let quote = piece.first, quote == "\"" || quote == "'", piece.last == quote else {
            return nil
        }
        let inner = String(piece.dropFirst().dropLast())
        return inner.replacing("\\\(quote)", with: String(quote)).replacing("\\\\", with: "\\")
    }
}

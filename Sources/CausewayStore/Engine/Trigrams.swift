/// The trigrams of words, as FTS5 wants them.
///
/// Source: https://www.sqlite.org/fts5.html#the_trigram_tokenizer
enum Trigrams {
    /// - Returns: none if the word is too short.
    static func of(_ word: String) -> [String] {
        let letters = Array(word.lowercased().unicodeScalars)
        // SQLite ends texts at a zero.
        guard letters.count >= 3, !letters.contains("\0") else { return [] }
        return (0...letters.count - 3).map { start in
            let trigram = String(String.UnicodeScalarView(letters[start..<start + 3]))
            return "\"\(trigram.replacing("\"", with: "\"\""))\""
        }
    }

    /// Finds what has all trigrams of all words; nil if no word is long enough.
    static func match(_ words: [String]) -> String? {
        let all = Set(words.flatMap(of))
        return all.isEmpty ? nil : all.sorted().joined(separator: " AND ")
    }
}

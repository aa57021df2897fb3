/// The words of a text as `$search` splits it: at blanks, where a capital letter follows a small one, where letters and numbers
/// meet, and at symbols, which are words themselves. Words with only symbols between them are one word as well (Graph, "Use the $search
/// query parameter", directory objects).
struct SearchWords: Sendable, Equatable {
    /// In lower case, as everything that is compared.
    let text: String
    private let words: [String]
    /// The words, and the combinations of those with only symbols between them.
    private let findable: [String]

    private enum Sort { case letter, number, symbol }

    init(_ text: String) {
        self.text = text.lowercased()
        let parts = text.split(whereSeparator: \.isWhitespace).map(Self.pieces)
        words = parts.flatMap { $0 }.map { $0.text.lowercased() }
        let joined = parts.filter { $0.contains { $0.sort == .symbol } }
            .map { $0.filter { $0.sort != .symbol }.map(\.text).joined().lowercased() }
        findable = words + joined
    }

    /// Whether each search word is the beginning of one of these words; combinations need not be found.
    func fit(_ wanted: SearchWords) -> Bool {
        wanted.words.allSatisfy { word in findable.contains { $0.hasPrefix(word) } }
    }

    private static func pieces(_ text: Substring) -> [(text: String, sort: Sort)] {
        var pieces: [(text: String, sort: Sort)] = []
        var last: Character?
        for character in text {
            let sort: Sort = character.isLetter ? .letter : character.isNumber ? .number : .symbol
            let begins =
                sort == .symbol || pieces.last?.sort != sort || (character.isUppercase && last?.isLowercase == true)
            if begins {
                pieces.append((String(character), sort))
            } else {
                pieces[pieces.count - 1].text.append(character)
            }
            last = character
        }
        return pieces
    }
}

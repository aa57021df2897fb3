/// The words of a text as `$search` takes them apart: at blanks, where a capital letter follows a small one, where letters and numbers
/// meet, and at symbols, which are words themselves. Words with only symbols between them are one word as well (Graph, "Use the $search
/// query parameter", directory objects).
struct SearchWords: Sendable, Equatable {
    let text: String
    private let words: Set<String>

    private enum Sort { case letter, number, symbol }

    init(_ text: String) {
        self.text = text
        var words: Set<String> = []
        for part in text.split(whereSeparator: \.isWhitespace) {
            let pieces = Self.pieces(part)
            words.formUnion(pieces.map { $0.text.lowercased() })
            words.formUnion(Self.joined(pieces))
        }
        self.words = words
    }

    /// Whether each of the words that are looked for begins one of these; the words that were joined need not be found as such.
    func fit(_ wanted: SearchWords) -> Bool {
        let asked = wanted.text.split(whereSeparator: \.isWhitespace).flatMap { Self.pieces($0) }
        return asked.allSatisfy { piece in
            let word = piece.text.lowercased()
            return words.contains { $0.hasPrefix(word) }
        }
    }

    /// Words between which nothing but symbols stands, put together.
    private static func joined(_ pieces: [(text: String, sort: Sort)]) -> [String] {
        guard pieces.contains(where: { $0.sort == .symbol }) else { return [] }
        return [pieces.filter { $0.sort != .symbol }.map(\.text).joined().lowercased()].filter { !$0.isEmpty }
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

/// Whether a password is among those that are tried first: a common word, a run of keys or numbers, a year, the name of the service, or
/// only a combination of these (NIST SP 800-63B, section 5.1.1.2: commonly used, expected, sequential).
enum GuessablePassword {
    /// How many letters and numbers must be left over after everything guessable is removed.
    private static let least = 6

    static func contains(_ password: String) -> Bool {
        var rest = withoutRuns(password.lowercased())
        rest.replace(#/(19|20)\d\d/#, with: " ")
        rest = String(rest.map { letters[$0] ?? $0 })
        for word in words { rest = rest.replacing(word, with: " ") }
        return rest.count { $0.isLetter || $0.isNumber } < least
    }

    /// The substitutes for letters in `P@ssw0rd`.
    private static let letters: [Character: Character] = [
        "@": "a", "4": "a", "0": "o", "3": "e", "$": "s", "5": "s", "1": "i", "!": "i", "7": "t",
    ]

    /// The longer ones first, so that nothing is left of them.
    private static let words = """
        password passwort kennwort passphrase administrator admin causeway microsoft entra azure company contoso
        changeme change default welcome willkommen letmein iloveyou login master secret geheim access summer winter
        spring autumn sommer herbst january monday sunshine princess football baseball dragon monkey hello hallo user
        root test temp demo pass
        """.split(whereSeparator: \.isWhitespace).sorted { $0.count > $1.count }

    private static let rows = ["qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm"]

    /// Without three or more characters that are equal, or that are neighbors in the alphabet, among the numbers or on a keyboard.
    private static func withoutRuns(_ text: String) -> String {
        var (rest, kept) = (Array(text)[...], "")
        while let first = rest.first {
            let length = runLength(rest)
            kept.append(length >= 3 ? " " : first)
            rest = rest.dropFirst(length >= 3 ? length : 1)
        }
        return kept
    }

    private static func runLength(_ text: ArraySlice<Character>) -> Int {
        let pairs = zip(text, text.dropFirst())
        guard let (one, other) = pairs.first(where: { _ in true }), let wanted = step(one, other) else { return 1 }
        return 1 + pairs.prefix { step($0, $1) == wanted }.count
    }

    /// How far apart two characters are if they are neighbors or equal; nil otherwise.
    private static func step(_ one: Character, _ other: Character) -> Int? {
        if let first = one.asciiValue, let second = other.asciiValue, one.isLetter == other.isLetter {
            let distance = Int(second) - Int(first)
            if abs(distance) <= 1 { return distance }
        }
        for row in rows {
            guard let first = row.firstIndex(of: one), let second = row.firstIndex(of: other) else { continue }
            let distance = row.distance(from: first, to: second)
            if abs(distance) == 1 { return distance * 2 }
        }
        return nil
    }
}

/// Finds texts by the words in them. A word of a query also finds longer words that begin with it.
struct WordIndex: Sendable {
    private struct Entry: Sendable {
        let text: Int
        let weight: Int
    }

    /// How many words of a query count.
    private static let mostWords = 10

    /// In alphabetical order.
    private let words: [String]
    private let entries: [[Entry]]

    /// - Parameter texts: the parts of each text, with the weight of a word in them.
    init(_ texts: [[(words: String, weight: Int)]]) {
        var weights: [String: [Int: Int]] = [:]
        for (number, parts) in texts.enumerated() {
            for part in parts {
                for word in Self.words(of: part.words) {
                    weights[word, default: [:]][number, default: 0] += part.weight
                }
            }
        }
        words = weights.keys.sorted()
        entries = words.map { word in (weights[word] ?? [:]).map { Entry(text: $0.key, weight: $0.value) } }
    }

    /// The numbers of the texts that have every word of a query, the best first.
    func texts(with query: String) -> [Int] {
        var found: [Int: Int]?
        for word in Set(Self.words(of: query).prefix(Self.mostWords)) {
            let matches = matches(of: word)
            guard let before = found else {
                found = matches
                continue
            }
            found = before.reduce(into: [:]) { both, text in
                if let weight = matches[text.key] { both[text.key] = text.value + weight }
            }
        }
        return (found ?? [:]).sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    }

    /// The texts with a word, by their weight. Many repetitions count little more than a few.
    private func matches(of prefix: String) -> [Int: Int] {
        var weights: [Int: Int] = [:]
        var place = words.partition(from: prefix)
        while place < words.count, words[place].hasPrefix(prefix) {
            // A whole word counts more than the beginning of one.
            let factor = words[place] == prefix ? 2 : 1
            for entry in entries[place] { weights[entry.text, default: 0] += min(entry.weight, 24) * factor }
            place += 1
        }
        return weights
    }

    /// Runs of letters, digits and underscores, in small letters.
    static func words(of text: String) -> [String] {
        text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
    }
}

extension [String] {
    /// The first place of a sorted list whose text does not precede another text.
    fileprivate func partition(from text: String) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < text { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

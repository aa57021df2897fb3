import Foundation

/// Words that users must have in their address, name or user name, or as their key; and the quickest way to them.
struct UserSearch {
    /// How many users have all words.
    let count: Int
    private let terms: [String]
    /// Whether the index of trigrams leads to few enough rows to be worth it.
    private let usesTrigrams: Bool
    private let share: Share

    private enum Share { case few, many, most, all }

    /// Up to so many rows are looked up one by one before reading all is quicker.
    private static let lookups = 60_000
    /// Up to so many rows are passed over one by one.
    private static let steps = 5_000

    init(_ terms: [String], in transaction: Transaction) throws {
        self.terms = terms
        let candidates = try Self.trigrams(of: terms).map {
            try Self.candidates($0).count(upTo: Self.lookups + 1, in: transaction)
        }
        usesTrigrams = candidates.map { $0 <= Self.lookups } ?? false
        count = try Self.matches(terms, usesTrigrams: usesTrigrams).count(in: transaction)
        share = try Self.share(count, in: transaction)
    }

    private static func share(_ count: Int, in transaction: Transaction) throws -> Share {
        guard count > lookups else { return .few }
        let everybody = try ListQuery("users u", key: "u.id", fields: [:], standard: "u.id").count(in: transaction)
        return count == everybody ? .all : count > everybody / 3 * 2 ? .most : .many
    }

    /// Those who match.
    private var matches: ListQuery { Self.matches(terms, usesTrigrams: usesTrigrams) }

    private static func candidates(_ match: String) -> ListQuery {
        var query = ListQuery("user_trigrams t", key: "t.rowid", fields: [:], standard: "t.rowid")
        query.add("t.user_trigrams MATCH ?", .text(match))
        return query
    }

    private static func matches(_ terms: [String], usesTrigrams: Bool) -> ListQuery {
        let match = usesTrigrams ? trigrams(of: terms) : nil
        if let match, terms.allSatisfy(isTrigram) { return candidates(match) }
        var query = ListQuery("user_search s", key: "s.user_id", fields: [:], standard: "s.user_id")
        if let match { query.add("s.user_id IN", candidates(match)) }
        for term in terms where match == nil || !isTrigram(term) {
            if let uuid = UUID(uuidString: term) {
                let key = SQLValue.text(uuid.uuidString.lowercased())
                query.add("s.user_id IN (SELECT k.id FROM users k WHERE k.uuid = ?)", key)
            } else {
                query.add("s.text LIKE ? ESCAPE '\\'", .text(term.patternOfPart))
            }
        }
        return query
    }

    /// Narrows a list of `users u` to those who match, in order to count them.
    func narrow(_ query: inout ListQuery) { query.add("u.id IN", matches) }

    /// Narrows a list of `users u` to those who match. Few are looked up and sorted. Of many, a set is made first, so that a page of
    /// them is found whatever the order is; where most people match, of the others, unless the page is one of the first.
    func narrow(_ query: inout ListQuery, offset: Int) {
        switch share {
        case .few: query.add("u.id IN", matches)
        case .many: query.add("+u.id IN", matches)
        case .most where offset > Self.steps: query.add("u.id NOT IN", matches.inverse)
        case .most:
            var matches = matches
            matches.add("\(matches.key) = u.id")
            query.add("EXISTS", matches)
        case .all: break
        }
    }

    // MARK: Trigrams

    /// Whether finding its one trigram is finding it; beyond ASCII, FTS5 folds more than we do.
    private static func isTrigram(_ term: String) -> Bool { term.utf8.count == 3 && trigrams(of: term).count == 1 }

    /// All trigrams of all words, as FTS5 wants them; nil where no word is long enough.
    private static func trigrams(of terms: [String]) -> String? {
        let all = terms.flatMap(trigrams)
        return all.isEmpty ? nil : Set(all).sorted().joined(separator: " AND ")
    }

    private static func trigrams(of term: String) -> [String] {
        let letters = Array(term.lowercased().unicodeScalars)
        // A whole key is looked for as such; SQLite ends texts at a zero.
        guard letters.count >= 3, UUID(uuidString: term) == nil, !letters.contains("\0") else { return [] }
        return (0...letters.count - 3).map { start in
            let trigram = String(String.UnicodeScalarView(letters[start..<start + 3]))
            return "\"\(trigram.replacing("\"", with: "\"\""))\""
        }
    }
}

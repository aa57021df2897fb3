import CausewayModel
import Foundation

/// Up to where each way of searching is the fastest; measured with 300,000 users.
package struct UserSearchLimits: Hashable, Sendable {
    /// Up to this many rows are looked up one by one before reading all is faster.
    package var lookups = 60_000
    /// Up to this many rows are skipped one by one.
    package var steps = 5_000
    /// Up to this many rows that do not match are stored instead of those that do.
    package var others = 5_000
    /// How many users show whether most users match.
    package var sample = 60

    package init() {}
}

/// Words that users must have in their address, name or user name, or as their key; and the fastest way to find them.
struct UserSearch: Sendable {
    /// How many users have all words.
    let count: Int
    /// The users that match.
    private let matches: ListQuery
    private let share: Share
    private let limits: UserSearchLimits

    /// What a search asks for.
    struct Key: Hashable, Sendable {
        let terms: [String]
        let limits: UserSearchLimits
    }

    private enum Share: Sendable {
        case few, many, most
        /// All except these.
        case allBut([UserID])
    }

    /// The remembered search, or a new one.
    static func find(_ terms: [String], _ limits: UserSearchLimits, in transaction: Transaction) throws -> UserSearch {
        let key = Key(terms: terms, limits: limits)
        return try transaction.rememberedSearch(key) { try UserSearch(key, in: transaction) }
    }

    private init(_ key: Key, in transaction: Transaction) throws {
        let (terms, limits) = (key.terms, key.limits)
        self.limits = limits
        let usesTrigrams = try Self.isByTrigrams(terms, limits, in: transaction)
        matches = Self.matches(terms, usesTrigrams: usesTrigrams, transaction.connection.dialect)
        guard !usesTrigrams else {
            (count, share) = (try matches.count(in: transaction), .few)
            return
        }
        let others = try Self.others(than: matches, upTo: limits.others + 1, in: transaction)
        let everybody = try ListQuery("users u", key: "u.id", fields: [:], standard: .ascending("u.id")).count(
            of: .directory,
            in: transaction
        )
        guard others.count > limits.others else {
            (count, share) = (everybody - others.count, .allBut(others))
            return
        }
        count = try matches.count(in: transaction)
        share = count <= limits.lookups ? .few : count > everybody / 3 * 2 ? .most : .many
    }

    /// Whether trigrams lead to few users. Those of a word that most users have are not even counted: a sample shows that.
    private static func isByTrigrams(_ terms: [String], _ limits: UserSearchLimits, in transaction: Transaction) throws
        -> Bool
    {
        guard let trigrams = trigrams(of: terms) else { return false }
        let sample = try sample(limits.sample, in: transaction)
        let dialect = transaction.connection.dialect
        var found = matches(terms, usesTrigrams: false, dialect)
        found.add("s.user_id", isOneOf: sample)
        guard try sample.isEmpty || found.count(in: transaction) < sample.count / 2 else { return false }
        let candidates = dialect == .sqlite ? candidates(trigrams) : matches(terms, usesTrigrams: true, dialect)
        return try candidates.count(upTo: limits.lookups + 1, in: transaction) <= limits.lookups
    }

    /// Keys at even distances; some of them may not exist.
    private static func sample(_ size: Int, in transaction: Transaction) throws -> [SQLValue] {
        let last = Int(
            try transaction.first("SELECT MAX(id) AS last FROM users") { try $0.integer(orNil: "last") ?? 0 } ?? 0
        )
        return size < 1 || last < size ? [] : (1...size).map { .integer(Int64($0 * (last / size))) }
    }

    private static func others(than matches: ListQuery, upTo limit: Int, in transaction: Transaction) throws -> [UserID]
    {
        try matches.inverse.keys(ListSlice(offset: 0, limit: limit, order: []), in: transaction) {
            try $0.id("key")
        }
    }

    private static func candidates(_ match: String) -> ListQuery {
        var query = ListQuery("user_trigrams t", key: "t.rowid", fields: [:], standard: .ascending("t.rowid"))
        query.add("t.user_trigrams MATCH ?", .text(match))
        return query
    }

    /// PostgreSQL looks patterns up in its index of trigrams by itself.
    private static func matches(_ terms: [String], usesTrigrams: Bool, _ dialect: SQLDialect) -> ListQuery {
        let match = usesTrigrams && dialect == .sqlite ? trigrams(of: terms) : nil
        if let match, terms.allSatisfy(isTrigram) { return candidates(match) }
        var query = ListQuery("user_search s", key: "s.user_id", fields: [:], standard: .ascending("s.user_id"))
        if let match { query.add("s.user_id IN", candidates(match)) }
        for term in terms where match == nil || !isTrigram(term) {
            if let uuid = UUID(uuidString: term) {
                let key = SQLValue.text(uuid.uuidString.lowercased())
                query.add("s.user_id IN (SELECT k.id FROM users k WHERE k.uuid = ?)", key)
            } else {
                query.add("s.text LIKE ? ESCAPE '\\'", .text(term.lowercased().patternOfPart))
            }
        }
        return query
    }

    /// Restricts a list of `users u` to those that match, in order to count them.
    func narrow(_ query: inout ListQuery) { query.add("u.id IN", matches) }

    /// Restricts a list of `users u` to a page of those that match. Few are looked up and sorted. Of many, a set is made first, so that
    /// they are found in any order; if most users match, a set of the others, unless the page is one of the first.
    ///
    /// PostgreSQL would walk through users in the order of the list until enough of them match: those that match may all be at its end.
    func narrow(_ query: inout ListQuery, offset: Int, _ dialect: SQLDialect) {
        switch share {
        case .few where dialect == .postgreSQL: query.add("u.id = ANY (ARRAY", matches, ")")
        case .few: narrow(&query)
        case .many: query.add("+u.id IN", matches)
        case .most where offset > limits.steps: query.add("u.id NOT IN", matches.inverse)
        case .most:
            var matches = matches
            matches.add("\(matches.key) = u.id")
            query.add("EXISTS", matches)
        case .allBut(let others) where others.isEmpty: break
        case .allBut(let others):
            let list = SQLList(others.map { SQLValue($0) })
            query.add(list, "u.id NOT IN \(list.sql)")
        }
    }

    // MARK: Trigrams

    /// Whether finding its one trigram is finding it; beyond ASCII, FTS5 folds more than Causeway does.
    private static func isTrigram(_ term: String) -> Bool { term.utf8.count == 3 && Trigrams.of(term).count == 1 }

    /// All trigrams of all words, as FTS5 wants them; nil if no word is long enough. A whole key is looked for as such.
    static func trigrams(of terms: [String]) -> String? {
        Trigrams.match(terms.filter { UUID(uuidString: $0) == nil })
    }
}

package import CausewayModel
import Foundation

/// An object that a search over everything has found.
package struct SearchHit: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case user, group, provider, application, run, link
        case mapping = "property_mapping"
    }

    package let kind: Kind
    /// Its key in text form; of an application, the slug.
    package let key: String
    package let name: String
    /// What tells it apart: an address, a tenant, an Entra id.
    package let detail: String
    /// The provider of a link or a run.
    package var provider: ProviderID?
    /// The kind of a link's object.
    package var objectKind: ObjectKind?
}

extension Transaction {
    /// Objects of all kinds whose names have every word, or whose ids begin with the only word. Every part ends at its limit: a search
    /// in 300,000 users does not read them all.
    ///
    /// - Parameters:
    ///   - terms: the words.
    ///   - limit: the number of objects of each kind.
    ///   - candidates: how many users are looked at of those that have all trigrams of the words.
    package func search(_ terms: [String], limit: Int, candidates: Int = 5_000) throws -> [SearchHit] {
        guard !terms.isEmpty else { return [] }
        let ids = try terms.count == 1 ? idHits(terms[0].lowercased(), limit) : []
        let named =
            try providerHits(terms, limit) + applicationHits(terms, limit) + mappingHits(terms, limit)
            + userHits(terms, limit, candidates) + groupHits(terms, limit)
        return ids + named.filter { !ids.contains($0) }
    }

    // MARK: Ids

    /// From this length on, a word can be the beginning of an id.
    private static let shortestID = 8

    private func idHits(_ text: String, _ limit: Int) throws -> [SearchHit] {
        guard text.count >= Self.shortestID, text.allSatisfy({ $0.isHexDigit || $0 == "-" }) else { return [] }
        let range = [SQLValue.text(text), .text(text.endOfRange)]
        return try linkHits(range, limit) + runHits(range, limit) + groupHits(range, limit) + userHits(uuid: text)
    }

    private func linkHits(_ range: [SQLValue], _ limit: Int) throws -> [SearchHit] {
        // The cross join makes SQLite use the index of a provider's Entra ids.
        try all(
            """
            SELECT c.id, c.provider_id, c.object_kind, c.object_name, c.entra_id FROM providers p CROSS JOIN links c
            WHERE c.provider_id = p.id AND c.entra_id >= ? AND c.entra_id < ?
                AND (c.user_id IS NOT NULL OR c.group_id IS NOT NULL)
            LIMIT \(limit)
            """,
            range
        ) { row in
            SearchHit(
                kind: .link,
                key: (try row.id("id") as LinkID).text,
                name: try row.text("object_name"),
                detail: try row.text("entra_id"),
                provider: try row.id("provider_id"),
                objectKind: ObjectKind(rawValue: try row.text("object_kind"))
            )
        }
    }

    private func runHits(_ range: [SQLValue], _ limit: Int) throws -> [SearchHit] {
        try all(
            """
            SELECT r.id, r.provider_id, p.name FROM runs r JOIN providers p ON p.id = r.provider_id
            WHERE r.id >= ? AND r.id < ? LIMIT \(limit)
            """,
            range
        ) { row in
            let key = (try row.id("id") as RunID).text
            return SearchHit(
                kind: .run,
                key: key,
                name: try row.text("name"),
                detail: key,
                provider: try row.id("provider_id")
            )
        }
    }

    private func groupHits(_ range: [SQLValue], _ limit: Int) throws -> [SearchHit] {
        try all("SELECT id, name FROM groups WHERE id >= ? AND id < ? LIMIT \(limit)", range, as: Self.groupHit)
    }

    private func userHits(uuid: String) throws -> [SearchHit] {
        guard uuid.count == 36 else { return [] }
        return try all("SELECT id, username, name, email FROM users WHERE uuid = ?", .text(uuid), as: Self.userHit)
    }

    // MARK: Names

    /// The better finds come first: users of exactly this name, then those whose name or address begins like this, then all who have the
    /// words. So the number of users that are looked at for the last hides none of the first.
    private func userHits(_ terms: [String], _ limit: Int, _ candidates: Int) throws -> [SearchHit] {
        let text = terms.joined(separator: " ")
        // SQLite ends texts at a zero: what follows would not count.
        guard !text.contains("\0") else { return [] }
        let ways: [() throws -> [SearchHit]] = [
            { try userHits(of: text, isWhole: true, limit) },
            { try userHits(containing: [" \(text) "], limit, candidates) },
            { try userHits(of: text, isWhole: false, limit) },
            { try userHits(containing: [" \(text)"], limit, candidates) },
            { try userHits(containing: terms, limit, candidates) },
        ]
        var hits: [SearchHit] = []
        for way in ways where hits.count < limit {
            for hit in try way() where hits.count < limit && !hits.contains(hit) { hits.append(hit) }
        }
        return hits
    }

    /// Users by user name, name or address, from indexes. Letter case counts for names alone, which are found in three spellings.
    ///
    /// - Parameter isWhole: false for users whose name or address begins with the text.
    private func userHits(of text: String, isWhole: Bool, _ limit: Int) throws -> [SearchHit] {
        let folded = text.lowercased()
        // A user's searched text begins with the user name and a blank.
        let start = isWhole ? "\(folded) " : folded
        let byUserName = try userHits(
            in: "s.text",
            from: start,
            until: isWhole ? "\(folded)!" : start.endOfRange,
            limit
        )
        let spellings = Set([text, folded, text.split(separator: " ").map(\.capitalizedFirst).joined(separator: " ")])
        let byName = try spellings.sorted().flatMap { spelling in
            try userHits(in: "u.name", from: spelling, until: isWhole ? nil : spelling.endOfRange, limit)
        }
        let byAddress = try userHits(
            in: "u.email_folded",
            from: folded,
            until: isWhole ? nil : folded.endOfRange,
            limit
        )
        return byUserName + byName + byAddress
    }

    /// - Parameter end: the first text that is too large; nil for users who have exactly the first text.
    private func userHits(in column: String, from start: String, until end: String?, _ limit: Int) throws -> [SearchHit]
    {
        let (tables, joined) =
            column.hasPrefix("s.") ? ("user_search s CROSS JOIN users u", "u.id = s.user_id AND ") : ("users u", "")
        let condition = joined + (end == nil ? "\(column) = ?" : "\(column) >= ? AND \(column) < ?")
        return try all(
            """
            SELECT u.id, u.username, u.name, u.email FROM \(tables) WHERE \(condition) ORDER BY \(column), u.id LIMIT \(limit)
            """,
            [start, end].compactMap { $0.map(SQLValue.text) },
            as: Self.userHit
        )
    }

    /// - Parameter candidates: how many users with all trigrams of the parts are looked at. PostgreSQL uses its own index of trigrams for
    ///   patterns, and needs no limit.
    private func userHits(containing parts: [String], _ limit: Int, _ candidates: Int) throws -> [SearchHit] {
        guard let trigrams = UserSearch.trigrams(of: parts) else { return [] }
        let condition = parts.map { _ in "s.text LIKE ? ESCAPE '\\'" }.joined(separator: " AND ")
        let patterns = parts.map { SQLValue.text($0.lowercased().patternOfPart) }
        guard connection.dialect == .sqlite else {
            return try all(
                """
                SELECT u.id, u.username, u.name, u.email FROM user_search s JOIN users u ON u.id = s.user_id
                WHERE \(condition) LIMIT \(limit)
                """,
                patterns,
                as: Self.userHit
            )
        }
        return try all(
            """
            SELECT u.id, u.username, u.name, u.email FROM (
                SELECT t.rowid AS id FROM user_trigrams t WHERE t.user_trigrams MATCH ? LIMIT \(candidates)
            ) AS found
            CROSS JOIN user_search s ON s.user_id = found.id CROSS JOIN users u ON u.id = found.id
            WHERE \(condition) LIMIT \(limit)
            """,
            [.text(trigrams)] + patterns,
            as: Self.userHit
        )
    }

    private static func userHit(_ row: SQLRow) throws -> SearchHit {
        let (username, name) = (try row.text("username"), try row.text("name"))
        let address = try row.text("email")
        return SearchHit(
            kind: .user,
            key: "\(try row.integer("id"))",
            name: username,
            detail: [name, address].filter { !$0.isEmpty && $0 != username }.joined(separator: ", ")
        )
    }

    private func groupHits(_ terms: [String], _ limit: Int) throws -> [SearchHit] {
        try named(terms, in: "groups", ["name"], "id, name", limit, as: Self.groupHit)
    }

    private static func groupHit(_ row: SQLRow) throws -> SearchHit {
        SearchHit(kind: .group, key: (try row.id("id") as GroupID).text, name: try row.text("name"), detail: "")
    }

    private func providerHits(_ terms: [String], _ limit: Int) throws -> [SearchHit] {
        try named(terms, in: "providers", ["name", "tenant_id", "client_id"], "id, name, tenant_id", limit) { row in
            SearchHit(
                kind: .provider,
                key: "\(try row.integer("id"))",
                name: try row.text("name"),
                detail: try row.text("tenant_id")
            )
        }
    }

    private func applicationHits(_ terms: [String], _ limit: Int) throws -> [SearchHit] {
        try named(terms, in: "applications", ["name", "slug"], "slug, name", limit) { row in
            let slug = try row.text("slug")
            return SearchHit(kind: .application, key: slug, name: try row.text("name"), detail: slug)
        }
    }

    private func mappingHits(_ terms: [String], _ limit: Int) throws -> [SearchHit] {
        try named(terms, in: "property_mappings", ["name"], "id, name", limit) { row in
            SearchHit(
                kind: .mapping,
                key: (try row.id("id") as MappingID).text,
                name: try row.text("name"),
                detail: ""
            )
        }
    }

    /// The rows of a table of which each word is a part of one of the columns, by name.
    private func named(
        _ terms: [String],
        in table: String,
        _ columns: [String],
        _ selected: String,
        _ limit: Int,
        as hit: (SQLRow) throws -> SearchHit
    ) throws -> [SearchHit] {
        let condition = terms.map { _ in
            "(" + columns.map { "\($0) LIKE ? ESCAPE '\\'" }.joined(separator: " OR ") + ")"
        }
        let arguments = terms.flatMap { term in columns.map { _ in SQLValue.text(term.patternOfPart) } }
        return try all(
            "SELECT \(selected) FROM \(table) WHERE \(condition.joined(separator: " AND ")) ORDER BY name LIMIT \(limit)",
            arguments,
            as: hit
        )
    }
}

extension Substring {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst().lowercased() }
}

extension String {
    /// What no text that begins with this one reaches in the order of bytes.
    fileprivate var endOfRange: String { self + "\u{10FFFF}" }
}

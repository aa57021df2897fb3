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
    package func search(_ terms: [String], limit: Int) throws -> [SearchHit] {
        guard !terms.isEmpty else { return [] }
        let ids = try terms.count == 1 ? idHits(terms[0].lowercased(), limit) : []
        let named =
            try providerHits(terms, limit) + applicationHits(terms, limit) + mappingHits(terms, limit)
            + userHits(terms, limit) + groupHits(terms, limit)
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

    private func userHits(_ terms: [String], _ limit: Int) throws -> [SearchHit] {
        var hits = try terms.count == 1 ? userHits(beginningWith: terms[0], limit) : []
        for hit in try userHits(containing: terms, limit) where hits.count < limit && !hits.contains(hit) {
            hits.append(hit)
        }
        return hits
    }

    private func userHits(beginningWith text: String, _ limit: Int) throws -> [SearchHit] {
        let spellings = Set([text, text.lowercased(), text.prefix(1).uppercased() + text.dropFirst().lowercased()])
        var hits: [SearchHit] = []
        for column in ["username", "name"] {
            for spelling in spellings.sorted() where hits.count < limit {
                let found = try all(
                    """
                    SELECT id, username, name, email FROM users WHERE \(column) >= ? AND \(column) < ?
                    ORDER BY \(column), id LIMIT \(limit)
                    """,
                    [.text(spelling), .text(spelling.endOfRange)],
                    as: Self.userHit
                )
                hits += found.filter { !hits.contains($0) }
            }
        }
        return Array(hits.prefix(limit))
    }

    /// How many users with all trigrams of the words are looked at.
    private static let candidates = 5_000

    private func userHits(containing terms: [String], _ limit: Int) throws -> [SearchHit] {
        guard let trigrams = UserSearch.trigrams(of: terms) else { return [] }
        let condition = terms.map { _ in "s.text LIKE ? ESCAPE '\\'" }.joined(separator: " AND ")
        return try all(
            """
            SELECT u.id, u.username, u.name, u.email FROM (
                SELECT t.rowid AS id FROM user_trigrams t WHERE t.user_trigrams MATCH ? LIMIT \(Self.candidates)
            ) AS found
            CROSS JOIN user_search s ON s.user_id = found.id CROSS JOIN users u ON u.id = found.id
            WHERE \(condition) LIMIT \(limit)
            """,
            [.text(trigrams)] + terms.map { .text($0.lowercased().patternOfPart) },
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

extension String {
    /// What no text that begins with this one reaches in the order of bytes.
    fileprivate var endOfRange: String { self + "\u{10FFFF}" }
}

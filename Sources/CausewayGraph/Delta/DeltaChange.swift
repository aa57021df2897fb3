package import CausewayJSON

/// What a delta query says of one object. The same may be said again, and in any order: apply it so that this does no harm.
package struct DeltaChange: Hashable, Sendable {
    /// How an object went.
    package enum Removal: Hashable, Sendable {
        /// Into the recycle bin: it may come back.
        case deleted
        /// For good.
        case purged
    }

    /// A member or another link of an object.
    package struct Link: Hashable, Sendable {
        package let id: String
        /// `#microsoft.graph.user` and the like, where Graph says it.
        package let type: String?
        package let isRemoved: Bool
    }

    package let id: String
    /// nil while it is there.
    package let removal: Removal?
    /// What Graph shows of it, without annotations; never all there is.
    package let properties: [String: JSONValue]
    /// Links that came or went, by relation: `members`, `manager`. Only those that are told now.
    package let links: [String: [Link]]

    /// - Throws: ``GraphFailure`` where it is no such thing.
    init(_ json: JSONValue) throws {
        guard let members = json.object, let id = json["id"]?.string, !id.isEmpty else {
            throw GraphFailure(kind: .refused, message: "Graph's delta holds something without an id.")
        }
        self.id = id
        removal = members["@removed"].map { $0["reason"] == "deleted" ? .purged : .deleted }
        properties = members.filter { $0.key != "id" && !$0.key.contains("@") }
        var links: [String: [Link]] = [:]
        for (name, value) in members where name.hasSuffix("@delta") {
            links[String(name.dropLast("@delta".count))] = try (value.array ?? []).map(Link.init)
        }
        self.links = links
    }
}

extension DeltaChange.Link {
    fileprivate init(_ json: JSONValue) throws {
        guard let id = json["id"]?.string, !id.isEmpty else {
            throw GraphFailure(kind: .refused, message: "Graph's delta holds a link without an id.")
        }
        self.init(id: id, type: json["@odata.type"]?.string, isRemoved: json["@removed"] != nil)
    }
}

/// Where the next round of a delta query begins: Graph's own link, to be kept as it is. It prints without its token.
package struct DeltaLink: Hashable, Sendable, CustomStringConvertible {
    package let url: String

    package init(url: String) { self.url = url }

    package var description: String { String(url.prefix { $0 != "?" }) }
}

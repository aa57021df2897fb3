package import CausewayJSON

/// What a delta query reports about one object. Reports may repeat and come in any order: apply them so that this does no harm.
package struct DeltaChange: Hashable, Sendable {
    /// How an object disappeared.
    package enum Removal: Hashable, Sendable {
        /// Into the recycle bin: it may be restored.
        case deleted
        /// For good.
        case purged
    }

    /// A member or another link of an object.
    package struct Link: Hashable, Sendable {
        package let id: String
        /// `#microsoft.graph.user` and the like, if Graph gives it.
        package let type: String?
        package let isRemoved: Bool
    }

    package let id: String
    /// Nil while it exists.
    package let removal: Removal?
    /// The properties that Graph shows, without annotations; never all of them.
    package let properties: [String: JSONValue]
    /// Links that were added or removed, by relation: `members`, `manager`. Only those of this report.
    package let links: [String: [Link]]

    private static let linkSuffix = "@delta"

    /// - Throws: ``GraphFailure`` if it is not such an object.
    init(_ json: JSONValue) throws {
        guard let members = json.object, let id = json["id"]?.string, !id.isEmpty else {
            throw GraphFailure(kind: .refused, message: "Graph's delta contains an object without an id.")
        }
        self.id = id
        removal = members["@removed"].map { $0["reason"] == "deleted" ? .purged : .deleted }
        var properties = [String: JSONValue](minimumCapacity: members.count)
        var links: [String: [Link]] = [:]
        for (name, value) in members where name != "id" {
            if !name.utf8.contains(UInt8(ascii: "@")) {
                properties[name] = value
            } else if name.hasSuffix(Self.linkSuffix) {
                links[String(name.dropLast(Self.linkSuffix.count))] = try (value.array ?? []).map(Link.init)
            }
        }
        (self.properties, self.links) = (properties, links)
    }
}

extension DeltaChange.Link {
    fileprivate init(_ json: JSONValue) throws {
        guard let id = json["id"]?.string, !id.isEmpty else {
            throw GraphFailure(kind: .refused, message: "Graph's delta contains a link without an id.")
        }
        self.init(id: id, type: json["@odata.type"]?.string, isRemoved: json["@removed"] != nil)
    }
}

/// Where the next round of a delta query begins: Graph's own link, to be stored as it is. It prints without its token.
package struct DeltaLink: Hashable, Sendable, CustomStringConvertible {
    package let url: String

    package init(url: String) { self.url = url }

    package var description: String { String(url.prefix { $0 != "?" }) }
}

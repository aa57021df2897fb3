package import CausewayJSON

/// What Graph says about a tenant as a whole.
package struct Organization: Hashable, Sendable {
    package let id: String
    package let displayName: String
    /// In lower case.
    package let verifiedDomains: Set<String>

    package init(id: String, displayName: String, verifiedDomains: Set<String>) {
        self.id = id
        self.displayName = displayName
        self.verifiedDomains = verifiedDomains
    }
}

extension GraphClient {
    /// The most objects a page may have.
    package static let largestPage = 999

    /// The tenant itself (`GET /organization`).
    ///
    /// - Throws: ``GraphFailure``, or `CancellationError`.
    package func organization() async throws -> Organization {
        let answer = try await send(GraphRequest(.get, "/organization?$select=id,displayName,verifiedDomains"))
        guard let entry = answer.body?["value"]?.array?.first, let id = entry["id"]?.string else {
            throw GraphFailure(
                kind: .refused,
                message:
                    "Graph's list of organizations is empty, which is impossible for a tenant; check the provider's Graph endpoint."
            )
        }
        let domains = entry["verifiedDomains"]?.array ?? []
        return Organization(
            id: id,
            displayName: entry["displayName"]?.string ?? "",
            verifiedDomains: Set(domains.compactMap { $0["name"]?.string?.lowercased() })
        )
    }

    /// Every user of the tenant with the given properties.
    package func users(select properties: [String]) -> GraphPages {
        pages(GraphRequest(.get, "/users?$top=\(Self.largestPage)&$select=\(properties.joined(separator: ","))"))
    }

    /// Every group of the tenant with the given properties.
    package func groups(select properties: [String]) -> GraphPages {
        pages(GraphRequest(.get, "/groups?$top=\(Self.largestPage)&$select=\(properties.joined(separator: ","))"))
    }

    /// The content of the recycle bin (Graph, list deletedItems).
    ///
    /// - Parameter type: `user` or `group`.
    package func deletedItems(type: String, select properties: [String]) -> GraphPages {
        let path = "/directory/deletedItems/microsoft.graph.\(type)"
        return pages(
            GraphRequest(.get, "\(path)?$top=\(Self.largestPage)&$select=\(properties.joined(separator: ","))")
        )
    }

    /// The members of a group, only their ids.
    package static func membersRequest(group id: String) -> GraphRequest {
        GraphRequest(.get, "/groups/\(id.urlEncoded)/members?$top=\(largestPage)&$select=id")
    }

    /// One object by its id, or nil if Graph says that there is none.
    ///
    /// - Throws: ``GraphFailure``, or `CancellationError`.
    package func object(_ collection: String, id: String, select properties: [String]) async throws -> JSONValue? {
        let path = "/\(collection)/\(id.urlEncoded)?$select=\(properties.joined(separator: ","))"
        do {
            let body = try await send(GraphRequest(.get, path)).body
            // Another object than the requested one is not an answer from Graph.
            guard body?["id"]?.string.map({ $0.lowercased() == id.lowercased() }) ?? true else {
                throw GraphFailure.unanswered("the answer is about another object")
            }
            return body
        } catch let failure as GraphFailure {
            guard failure.kind == .notFound else { throw failure }
            return nil
        }
    }
}

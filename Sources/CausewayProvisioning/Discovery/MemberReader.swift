import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayStore

/// Reads who is in groups, twenty groups to a request.
struct MemberReader {
    let session: SyncSession

    /// The members of each group, also kept in the store.
    func members(of groups: [EntraObjectID]) async throws -> [EntraObjectID: Set<EntraObjectID>] {
        guard !groups.isEmpty else { return [:] }
        let requests = groups.map { GraphClient.membersRequest(group: $0.rawValue) }
        var members: [EntraObjectID: Set<EntraObjectID>] = [:]
        let results = try await session.graph.send(batch: requests)
        for (group, (request, result)) in zip(groups, zip(requests, results)) {
            switch result {
            case .success(let answer): members[group] = try await all(from: answer, request)
            case .failure(let failure): throw failure
            }
        }
        let (provider, found) = (session.provider.id, members)
        try await session.store.write { transaction in
            for (group, members) in found {
                try transaction.replaceKnownMembers(of: group, with: members, provider: provider)
            }
        }
        return members
    }

    private func all(from first: GraphResponse, _ request: GraphRequest) async throws -> Set<EntraObjectID> {
        var found = Set(try Self.ids(first.body?["value"]?.array))
        guard let link = first.body?["@odata.nextLink"]?.string else { return found }
        var pages = try session.graph.pages(from: link, of: request)
        while let page = try await pages.next() { found.formUnion(try Self.ids(page)) }
        return found
    }

    private static func ids(_ values: [JSONValue]?) throws -> [EntraObjectID] {
        guard let values else { throw ProvisioningError("Graph's list of members cannot be read.") }
        return values.compactMap { $0["id"]?.string.map { EntraObjectID($0) } }
    }
}

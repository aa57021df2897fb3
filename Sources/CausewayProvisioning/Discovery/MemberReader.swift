import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayStore

/// Reads the members of groups, twenty groups to a request: of groups that no delta query has reported since they are linked, and of
/// stale ones.
struct MemberReader {
    let session: SyncSession
    /// Whether differences are external changes.
    var notesDrift = true

    /// Reads the members of each group into the mirror.
    ///
    /// - Returns: the groups that Graph does not show; they stay stale.
    @discardableResult
    func read(_ groups: [EntraObjectID]) async throws -> Set<EntraObjectID> {
        guard !groups.isEmpty else { return [] }
        let provider = session.provider.id
        let found = try await members(of: groups)
        let absent = Set(groups).subtracting(found.keys)
        if !absent.isEmpty {
            try await session.store.write { transaction in
                for group in absent {
                    try transaction.clearStaleMembers(of: group, provider: provider)
                    try transaction.markMembersStale(of: group, provider: provider)
                    try transaction.markStale(group, provider: provider)
                }
            }
        }
        for (group, members) in found {
            try await session.store.write { [consistencyWindow = session.consistencyWindow, notesDrift] transaction in
                let consistencyWindow = ConsistencyWindow(now: transaction.now, time: consistencyWindow)
                // Only now: a run that ends before this must still find the group stale. The read itself may mark another group as stale.
                try transaction.clearStaleMembers(of: group, provider: provider)
                let news = try transaction.merge(allMembers: members, of: group, provider: provider, consistencyWindow)
                guard notesDrift else { return }
                for (members, isMember) in [(news.added, true), (news.removed, false)] {
                    try transaction.recordDrift(ofMembers: members, areMembers: isMember, of: group, provider: provider)
                }
            }
        }
        return absent
    }

    /// The members of each group that Graph shows.
    func members(of groups: [EntraObjectID]) async throws -> [EntraObjectID: Set<EntraObjectID>] {
        guard !groups.isEmpty else { return [:] }
        let requests = groups.map { GraphClient.membersRequest(group: $0.rawValue).withoutWaiting }
        var members: [EntraObjectID: Set<EntraObjectID>] = [:]
        let results = try await session.graph.send(batch: requests)
        for (group, (request, result)) in zip(groups, zip(requests, results)) {
            do { members[group] = try await all(from: result.get(), request) } catch let failure as GraphFailure {
                // A group that is gone does not delay the others.
                guard failure.kind == .notFound else { throw failure }
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
        guard let values else { throw ProvisioningError("Graph's list of members is not readable.") }
        return values.compactMap { $0["id"]?.string.map { EntraObjectID($0) } }
    }
}

import Algorithms
import CausewayJSON
package import CausewayModel

extension Transaction {
    /// The known members of a group in Entra.
    package func knownMembers(of group: EntraObjectID, provider: ProviderID) throws -> Set<EntraObjectID> {
        Set(
            try all(
                "SELECT member_entra_id FROM mirror_members WHERE provider_id = ? AND group_entra_id = ? AND is_member",
                SQLValue(provider),
                SQLValue(group)
            ) { try $0.id("member_entra_id") }
        )
    }

    /// Whether a group is known to have a member in Entra.
    package func isKnownMember(_ member: EntraObjectID, of group: EntraObjectID, provider: ProviderID) throws -> Bool {
        try exists(
            """
            SELECT 1 FROM mirror_members
            WHERE provider_id = ? AND group_entra_id = ? AND member_entra_id = ? AND is_member
            """,
            SQLValue(provider),
            SQLValue(group),
            SQLValue(member)
        )
    }

    /// Whether the mirror contains all members of a linked group.
    package func knowsMembers(of group: EntraObjectID, provider: ProviderID) throws -> Bool {
        try exists(
            "SELECT 1 FROM links WHERE provider_id = ? AND entra_id = ? AND members_known",
            SQLValue(provider),
            SQLValue(group)
        )
    }

    /// Merges reported memberships into the mirror. A report that contradicts one of Causeway's recent writes is ignored, and marks
    /// the group as stale.
    ///
    /// - Parameters:
    ///   - members: whether each is a member.
    ///   - round: the reading of the whole tenant that this belongs to; 0 for none.
    /// - Returns: the external changes.
    @discardableResult
    package func merge(
        members: [EntraObjectID: Bool],
        of group: EntraObjectID,
        provider: ProviderID,
        round: Int64 = 0,
        _ consistencyWindow: ConsistencyWindow
    ) throws -> [EntraObjectID] {
        var news: [EntraObjectID] = []
        for areMembers in [true, false] {
            let reported = members.filter { $0.value == areMembers }.map(\.key)
            for page in reported.chunks(ofCount: Self.memberPage) {
                news += try merge(Array(page), of: group, areMembers, provider, round, consistencyWindow)
            }
        }
        if !news.isEmpty { try unsettle(linkedTo: group, provider: provider) }
        return news.sorted { $0.rawValue < $1.rawValue }
    }

    private static let memberPage = 512

    private func merge(
        _ page: [EntraObjectID],
        of group: EntraObjectID,
        _ areMembers: Bool,
        _ provider: ProviderID,
        _ round: Int64,
        _ consistencyWindow: ConsistencyWindow
    ) throws -> [EntraObjectID] {
        let different = try states(of: page, in: group, otherThan: areMembers, provider)
        let contradicted = Set(different.filter { consistencyWindow.isFresh($0.written) }.map(\.member))
        if !contradicted.isEmpty { try markMembersStale(of: group, provider: provider) }
        let news = different.map(\.member).filter { !contradicted.contains($0) }
        if areMembers {
            let seen = round > 0 ? page.filter { !contradicted.contains($0) } : news
            try save(seen, of: group, areMembers: true, written: nil, round, provider)
        } else {
            try forget(news, of: group, provider)
        }
        return news
    }

    /// Those of some objects that the mirror has otherwise than reported. Most reports say what is known, so nothing is read for them.
    private func states(
        of members: [EntraObjectID],
        in group: EntraObjectID,
        otherThan areMembers: Bool,
        _ provider: ProviderID
    ) throws -> [(member: EntraObjectID, written: Timestamp?)] {
        try all(
            """
            SELECT e.value AS member_entra_id, m.written_at_ms FROM \(connection.dialect.textsOfArgument)
            LEFT JOIN mirror_members m ON m.provider_id = ? AND m.group_entra_id = ? AND m.member_entra_id = e.value
            WHERE COALESCE(m.is_member, FALSE) <> ?
            """,
            .text(JSONValue(members.map(\.rawValue)).text),
            SQLValue(provider),
            SQLValue(group),
            .bool(areMembers)
        ) { (try $0.id("member_entra_id"), try $0.timestamp(orNil: "written_at_ms")) }
    }

    /// Records members that Causeway added or removed.
    package func recordWrite(
        members: [EntraObjectID],
        of group: EntraObjectID,
        areMembers: Bool,
        provider: ProviderID
    ) throws {
        try save(members, of: group, areMembers: areMembers, written: now, 0, provider)
    }

    /// - Parameters:
    ///   - members: may contain an id twice.
    ///   - written: the time of Causeway's own write; nil for a report.
    func save(
        _ members: [EntraObjectID],
        of group: EntraObjectID,
        areMembers: Bool,
        written: Timestamp?,
        _ round: Int64,
        _ provider: ProviderID
    ) throws {
        guard !members.isEmpty else { return }
        // Without the condition SQLite would take the conflict for that of a join.
        try execute(
            """
            INSERT INTO mirror_members (provider_id, group_entra_id, member_entra_id, is_member, written_at_ms,
                removed_at_ms, round)
            SELECT CAST(? AS BIGINT), CAST(? AS TEXT), e.value, \(areMembers ? "TRUE" : "FALSE"), CAST(? AS BIGINT),
                CAST(? AS BIGINT), CAST(? AS BIGINT)
            FROM \(connection.dialect.textsOfArgument) WHERE 1 = 1
            ON CONFLICT (provider_id, group_entra_id, member_entra_id) DO UPDATE SET is_member = excluded.is_member,
                written_at_ms = COALESCE(excluded.written_at_ms, mirror_members.written_at_ms),
                removed_at_ms = excluded.removed_at_ms,
                round = CASE WHEN excluded.round > mirror_members.round THEN excluded.round ELSE mirror_members.round END
            """,
            SQLValue(provider),
            SQLValue(group),
            SQLValue(written),
            SQLValue(areMembers ? nil : written),
            .integer(round),
            .text(JSONValue(Set(members).map(\.rawValue).sorted()).text)
        )
    }

    /// Deletes some members of a group.
    func forget(_ members: [EntraObjectID], of group: EntraObjectID, _ provider: ProviderID) throws {
        for member in members {
            try execute(
                "DELETE FROM mirror_members WHERE provider_id = ? AND group_entra_id = ? AND member_entra_id = ?",
                SQLValue(provider),
                SQLValue(group),
                SQLValue(member)
            )
        }
    }

    /// Merges the complete list of a group's members.
    ///
    /// - Returns: the external changes; nothing for a group whose members were not known before.
    @discardableResult
    package func merge(
        allMembers members: Set<EntraObjectID>,
        of group: EntraObjectID,
        provider: ProviderID,
        _ consistencyWindow: ConsistencyWindow
    ) throws -> (added: [EntraObjectID], removed: [EntraObjectID]) {
        let present = try knownMembers(of: group, provider: provider)
        func news(_ ids: Set<EntraObjectID>, _ isMember: Bool) throws -> [EntraObjectID] {
            try merge(
                members: Dictionary(uniqueKeysWithValues: ids.map { ($0, isMember) }),
                of: group,
                provider: provider,
                consistencyWindow
            )
        }
        let news = (
            added: try news(members.subtracting(present), true), removed: try news(present.subtracting(members), false)
        )
        let wereKnown = try knowsMembers(of: group, provider: provider)
        try execute(
            "UPDATE links SET members_known = TRUE WHERE provider_id = ? AND entra_id = ?",
            SQLValue(provider),
            SQLValue(group)
        )
        return wereKnown ? news : ([], [])
    }

    /// Records that a reading of the whole tenant reported the members of every linked group; members that were not reported are gone,
    /// except for recent writes.
    package func endMemberRound(_ round: Int64, provider: ProviderID, _ consistencyWindow: ConsistencyWindow) throws {
        try execute(
            "DELETE FROM mirror_members WHERE provider_id = ? AND round < ? AND (written_at_ms IS NULL OR written_at_ms < ?)",
            SQLValue(provider),
            .integer(round),
            SQLValue(consistencyWindow.now - consistencyWindow.time)
        )
        try execute(
            "UPDATE links SET members_known = TRUE WHERE provider_id = ? AND object_kind = 'group'",
            SQLValue(provider)
        )
    }

    /// Deletes records of Causeway's removals that every delta query reflects by now.
    package func forgetFormerMembers(removedBefore limit: Timestamp, provider: ProviderID) throws {
        try execute(
            "DELETE FROM mirror_members WHERE provider_id = ? AND removed_at_ms IS NOT NULL AND removed_at_ms < ?",
            SQLValue(provider),
            SQLValue(limit)
        )
    }

    /// Deletes, in every group, members that are gone from the tenant. Reads all memberships.
    package func forgetMembersGone(provider: ProviderID) throws {
        try execute(
            """
            DELETE FROM mirror_members WHERE provider_id = ? AND member_entra_id IN (
                SELECT entra_id FROM mirror_objects WHERE provider_id = ? AND deleted_at_ms IS NOT NULL)
            """,
            SQLValue(provider),
            SQLValue(provider)
        )
    }

    /// Deletes the members of a group that is gone, or no longer linked.
    package func forgetMembers(of group: EntraObjectID, provider: ProviderID) throws {
        try execute(
            "DELETE FROM mirror_members WHERE provider_id = ? AND group_entra_id = ?",
            SQLValue(provider),
            SQLValue(group)
        )
    }
}

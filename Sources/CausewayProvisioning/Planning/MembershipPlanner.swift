import CausewayModel
import CausewayStore

/// Plans the members of every group in scope: those of a new group travel in its creation as far as they fit.
struct MembershipPlanner {
    let draft: PlanDraft
    let creations: [GroupID: GroupCreation]

    /// Groups looked at in one go.
    private static let pageSize = 100

    /// A group with what the directory says of its members.
    private struct Wanted: Sendable {
        let group: Group
        /// The group's own Entra id, where it has one.
        let entraID: EntraObjectID?
        let members: [(member: ObjectReference, entraID: EntraObjectID?)]
    }

    func run() async throws {
        let provider = draft.session.provider
        let (total, nesting) = try await draft.session.store.read { transaction in
            (
                try transaction.scopeCount(of: provider, kind: .group),
                provider.nestedGroups == .keep ? try transaction.groupNesting() : []
            )
        }
        let levels = GroupLevels(nesting: nesting)
        var last: GroupID?
        var done = 0
        while true {
            let page = try await self.page(after: last)
            guard let end = page.last else { return }
            try await plan(page, levels)
            last = end.group.id
            done += page.count
            draft.session.progress(SyncProgress(.planningMembers, done: done, total: total))
        }
    }

    private func page(after last: GroupID?) async throws -> [Wanted] {
        let provider = draft.session.provider
        return try await draft.session.store.read { transaction in
            try transaction.groupsInScope(of: provider, after: last, limit: Self.pageSize).map { group in
                Wanted(
                    group: group,
                    entraID: try transaction.connection(of: ObjectReference(group.id), provider: provider.id)?.entraID,
                    members: try transaction.desiredMembers(
                        of: group.id,
                        provider: provider.id,
                        flattened: provider.nestedGroups == .flatten
                    )
                )
            }
        }
    }

    private func plan(_ page: [Wanted], _ levels: GroupLevels) async throws {
        let existing = page.filter { creations[$0.group.id] == nil }.compactMap { wanted in
            entraID(of: ObjectReference(wanted.group.id), stored: wanted.entraID)
        }
        let members = try await MemberReader(session: draft.session).members(of: existing)
        for wanted in page {
            let object = ObjectReference(wanted.group.id)
            if let creation = creations[wanted.group.id] {
                try await draft.write(actions(creating: wanted, creation, level: levels[wanted.group.id]))
            } else if let id = entraID(of: object, stored: wanted.entraID), let known = members[id] {
                try await draft.write(try await actions(changing: wanted, at: id, known: known))
            }
        }
    }

    /// The Entra id that an object has, or that this plan gives it by a link; nil while it is to be created.
    private func entraID(of object: ObjectReference, stored: EntraObjectID?) -> EntraObjectID? {
        draft.found[object] ?? stored.flatMap { draft.vanished.contains($0) ? nil : $0 }
    }

    private func actions(creating wanted: Wanted, _ creation: GroupCreation, level: Int) -> [Action] {
        let members = wanted.members.map(\.member).filter(draft.present.contains).map(MemberReference.local)
        let first = Array(members.prefix(GroupPlan.membersPerRequest))
        let group = GroupPlan(types: draft.session.types).creation(
            of: wanted.group,
            desired: creation.desired,
            members: first,
            level: level,
            reason: creation.reason
        )
        let rest = MembershipPlan(group: wanted.group, policy: draft.session.provider.driftPolicy)
            .additions(of: Array(members.dropFirst(first.count)), at: nil)
        return [group] + rest
    }

    private func actions(
        changing wanted: Wanted,
        at entraID: EntraObjectID,
        known: Set<EntraObjectID>
    ) async throws -> [Action] {
        let plan = MembershipPlan(group: wanted.group, policy: draft.session.provider.driftPolicy)
        var extra = known
        var missing: [MemberReference] = []
        for (member, stored) in wanted.members {
            let id = self.entraID(of: member, stored: stored)
            // Whoever is a member here and not, or no longer, in scope is left as it is: its own end is planned elsewhere.
            if let id, extra.remove(id) != nil { continue }
            if draft.present.contains(member), id.map({ !known.contains($0) }) ?? true {
                missing.append(.local(member))
            }
        }
        return plan.additions(of: missing, at: entraID)
            + plan.removals(of: extra, at: entraID, isOurs: try await linked(extra))
    }

    /// Which of some Entra objects are linked to objects of the directory.
    private func linked(_ ids: Set<EntraObjectID>) async throws -> (EntraObjectID) -> Bool {
        guard !ids.isEmpty else { return { _ in false } }
        let provider = draft.session.provider.id
        let stored = try await draft.session.store.read { transaction in
            try ids.filter { try transaction.connection(to: $0, provider: provider) != nil }
        }
        let ours = stored.union(draft.found.values)
        return { ours.contains($0) }
    }
}

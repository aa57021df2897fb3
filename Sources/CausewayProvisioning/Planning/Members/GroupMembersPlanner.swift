import CausewayModel
import CausewayStore

/// Plans the members of one group.
struct GroupMembersPlanner {
    let context: PlanningContext
    let builder: PlanBuilder
    let target: MemberTarget
    /// The external changes of the group's members.
    let drift: MemberDrift

    // MARK: A group without an Entra object

    /// Writes the creation of a group with as many members as fit into it, and the others after it.
    func create(_ creation: GroupCreation, level: Int) async throws {
        var batches = MemberBatches(group: target.group, entraID: nil)
        var isPlanned = false
        func write(_ members: [MemberReference]) async throws {
            var rest = members[...]
            if !isPlanned {
                isPlanned = true
                let first = Array(rest.prefix(GroupPlan.membersPerRequest))
                rest = rest.dropFirst(first.count)
                try await builder.write([action(creation, first, level)])
            }
            try await builder.write(batches.add(Array(rest)))
        }
        try await missing { try await write($0) }
        if !isPlanned { try await write([]) }
        try await builder.write(batches.finish())
    }

    private func action(_ creation: GroupCreation, _ members: [MemberReference], _ level: Int) -> Action {
        GroupPlan(types: context.types).creation(
            of: target.group,
            desired: creation.desired,
            members: members,
            level: level,
            reason: creation.reason
        )
    }

    // MARK: A group with one

    /// Plans what differs.
    ///
    /// - Parameter isAlike: whether the group is known to have its members.
    func change(at entraID: EntraObjectID, refusals: [Refusal], isAlike: Bool) async throws {
        let refused = RefusedMembers(refusals, of: target.known)
        if !isAlike { try await change(at: entraID, refused) }
        // Members that were refused before get one line per group.
        if let outcome = refused.outcome { try await builder.write(target.line(.refused), outcome) }
        if target.members == .all {
            builder.record(refused.unmet.map { ObsoleteRefusal(entraID: entraID, part: $0) })
            drift.finish()
        }
        builder.record(drift.updates)
    }

    /// Plans what differs, unless the members of the group cannot be written.
    private func change(at entraID: EntraObjectID, _ refused: RefusedMembers) async throws {
        let blockingReason = Writability.blockingReasonForMembers(of: target.known)
        guard blockingReason != nil || refused.all != nil else {
            try await add(sparing: refused)
            return try await remove(at: entraID, sparing: refused)
        }
        guard try await differs(at: entraID) else { return }
        if let blockingReason {
            let outcome = Outcome(.skipped, message: blockingReason, attribute: "members")
            try await builder.write(target.line(.membersManagedElsewhere), outcome)
        } else if let refusal = refused.meetAll() {
            try await builder.write(target.line(.refused), refusal.outcome)
        }
    }

    /// Whether a member is missing or extra.
    private func differs(at entraID: EntraObjectID) async throws -> Bool {
        var differs = false
        try await missing { _ in differs = true }
        if !differs { try await extra(at: entraID) { _ in differs = true } }
        return differs
    }

    /// Adds missing members.
    ///
    /// - Parameter refused: members that are not sent again.
    func add(sparing refused: RefusedMembers? = nil) async throws {
        var batches = MemberBatches(group: target.group, entraID: target.entraID)
        try await missing(sparing: refused) { try await builder.write(batches.add($0)) }
        try await builder.write(batches.finish())
    }

    private func remove(at entraID: EntraObjectID, sparing refused: RefusedMembers) async throws {
        let plan = MembershipPlan(group: target.group, entraID: entraID)
        try await extra(at: entraID) { members in
            let wanted = members.filter { !refused.meet(.formerMember($0.entraID)) }
            try await builder.write(plan.removals(of: wanted, asksFirst: target.asksFirst))
        }
    }

    // MARK: Differences

    private var difference: MemberDifference {
        MemberDifference(context: context, links: builder.links, target: target)
    }

    /// Reads the members to add, page by page.
    private func missing(
        sparing refused: RefusedMembers? = nil,
        _ body: ([MemberReference]) async throws -> Void
    ) async throws {
        func isRefused(_ missing: MissingMember) -> Bool {
            missing.entraID.map { refused?.meet(.member($0)) ?? false } ?? false
        }
        try await difference.missing { members in
            let wanted = members.filter { drift.isToBeAdded($0) && !isRefused($0) }
            if !wanted.isEmpty { try await body(wanted.map { .local($0.member) }) }
        }
    }

    /// Reads the members to remove, page by page.
    private func extra(at entraID: EntraObjectID, _ body: ([ExtraMember]) async throws -> Void) async throws {
        try await difference.extra(at: entraID) { members in
            let wanted = members.filter(drift.isToBeRemoved)
            if !wanted.isEmpty { try await body(wanted) }
        }
    }
}

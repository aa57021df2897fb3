import CausewayModel
import CausewayStore

/// The difference between a group's members in the tenant and in the directory. The database computes it, and it is read in
/// pages, however large the group is.
struct MemberDifference: Sendable {
    let context: PlanningContext
    let links: PlannedLinks
    let target: MemberTarget

    /// Differences read at a time.
    private static let pageSize = 2000

    // MARK: Missing

    /// Reads missing members, except those that have no Entra object and get none by this plan.
    ///
    /// - Parameter body: receives a page of them; it may be empty.
    func missing(_ body: ([MissingMember]) async throws -> Void) async throws {
        try await missingUsers(body)
        guard target.members.includesGroups else { return }
        let nested = try await context.store.read { transaction in
            try transaction.missingGroups(in: target.group.id, at: target.entraID, provider: context.provider)
                .filter { try isMissing($0, in: transaction) }
        }
        try await body(nested)
    }

    private func missingUsers(_ body: ([MissingMember]) async throws -> Void) async throws {
        var last: UserID?
        while true {
            let (page, missing) = try await context.store.read { [last] transaction in
                let page = try transaction.missingUsers(
                    in: target.group.id,
                    at: target.entraID,
                    provider: context.provider,
                    among: target.members.users,
                    after: last,
                    limit: Self.pageSize
                )
                return (page, try page.filter { try isMissing($0, in: transaction) })
            }
            try await body(missing)
            guard page.count == Self.pageSize, let end = page.last?.member.user else { return }
            last = end
        }
    }

    /// An object that gets a link may be a member already: then only the plan knows which Entra object that is.
    private func isMissing(_ missing: MissingMember, in transaction: Transaction) throws -> Bool {
        if missing.entraID != nil { return true }
        guard links.objects.contains(missing.member) else { return false }
        guard let group = target.entraID, let member = links.found[missing.member] else { return true }
        return try !transaction.isKnownMember(member, of: group, provider: context.provider.id)
    }

    // MARK: Extra

    /// Reads extra members.
    ///
    /// - Parameter body: receives a page of them; it may be empty.
    func extra(at entraID: EntraObjectID, _ body: ([ExtraMember]) async throws -> Void) async throws {
        let some = try await context.store.read { transaction in
            try target.members.entraIDs(restored: links.restored, provider: context.provider.id, in: transaction)
        }
        var last: EntraObjectID?
        while true {
            let (page, extra) = try await context.store.read { [last] transaction in
                let page = try transaction.extraMembers(
                    of: target.group.id,
                    at: entraID,
                    provider: context.provider,
                    among: some,
                    after: last,
                    limit: Self.pageSize
                )
                return (page, try page.filter { try isVisible($0) && !isNewlyLinkedMember($0, in: transaction) })
            }
            try await body(extra)
            guard page.count == Self.pageSize, let end = page.last, some == nil else { return }
            last = end.entraID
        }
    }

    /// Graph takes no member away that is in the recycle bin, and shows the membership again when the member is restored.
    private func isVisible(_ extra: ExtraMember) -> Bool { !extra.isDeleted || links.restored[extra.entraID] != nil }

    /// An account that this plan links counts as its user already.
    private func isNewlyLinkedMember(_ extra: ExtraMember, in transaction: Transaction) throws -> Bool {
        guard let owner = links.owners[extra.entraID] else { return false }
        return try transaction.isMember(owner, of: target.group.id, provider: context.provider)
    }
}

extension MemberSelection {
    /// The users among them; nil for all.
    fileprivate var users: [UserID]? {
        guard case .only(let members) = self else { return nil }
        return members.compactMap(\.user)
    }

    /// Whether groups may be among them.
    fileprivate var includesGroups: Bool {
        guard case .only(let members) = self else { return true }
        return members.contains { $0.kind == .group }
    }

    /// Their Entra ids; nil for all, also if one of them is no longer linked, since its id is then unknown.
    ///
    /// - Parameter restored: objects that get their Entra object back.
    fileprivate func entraIDs(
        restored: [EntraObjectID: ObjectReference],
        provider: ProviderID,
        in transaction: Transaction
    ) throws -> [EntraObjectID]? {
        guard case .only(let members) = self else { return nil }
        let ids = try transaction.entraIDs(of: Array(members), provider: provider)
        for member in members where ids[member] == nil {
            guard try transaction.exists(member) else { return nil }
        }
        return Array(Set(ids.values).union(restored.filter { members.contains($0.value) }.keys))
    }
}

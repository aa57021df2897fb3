import CausewayJSON
import CausewayModel
import CausewayStore

/// Plans the members of groups in scope: those of a new group travel in its creation as far as they fit. Differences are taken
/// in the database and read in pages, however large a group is.
struct MembershipPlanner {
    let draft: PlanDraft
    let creations: [GroupID: GroupCreation]

    /// Groups looked at in one go, and differences of a group read in one go.
    private static let groupPage = 100
    private static let memberPage = 2000
    /// How many readers of the database count members side by side.
    private static let readers = 2

    /// A group whose members are looked at.
    private struct Target: Sendable {
        let group: Group
        /// Its Entra id, where it has one or is given one by this plan.
        let entraID: EntraObjectID?
        /// Whether the Entra group was there before the link, and nobody has decided yet on what that takes away.
        let asksFirst: Bool
        let members: MemberSelection
        /// What the Entra object is known to be.
        let known: [String: JSONValue]
    }

    func run() async throws {
        let (provider, selection) = (draft.session.provider, try await selection())
        if let selection {
            let unjudged = Set(selection.keys).subtracting(draft.selection.groups ?? [])
            try await GroupPlanner(draft: draft).lookForSkipped(among: unjudged)
        }
        let ordersGroups = provider.nestedGroups == .keep && !creations.isEmpty
        let (total, nesting) = try await draft.session.store.read { transaction in
            (
                try selection?.count ?? transaction.scopeCount(of: provider, kind: .group),
                ordersGroups ? try transaction.groupNesting() : []
            )
        }
        let levels = GroupLevels(nesting: nesting)
        var last: GroupID?
        var done = 0
        while true {
            let page = try await page(selection, after: last)
            guard let end = page.last else { return }
            try await plan(page, levels)
            last = end.group.id
            done += page.count
            draft.session.progress(SyncProgress(.planningMembers, done: done, total: total))
        }
    }

    /// Which members of which groups are looked at; nil for all: those that changed, the groups of whoever arrives or was out of
    /// scope when they joined them, and groups that are no longer left alone.
    private func selection() async throws -> [GroupID: MemberSelection]? {
        guard case .changes(var changed) = draft.selection else { return nil }
        let (arriving, provider) = (draft.arriving, draft.session.provider)
        let isFlat = provider.nestedGroups == .flatten
        for group in creations.keys { changed.addMember(nil, of: group) }
        for group in draft.skipped.returning.keys.compactMap(\.group) { changed.addMember(nil, of: group) }
        return try await draft.session.store.read { [changed] transaction in
            var changed = changed
            for user in changed.users {
                for group in try transaction.groupsWithout(user, provider: provider) {
                    changed.addMember(ObjectReference(user), of: group)
                }
            }
            for object in arriving {
                if let group = object.group { changed.addMember(nil, of: group) }
                let direct =
                    try object.user.map(transaction.groups(of:)) ?? object.group.map(transaction.parents(of:)) ?? []
                for group in direct {
                    changed.addMember(object, of: group)
                    guard isFlat else { continue }
                    for outer in try transaction.ancestors(of: group) { changed.addMember(object, of: outer) }
                }
            }
            return changed.members
        }
    }

    private func page(_ selection: [GroupID: MemberSelection]?, after last: GroupID?) async throws -> [Target] {
        let (provider, found, asking) = (draft.session.provider, draft.found, draft.asking)
        let some = selection.map { Set($0.keys) }
        if some?.isEmpty == true { return [] }
        return try await draft.session.store.read { transaction in
            let groups = try transaction.groupsInScope(of: provider, among: some, after: last, limit: Self.groupPage)
            let links = try transaction.connections(of: groups.map(\.id), provider: provider.id)
            return try groups.map { group in
                let object = ObjectReference(group.id)
                let link = links[group.id]
                let present = link?.presence == .present ? link : nil
                let known = try found[object].map {
                    try transaction.mirrorObject($0, provider: provider.id)?.known ?? [:]
                }
                return Target(
                    group: group,
                    entraID: found[object] ?? present?.entraID,
                    asksFirst: found[object] == nil ? link?.asksFirst == true : asking.contains(object),
                    members: selection?[group.id] ?? .all,
                    known: known ?? present?.known ?? [:]
                )
            }
        }
    }

    private func plan(_ page: [Target], _ levels: GroupLevels) async throws {
        let page = page.filter { !draft.skipped.contains(ObjectReference($0.group.id)) }
        let known = page.filter { creations[$0.group.id] == nil }
        let absent = try await readMembers(of: known.compactMap(\.entraID))
        let drifts = try await draft.standingDrift(of: known.compactMap(\.entraID))
        let alike = try await alike(known)
        let refusals = try await draft.refusals(of: known.compactMap(\.entraID))
        for target in page {
            if let entraID = target.entraID, absent.contains(entraID) {
                try await draft.write(Self.putOff(target.group, at: entraID))
                continue
            }
            let drift = MemberDrift(
                policy: draft.session.provider.driftPolicy,
                drifts: target.entraID.flatMap { drifts[$0] } ?? []
            )
            if let creation = creations[target.group.id] {
                try await create(target, creation, drift, level: levels[target.group.id] + draft.groupSteps)
            } else if let entraID = target.entraID {
                let refused = RefusedMembers(refusals[entraID] ?? [], of: target.known)
                if !alike.contains(target.group.id) {
                    try await change(target, at: entraID, drift, refused)
                }
                try await settle(refused, of: target, at: entraID)
                if target.members == .all { drift.finish() }
                draft.settle(drift.verdicts)
            } else if draft.arriving.contains(ObjectReference(target.group.id)) {
                // On its way back from the recycle bin.
                try await add(to: target, drift)
            }
        }
    }

    /// Nothing can be said of the members of a group that Graph does not show.
    private static func putOff(_ group: Group, at entraID: EntraObjectID) -> Proposal {
        var proposal = Proposal()
        let action = Action(
            phase: .memberships,
            verb: .skip,
            kind: .group,
            object: ObjectReference(group.id),
            name: group.name,
            entraID: entraID,
            reason: .vanishedFromEntra
        )
        proposal.add(StoredAction(action: action, outcome: .notShown))
        return proposal
    }

    /// The groups, of those that are looked at whole, that are known to have their members: most of them, as a rule.
    private func alike(_ page: [Target]) async throws -> Set<GroupID> {
        let (store, provider) = (draft.session.store, draft.session.provider)
        let whole = page.filter { $0.members == .all }
        let size = Self.groupPage / Self.readers
        return try await withThrowingTaskGroup(of: Set<GroupID>.self) { tasks in
            for start in stride(from: 0, to: whole.count, by: size) {
                let part = whole[start..<min(start + size, whole.count)]
                tasks.addTask { try await Self.alike(part, provider, store) }
            }
            return try await tasks.reduce(into: []) { $0.formUnion($1) }
        }
    }

    private static func alike(_ targets: ArraySlice<Target>, _ provider: EntraProvider, _ store: Store) async throws
        -> Set<GroupID>
    {
        let linked = targets.compactMap { target in target.entraID.map { (target.group.id, $0) } }
        return try await store.read { transaction in
            try transaction.groupsKnownToHaveTheirMembers(
                Dictionary(linked, uniquingKeysWith: { $1 }),
                provider: provider
            )
        }
    }

    /// - Returns: the groups that Graph does not show.
    private func readMembers(of groups: [EntraObjectID]) async throws -> Set<EntraObjectID> {
        let (provider, settling, linked) = (draft.session.provider.id, draft.session.settling, draft.owners)
        let wanted = try await draft.session.store.read { transaction in
            try transaction.groupsToReread(
                among: groups.filter { linked[$0] == nil },
                doubtedBefore: transaction.now - settling,
                provider: provider
            )
        }
        return try await MemberReader(session: draft.session).learn(wanted + groups.filter { linked[$0] != nil })
    }

    private func create(_ target: Target, _ creation: GroupCreation, _ drift: MemberDrift, level: Int) async throws {
        var bundles = MemberBundles(group: target.group, entraID: nil)
        var isPlanned = false
        func write(_ members: ArraySlice<MemberReference>) async throws {
            var rest = members
            if !isPlanned {
                isPlanned = true
                let first = Array(rest.prefix(GroupPlan.membersPerRequest))
                rest = rest.dropFirst(first.count)
                let plan = GroupPlan(types: draft.session.types)
                try await draft.write([
                    plan.creation(
                        of: target.group,
                        desired: creation.desired,
                        members: first,
                        level: level,
                        reason: creation.reason
                    )
                ])
            }
            try await draft.write(bundles.add(Array(rest)))
        }
        try await missing(from: target, drift) { try await write($0[...]) }
        if !isPlanned { try await write([]) }
        try await draft.write(bundles.finish())
    }

    /// Plans what differs, unless nobody may write the members of the group.
    private func change(
        _ target: Target,
        at entraID: EntraObjectID,
        _ drift: MemberDrift,
        _ refused: RefusedMembers
    ) async throws {
        let objection = Writability.objectionToMembers(of: target.known)
        guard objection != nil || refused.all != nil else {
            try await add(to: target, drift, refused)
            return try await remove(from: target, at: entraID, drift, refused)
        }
        guard try await differs(target, at: entraID, drift) else { return }
        if let objection {
            let outcome = Outcome(.skipped, message: objection, attribute: "members")
            try await draft.write(line(of: target, .membersNotOurs), outcome)
        } else if let refusal = refused.meetAll() {
            try await draft.write(line(of: target, .refused), refusal.outcome)
        }
    }

    /// Whether anybody is missing or too many.
    private func differs(_ target: Target, at entraID: EntraObjectID, _ drift: MemberDrift) async throws -> Bool {
        var differs = false
        try await missing(from: target, drift) { _ in differs = true }
        if !differs { try await extra(of: target, at: entraID, drift) { _ in differs = true } }
        return differs
    }

    /// Says of members that were refused before, in one line a group, and forgets what nobody wants any more.
    private func settle(_ refused: RefusedMembers, of target: Target, at entraID: EntraObjectID) async throws {
        if let outcome = refused.outcome { try await draft.write(line(of: target, .refused), outcome) }
        guard target.members == .all else { return }
        draft.forget(refused.unmet.map { ObsoleteRefusal(entraID: entraID, part: $0) })
    }

    private func line(of target: Target, _ reason: ActionReason) -> Action {
        MembershipPlan(group: target.group, entraID: target.entraID).action(.skip, reason, [])
    }

    private func add(to target: Target, _ drift: MemberDrift, _ refused: RefusedMembers? = nil) async throws {
        var bundles = MemberBundles(group: target.group, entraID: target.entraID)
        try await missing(from: target, drift, refused) { try await draft.write(bundles.add($0)) }
        try await draft.write(bundles.finish())
    }

    /// Reads whoever is missing, page by page, those aside who have no Entra object and get none by this plan.
    private func missing(
        from target: Target,
        _ drift: MemberDrift,
        _ refused: RefusedMembers? = nil,
        _ body: ([MemberReference]) async throws -> Void
    ) async throws {
        func isWanted(_ missing: MissingMember) -> Bool {
            drift.isToBeAdded(missing) && !(missing.entraID.map { refused?.meet(.member($0)) ?? false } ?? false)
        }
        let (provider, arriving, found) = (draft.session.provider, draft.arriving, draft.found)
        let (group, entraID) = (target.group.id, target.entraID)
        let users = target.members.users
        var last: UserID?
        // Whoever arrives may be a member already: then only the plan knows which Entra object that is.
        @Sendable func isMissing(_ missing: MissingMember, _ transaction: Transaction) throws -> Bool {
            if missing.entraID != nil { return true }
            guard arriving.contains(missing.member) else { return false }
            guard let entraID, let id = found[missing.member] else { return true }
            return try !transaction.isKnownMember(id, of: entraID, provider: provider.id)
        }
        while true {
            let (page, found) = try await draft.session.store.read { [last] transaction in
                let page = try transaction.missingUsers(
                    in: group,
                    at: entraID,
                    provider: provider,
                    among: users,
                    after: last,
                    limit: Self.memberPage
                )
                return (page, try page.filter { try isMissing($0, transaction) })
            }
            let wanted = found.filter(isWanted).map { MemberReference.local($0.member) }
            if !wanted.isEmpty { try await body(wanted) }
            guard page.count == Self.memberPage, let end = page.last?.member.user else { break }
            last = end
        }
        guard target.members.includesGroups else { return }
        let nested = try await draft.session.store.read { transaction in
            try transaction.missingGroups(in: group, at: entraID, provider: provider)
                .filter { try isMissing($0, transaction) }
        }
        let wanted = nested.filter(isWanted).map { MemberReference.local($0.member) }
        if !wanted.isEmpty { try await body(wanted) }
    }

    private func remove(
        from target: Target,
        at entraID: EntraObjectID,
        _ drift: MemberDrift,
        _ refused: RefusedMembers
    ) async throws {
        let plan = MembershipPlan(group: target.group, entraID: entraID)
        try await extra(of: target, at: entraID, drift) { members in
            let wanted = members.filter { !refused.meet(.formerMember($0.entraID)) }
            try await draft.write(plan.removals(of: wanted, asksFirst: target.asksFirst))
        }
    }

    /// Reads who is too many, page by page.
    private func extra(
        of target: Target,
        at entraID: EntraObjectID,
        _ drift: MemberDrift,
        _ body: ([ExtraMember]) async throws -> Void
    ) async throws {
        let (provider, group, owners) = (draft.session.provider, target.group.id, draft.owners)
        let some = try await draft.session.store.read { transaction in
            try target.members.entraIDs(provider: provider.id, in: transaction)
        }
        var last: EntraObjectID?
        while true {
            let (page, extra) = try await draft.session.store.read { [last] transaction in
                let page = try transaction.extraMembers(
                    of: group,
                    at: entraID,
                    provider: provider,
                    among: some,
                    after: last,
                    limit: Self.memberPage
                )
                // An account that this plan links counts as its person already.
                let extra = try page.filter { member in
                    try
                        !(owners[member.entraID].map {
                            try transaction.isMember($0, of: group, provider: provider)
                        } ?? false)
                }
                return (page, extra)
            }
            let wanted = extra.filter(drift.isToBeRemoved)
            if !wanted.isEmpty { try await body(wanted) }
            guard page.count == Self.memberPage, let end = page.last, some == nil else { return }
            last = end.entraID
        }
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

    /// Their Entra ids; nil for all, also where one of them is no longer linked, since then nobody knows which it is.
    fileprivate func entraIDs(provider: ProviderID, in transaction: Transaction) throws -> [EntraObjectID]? {
        guard case .only(let members) = self else { return nil }
        let ids = try transaction.entraIDs(of: Array(members), provider: provider)
        for member in members where ids[member] == nil {
            guard try transaction.exists(member) else { return nil }
        }
        return Array(ids.values)
    }
}

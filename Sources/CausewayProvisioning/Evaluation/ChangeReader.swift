import CausewayModel
import CausewayStore

/// What a provider has to do because of the journal and of earlier failures.
struct PendingChanges: Sendable {
    let selection: PlanSelection
    /// The entry of the journal that the provider had covered.
    let position: Int64
    /// The last entry of the journal that it covers.
    let journalEnd: Int64
}

/// Turns entries of the journal into a selection: each object once, however often it changed.
struct ChangeReader {
    let provider: EntraProvider
    /// Whether user mappings look at groups, so that a membership may change a user.
    let asksForGroups: Bool
    /// Above this many entries or objects a full sync is cheaper.
    var most = 5000

    /// How many objects that wait for a value are planned with every change.
    private static let mostWaiting = 100

    /// - Returns: nil if there is nothing to do, or if the first full sync is still to come.
    func read(_ transaction: Transaction) throws -> PendingChanges? {
        guard let position = try transaction.journalPosition(of: provider.id) else { return nil }
        let journal = try changes(after: position, transaction)
        guard var changed = journal.objects else {
            return PendingChanges(selection: .everything, position: position, journalEnd: journal.end)
        }
        let retries = try transaction.retries(of: provider.id, dueBy: transaction.now, limit: most)
        for retry in retries {
            if let object = retry.object { changed.add(object) } else { changed.includesDeleted = true }
        }
        if changed.count > 0 || !retries.isEmpty {
            let waiting = try transaction.objectsWaitingForValues(of: provider.id, limit: Self.mostWaiting)
            for object in waiting { changed.add(object) }
        }
        guard changed.count > 0 || !retries.isEmpty || journal.end > position else { return nil }
        return PendingChanges(selection: .changes(changed), position: position, journalEnd: journal.end)
    }

    /// The objects that the journal names after a position, with those that see them.
    ///
    /// - Returns: no objects if everything must be planned; and the last entry that they cover.
    func changes(after position: Int64, _ transaction: Transaction) throws -> (objects: ChangedObjects?, end: Int64) {
        let entries = try transaction.journal(after: position, limit: most)
        guard entries.count < most else { return (nil, try transaction.journalEnd()) }
        let end = entries.last?.sequence ?? position
        var changed = ChangedObjects()
        let isNestingChanged = entries.contains { $0.change == .members && $0.member?.user == nil }
        for entry in entries {
            guard try add(entry, to: &changed, isNestingChanged, transaction), changed.count < most else {
                return (nil, end)
            }
        }
        // A membership decides whether someone only administers Causeway.
        let joined = entries.filter { $0.change == .members }.compactMap { $0.member?.user }
        changed.users.formUnion(try transaction.usersWithoutDetails(among: Set(joined)))
        return (changed, end)
    }

    /// - Parameter isNestingChanged: whether groups have joined or left others: what was in scope before cannot be told from the
    ///   present nesting.
    /// - Returns: false if everything must be planned.
    private func add(
        _ entry: JournalEntry,
        to changed: inout ChangedObjects,
        _ isNestingChanged: Bool,
        _ transaction: Transaction
    ) throws -> Bool {
        if let user = entry.object.user {
            changed.users.insert(user)
            return true
        }
        guard let group = entry.object.group else { return true }
        switch entry.change {
        case .created:
            changed.groups.insert(group)
            return true
        case .updated: return try addGroup(group, to: &changed, transaction)
        case .deleted:
            changed.groups.insert(group)
            // Whom its mappings saw in it is no longer known.
            return !asksForGroups
        case .members:
            return try addMembership(of: group, entry.member, to: &changed, isNestingChanged, transaction)
        }
    }

    /// A group whose attributes changed: its members and the groups in it may see them, and it may make its members administrators.
    private func addGroup(
        _ group: GroupID,
        to changed: inout ChangedObjects,
        _ transaction: Transaction
    ) throws -> Bool {
        changed.groups.insert(group)
        changed.groups.formUnion(try transaction.children(of: group))
        changed.users.formUnion(try transaction.membersWithoutDetails(of: group))
        return try !asksForGroups || addUsers(inside: group, to: &changed, transaction)
    }

    /// - Returns: false if they are too many.
    private func addUsers(
        inside group: GroupID,
        to changed: inout ChangedObjects,
        _ transaction: Transaction
    ) throws -> Bool {
        changed.users.formUnion(try transaction.users(inside: group, limit: most))
        return changed.count < most
    }

    private func addMembership(
        of group: GroupID,
        _ member: ObjectReference?,
        to changed: inout ChangedObjects,
        _ isNestingChanged: Bool,
        _ transaction: Transaction
    ) throws -> Bool {
        let isFlat = provider.nestedGroups == .flatten
        let outer = isFlat || provider.filterGroupRecursive ? try transaction.ancestors(of: group) : []
        let isFilter =
            provider.filterGroup == group
            || (provider.filterGroupRecursive
                && provider.filterGroup.map { isNestingChanged || outer.contains($0) } ?? false)
        if let user = member?.user {
            changed.addMember(member, of: group)
            if isFlat { for group in outer { changed.addMember(member, of: group) } }
            if isFilter || asksForGroups { changed.users.insert(user) }
            return true
        }
        // A group, or an unknown object: it may affect many members.
        changed.addMember(isFlat ? nil : member, of: group)
        if isFlat { for group in outer { changed.addMember(nil, of: group) } }
        guard let inner = member?.group else { return !isFilter && !asksForGroups }
        // Its mappings see the groups that it is in.
        changed.groups.insert(inner)
        guard isFilter || asksForGroups else { return true }
        // Users who have left it since have an entry of their own.
        return try transaction.group(inner) != nil && addUsers(inside: inner, to: &changed, transaction)
    }
}

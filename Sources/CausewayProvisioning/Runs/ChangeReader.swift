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
        let entries = try transaction.journal(after: position, limit: most)
        guard entries.count < most else {
            return PendingChanges(selection: .everything, position: position, journalEnd: try transaction.journalEnd())
        }
        let end = entries.last?.sequence ?? position
        var changed = ChangedObjects()
        for entry in entries {
            guard try add(entry, to: &changed, transaction), changed.count < most else {
                return PendingChanges(selection: .everything, position: position, journalEnd: end)
            }
        }
        let retries = try transaction.retries(of: provider.id, dueBy: transaction.now, limit: most)
        for retry in retries {
            if retry.object == nil { changed.includesDeleted = true }
            try add(retry.object, to: &changed)
        }
        if changed.count > 0 || !retries.isEmpty {
            let waiting = try transaction.objectsWaitingForValues(of: provider.id, limit: Self.mostWaiting)
            for object in waiting { try add(object, to: &changed) }
        }
        guard changed.count > 0 || !retries.isEmpty || end > position else { return nil }
        return PendingChanges(selection: .changes(changed), position: position, journalEnd: end)
    }

    private func add(_ object: ObjectReference?, to changed: inout ChangedObjects) throws {
        if let user = object?.user { changed.users.insert(user) }
        guard let group = object?.group else { return }
        changed.groups.insert(group)
        changed.addMember(nil, of: group)
    }

    /// - Returns: false if everything must be planned.
    private func add(_ entry: JournalEntry, to changed: inout ChangedObjects, _ transaction: Transaction) throws -> Bool
    {
        if let user = entry.object.user {
            changed.users.insert(user)
            return true
        }
        guard let group = entry.object.group else { return true }
        guard entry.change == .members else {
            changed.groups.insert(group)
            // The attributes of a group may influence its members.
            return entry.change != .updated || !asksForGroups
        }
        return try addMembership(of: group, entry.member, to: &changed, transaction)
    }

    private func addMembership(
        of group: GroupID,
        _ member: ObjectReference?,
        to changed: inout ChangedObjects,
        _ transaction: Transaction
    ) throws -> Bool {
        let isFlat = provider.nestedGroups == .flatten
        let outer = isFlat || provider.filterGroupRecursive ? try transaction.ancestors(of: group) : []
        let isFilter =
            provider.filterGroup == group
            || (provider.filterGroupRecursive && provider.filterGroup.map(outer.contains) ?? false)
        if let user = member?.user {
            changed.addMember(member, of: group)
            if isFlat { for group in outer { changed.addMember(member, of: group) } }
            if isFilter || asksForGroups { changed.users.insert(user) }
            return true
        }
        // A group, or an unknown object: it may affect many members.
        guard !isFilter, !asksForGroups else { return false }
        changed.addMember(isFlat ? nil : member, of: group)
        if isFlat { for group in outer { changed.addMember(nil, of: group) } }
        return true
    }
}

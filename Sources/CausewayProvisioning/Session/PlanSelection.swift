package import CausewayModel
package import CausewayStore

/// What a plan is about: everything in scope, or what changed.
package enum PlanSelection: Sendable {
    case everything
    case changes(ChangedObjects)

    /// Whether everything in scope is planned.
    var isEverything: Bool {
        if case .everything = self { true } else { false }
    }

    /// The users to plan; nil for all.
    var users: Set<UserID>? {
        guard case .changes(let changed) = self else { return nil }
        return changed.users
    }

    /// The groups whose own attributes are planned; nil for all.
    var groups: Set<GroupID>? {
        guard case .changes(let changed) = self else { return nil }
        return changed.groups
    }

    /// Both; nil for all.
    var objects: Set<ObjectReference>? {
        guard case .changes(let changed) = self else { return nil }
        return Set(changed.users.map { ObjectReference($0) } + changed.groups.map { ObjectReference($0) })
    }

    /// The objects that are compared whole, groups with all their members; nil for all.
    var comparedWhole: Set<ObjectReference>? {
        guard case .changes(let changed) = self else { return nil }
        let groups = changed.groups.filter { changed.members[$0] == .all }
        return Set(changed.users.map { ObjectReference($0) } + groups.map { ObjectReference($0) })
    }

    /// The links whose end is planned; nil for all.
    var links: LinkSelection? {
        guard case .changes(let changed) = self, let objects else { return nil }
        return LinkSelection(objects, includesDeleted: changed.includesDeleted)
    }
}

/// What changed in the directory since the last run.
package struct ChangedObjects: Hashable, Sendable {
    package var users: Set<UserID> = []
    package var groups: Set<GroupID> = []
    /// The members to plan, by group.
    package var members: [GroupID: MemberSelection] = [:]
    /// Whether all deleted objects that are still in the tenant are planned too. Otherwise only the deletions of the selected objects
    /// are planned.
    package var includesDeleted = false

    package init() {}

    /// These objects, groups with all their members.
    package init(_ objects: [ObjectReference]) {
        for object in objects { add(object) }
    }

    /// How many objects there are to plan.
    var count: Int { users.count + groups.count + members.count }

    /// Selects an object, a group with all its members.
    mutating func add(_ object: ObjectReference) {
        if let user = object.user { users.insert(user) }
        guard let group = object.group else { return }
        groups.insert(group)
        addMember(nil, of: group)
    }

    /// More members of one group are not selected by themselves: comparing them all is quicker then.
    private static let mostMembers = 500

    /// Selects a member of a group, or with nil all of them.
    mutating func addMember(_ member: ObjectReference?, of group: GroupID) {
        switch (members[group], member) {
        case (.all?, _), (_, nil): members[group] = .all
        case (.only(var present)?, let member?):
            members[group] = .all
            present.insert(member)
            if present.count <= Self.mostMembers { members[group] = .only(present) }
        case (nil, let member?): members[group] = .only([member])
        }
    }
}

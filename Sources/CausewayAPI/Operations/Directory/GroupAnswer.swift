import CausewayJSON
import CausewayModel
import CausewayStore

/// Groups in authentik's form, with their related objects.
struct GroupAnswer {
    /// What else is requested about the groups.
    struct Parts {
        var users = true
        var children = false
        var parents = false
        var inheritedRoles = false
    }

    private let parts: Parts
    private let members: [GroupID: [UserID]]
    private let users: [UserID: User]
    private let parents: [GroupID: [GroupID]]
    private let children: [GroupID: [GroupID]]
    private let related: [GroupID: Group]

    init(_ groups: [Group], _ parts: Parts, in transaction: Transaction) throws {
        self.parts = parts
        let ids = groups.map(\.id)
        members = try transaction.memberIDs(of: ids)
        users = parts.users ? try transaction.users(ids: Array(Set(members.values.joined()))) : [:]
        parents = try transaction.parents(of: ids)
        children = try transaction.children(of: ids)
        let wanted =
            (parts.parents ? Array(parents.values.joined()) : [])
            + (parts.children ? Array(children.values.joined()) : [])
        related = try transaction.groups(ids: Array(Set(wanted)))
    }

    /// One group.
    static func json(_ group: Group, _ parts: Parts = Parts(), in transaction: Transaction) throws -> JSONValue {
        try GroupAnswer([group], parts, in: transaction).json(group)
    }

    func json(_ group: Group) -> JSONValue {
        let (above, below) = (parents[group.id] ?? [], children[group.id] ?? [])
        let members = members[group.id] ?? []
        let further: [String: JSONValue] = [
            "pk": .string(group.id.text), "num_pk": .integer(group.numericKey),
            "parents": JSONValue(above.map(\.text)), "parents_obj": parts.parents ? related(above) : .null,
            "users": .array(members.map { .integer($0.rawValue) }),
            "users_obj": parts.users ? .array(members.compactMap { users[$0] }.map(UserAnswer.partial)) : .null,
            "roles": [], "roles_obj": [], "inherited_roles_obj": parts.inheritedRoles ? [] : .null,
            "children": JSONValue(below.map(\.text)), "children_obj": parts.children ? related(below) : .null,
        ]
        return .object(GroupProfile.fields.values(of: group.profile).merging(further) { $1 })
    }

    private func related(_ ids: [GroupID]) -> JSONValue {
        .array(
            ids.compactMap { related[$0] }.map { group in
                [
                    "pk": .string(group.id.text), "name": .string(group.name), "is_superuser": .bool(group.isSuperuser),
                    "attributes": .object(group.attributes), "group_uuid": .string(group.id.text),
                ]
            }
        )
    }

    /// The short form of a group in other objects.
    static func partial(_ group: Group) -> JSONValue {
        [
            "pk": .string(group.id.text), "num_pk": .integer(group.numericKey), "name": .string(group.name),
            "is_superuser": .bool(group.isSuperuser), "attributes": .object(group.attributes),
        ]
    }
}

import CausewayJSON
import CausewayModel
import CausewayStore

/// `core/groups/`
enum GroupOperations: EditableResourceOperations {
    static let model = APIModel.group

    static let handlers: [String: APIHandler] = commonHandlers(ofEditable: "core_groups").merging([
        "core_groups_list": list, "core_groups_add_user_create": addUser, "core_groups_remove_user_create": removeUser,
    ]) { $1 }

    @Sendable private static func list(_ request: APIRequest) async throws -> APIResponse {
        let (list, query, parts) = (try ListRequest(request), request.query, parts(request))
        var filter = GroupFilter()
        filter.terms = list.terms
        (filter.name, filter.isSuperuser) = (query.text("name"), query.bool("is_superuser"))
        filter.members = query.integers("members_by_pk").map(UserID.init)
        filter.memberNames = query.texts("members_by_username")
        filter.attributes = try AttributeFilter.conditions(query.text("attributes"))
        let (count, groups) = try await request.store.read { [filter] transaction in
            try requireMembers(filter, in: transaction)
            let page = try transaction.groupPage(filter, list.slice)
            return (page.count, page.rows.map(try GroupAnswer(page.rows, parts, in: transaction).json))
        }
        return try list.envelope(count: count, groups)
    }

    /// Groups of a user that does not exist would be none, which is not what is meant.
    private static func requireMembers(_ filter: GroupFilter, in transaction: Transaction) throws {
        let known = try transaction.users(ids: filter.members)
        for user in filter.members where known[user] == nil { throw APIError.noChoice("members_by_pk", "\(user)") }
        for name in filter.memberNames where try transaction.user(named: name) == nil {
            throw APIError.noChoice("members_by_username", name)
        }
    }

    private static func parts(_ request: APIRequest) -> GroupAnswer.Parts {
        GroupAnswer.Parts(
            users: request.query.bool("include_users") ?? true,
            children: request.query.bool("include_children") ?? false,
            parents: request.query.bool("include_parents") ?? false,
            inheritedRoles: request.query.bool("include_inherited_roles") ?? false
        )
    }

    @Sendable private static func addUser(_ request: APIRequest) async throws -> APIResponse {
        try await changeMember(request) { transaction, user, group in
            try transaction.addMember(user, to: group)
                ? FieldChange("users", added: [.integer(user.rawValue)]) : nil
        }
    }

    @Sendable private static func removeUser(_ request: APIRequest) async throws -> APIResponse {
        try await changeMember(request) { transaction, user, group in
            try transaction.removeMember(user, from: group)
                ? FieldChange("users", removed: [.integer(user.rawValue)]) : nil
        }
    }

    /// - Parameter change: changes the membership; returns nil if there is nothing to change.
    private static func changeMember(
        _ request: APIRequest,
        _ change: @escaping @Sendable (Transaction, UserID, GroupID) throws -> FieldChange?
    ) async throws -> APIResponse {
        try await request.store.write { transaction in
            let group = try requested(request, in: transaction)
            guard let user = try request.integer("pk").flatMap({ try transaction.user(UserID($0)) }) else {
                throw APIError.notFound("User")
            }
            guard let change = try change(transaction, user.id, group.id) else { return }
            try record(.updated, group, request, [change], in: transaction)
        }
        return .noContent
    }
}

extension GroupOperations {
    static func requested(_ request: APIRequest, in transaction: Transaction) throws -> Group {
        guard let key = request.path.uuid("group_uuid"), let group = try transaction.group(GroupID(key)) else {
            throw APIError.notFound("Group")
        }
        return group
    }

    static func label(of group: Group) -> (key: String, name: String) { (group.id.text, group.name) }

    static func json(_ group: Group, _ request: APIRequest, in transaction: Transaction) throws -> JSONValue {
        try GroupAnswer.json(group, parts(request), in: transaction)
    }

    static func made(by request: APIRequest, in transaction: Transaction) throws -> Edit<Group> {
        let profile = try profile(request, GroupProfile(name: ""))
        try requireUnused(profile.name, except: nil, in: transaction)
        let group = try transaction.createGroup(profile)
        let links = try setLinks(request, of: group.id, in: transaction)
        return Edit(object: group, changes: group.profile.initialChanges + links)
    }

    static func changed(_ before: Group, by request: APIRequest, in transaction: Transaction) throws -> Edit<Group> {
        let profile = try profile(request, before.profile)
        try requireUnused(profile.name, except: before.id, in: transaction)
        _ = try transaction.updateGroup(before.id, to: profile)
        let links = try setLinks(request, of: before.id, in: transaction)
        let group = try requested(request, in: transaction)
        return Edit(object: group, changes: group.profile.changes(since: before.profile) + links)
    }

    static func finalChanges(of group: Group) -> [FieldChange] { group.profile.finalChanges }

    static func delete(_ group: Group, _ request: APIRequest, in transaction: Transaction) throws {
        try transaction.deleteGroup(group.id)
    }

    static func uses(of group: Group, in transaction: Transaction) throws -> [JSONValue] {
        let providers = try transaction.providers()
        let filtered = providers.filter { $0.filterGroup == group.id }.map { provider in
            UsedBy.json(.provider, "\(provider.id)", provider.name, .setDefault)
        }
        let listed = providers.filter { $0.groups.contains(group.id) }.map { provider in
            UsedBy.json(.provider, "\(provider.id)", provider.name, .cascadeMany)
        }
        return filtered + listed
    }

    private static func profile(_ request: APIRequest, _ before: GroupProfile) throws -> GroupProfile {
        var profile = before
        GroupProfile.fields.take(request.body, into: &profile)
        try profile.validate()
        return profile
    }

    private static func requireUnused(_ name: String, except group: GroupID?, in transaction: Transaction) throws {
        guard let other = try transaction.group(named: name), other.id != group else { return }
        throw APIError.invalid("name", "group with this name already exists.")
    }

    /// Members and parents: `PUT` empties those that are left out, as in authentik.
    ///
    /// - Returns: what changed.
    private static func setLinks(_ request: APIRequest, of group: GroupID, in transaction: Transaction) throws
        -> [FieldChange]
    {
        var changes: [FieldChange?] = []
        if let wanted = request.integers("users") ?? (request.isWhole ? [] : nil) {
            let (wanted, present) = (Set(wanted.map(UserID.init)), Set(try transaction.members(of: group)))
            for user in wanted.subtracting(present) {
                guard try transaction.user(user) != nil else { throw UserOperations.unknownKey("users", "\(user)") }
                _ = try transaction.addMember(user, to: group)
            }
            for user in present.subtracting(wanted) { _ = try transaction.removeMember(user, from: group) }
            changes.append(FieldChange("users", from: present.keys, to: wanted.keys))
        }
        if let wanted = request.uuids("parents") ?? (request.isWhole ? [] : nil) {
            let (wanted, present) = (Set(wanted.map { GroupID($0) }), Set(try transaction.parents(of: group)))
            for parent in wanted.subtracting(present) { try addParent(parent, to: group, in: transaction) }
            for parent in present.subtracting(wanted) { _ = try transaction.removeParent(parent, from: group) }
            changes.append(FieldChange("parents", from: present.keys, to: wanted.keys))
        }
        if let roles = request.uuids("roles"), !roles.isEmpty {
            throw APIError.invalid("roles", "Causeway assigns roles to users; leave this empty.")
        }
        return changes.compactMap(\.self)
    }

    /// - Returns: false if it was in the parent already.
    @discardableResult
    static func addParent(_ parent: GroupID, to group: GroupID, in transaction: Transaction) throws -> Bool {
        guard try transaction.group(parent) != nil else { throw UserOperations.unknownKey("parents", parent.text) }
        guard try parent != group && !transaction.ancestors(of: parent).contains(group) else {
            throw APIError.invalid("parents", "A group cannot be its own parent, nor that of a group above it.")
        }
        return try transaction.addParent(parent, to: group)
    }
}

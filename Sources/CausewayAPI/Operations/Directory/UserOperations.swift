import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation

/// `core/users/`
enum UserOperations: EditableResourceOperations {
    static let model = APIModel.user

    static let handlers: [String: APIHandler] = commonHandlers(ofEditable: "core_users").merging([
        "core_users_list": list, "core_users_me_retrieve": me, "core_users_paths_retrieve": paths,
        "core_users_set_password_create": setPassword, "core_users_recovery_create": recovery,
        "core_users_service_account_create": createServiceAccount,
    ]) { $1 }

    @Sendable private static func list(_ request: APIRequest) async throws -> APIResponse {
        let list = try ListRequest(request)
        let filter = try filter(request.query, list.terms)
        let (groups, roles) = (
            request.query.bool("include_groups") ?? true, request.query.bool("include_roles") ?? true
        )
        let (count, users) = try await request.store.read { transaction in
            try requireGroups(filter, in: transaction)
            let page = try transaction.userPage(filter, list.slice)
            let answer = try UserAnswer(page.rows, includesGroups: groups, includesRoles: roles, in: transaction)
            return (page.count, page.rows.map(answer.json))
        }
        return try list.envelope(count: count, users)
    }

    private static func filter(_ query: APIValues, _ terms: [String]) throws -> UserFilter {
        var filter = UserFilter()
        filter.terms = terms
        (filter.username, filter.name, filter.email) = (query.text("username"), query.text("name"), query.text("email"))
        filter.uuid = query.uuid("uuid")
        filter.isActive = query.bool("is_active")
        filter.types = query.texts("type").compactMap(UserType.init)
        (filter.path, filter.pathPrefix) = (query.text("path"), query.text("path_startswith"))
        filter.isSuperuser = query.bool("is_superuser")
        filter.groups = query.uuids("groups_by_pk").map { GroupID($0) }
        filter.groupNames = query.texts("groups_by_name")
        filter.attributes = try AttributeFilter.conditions(query.text("attributes"))
        (filter.joined, filter.joinedAfter) = (query.time("date_joined"), query.time("date_joined__gt"))
        filter.joinedBefore = query.time("date_joined__lt")
        (filter.lastUpdated, filter.lastUpdatedAfter) = (query.time("last_updated"), query.time("last_updated__gt"))
        filter.lastUpdatedBefore = query.time("last_updated__lt")
        (filter.lastLogin, filter.lastLoginAfter) = (query.time("last_login"), query.time("last_login__gt"))
        (filter.lastLoginBefore, filter.lastLoginIsNull) = (
            query.time("last_login__lt"), query.bool("last_login__isnull")
        )
        filter.roles = try roles(query)
        return filter
    }

    /// Members of groups that do not exist would be none, which is not what is meant.
    private static func requireGroups(_ filter: UserFilter, in transaction: Transaction) throws {
        let known = try transaction.groups(ids: filter.groups)
        for group in filter.groups where known[group] == nil { throw APIError.noChoice("groups_by_pk", group.text) }
        for name in filter.groupNames where try transaction.group(named: name) == nil {
            throw APIError.noChoice("groups_by_name", name)
        }
    }

    /// The requested roles, nil if none are named. Causeway's roles differ from authentik's: an unknown role matches
    /// no user.
    private static func roles(_ query: APIValues) throws -> [AccessRole]? {
        let byKey = try query.uuids("roles_by_pk").map { id in
            guard let role = AccessRole(id: id) else {
                throw APIError.noChoice("roles_by_pk", id.uuidString.lowercased())
            }
            return role
        }
        let names = query.texts("roles_by_name")
        guard !byKey.isEmpty || !names.isEmpty else { return nil }
        return byKey + names.compactMap { name in AccessRole.allCases.first { $0.title == name } }
    }

    @Sendable private static func paths(_ request: APIRequest) async throws -> APIResponse {
        let search = request.query.text("search") ?? ""
        return .ok(["paths": JSONValue(try await request.store.read { try $0.userPaths(search: search) })])
    }

    @Sendable private static func me(_ request: APIRequest) async throws -> APIResponse {
        let user = try request.caller.signedIn
        let (groups, roles) = try await request.store.read { transaction in
            let direct = try transaction.groups(of: user.id)
            let above = try direct.flatMap { try transaction.ancestors(of: $0) }
            return (try transaction.groups(Array(Set(direct + above))), try transaction.roles(of: user.id))
        }
        let json: JSONValue = [
            "pk": .integer(user.id.rawValue), "username": .string(user.username), "name": .string(user.name),
            "is_active": .bool(user.isActive), "is_superuser": .bool(request.caller.isAdministrator),
            "is_current": true,
            "groups": .array(
                groups.sorted { $0.name < $1.name }.map { ["name": .string($0.name), "pk": .string($0.id.text)] }
            ),
            "roles": .array(
                roles.sorted().map { ["name": .string($0.title), "pk": .string($0.id.uuidString.lowercased())] }
            ),
            "email": .string(user.email), "avatar": .string(UserAnswer.avatar), "uid": .string(user.uid),
            "settings": [:],
            "type": .string(user.type.rawValue),
            "system_permissions": JSONValue(request.caller.role.map { ["causeway.\($0.rawValue)"] } ?? []),
        ]
        return .ok(["user": json, "users": [json]])
    }

    @Sendable private static func setPassword(_ request: APIRequest) async throws -> APIResponse {
        let password = request.text("password") ?? ""
        let user = try await request.store.read { try requested(request, in: $0) }
        let hash = try await request.services.hash(password, of: user.profile, for: .known)
        try await request.store.write { transaction in
            try transaction.setPasswordHash(hash, of: user.id)
            try transaction.deleteSessions(of: user.id, except: request.caller.session?.keyHash)
            try record(.passwordSet, user, request, [FieldChange("password", .secret)], in: transaction)
        }
        return .noContent
    }

    /// Causeway has no mail and no flow with which a user could prove their identity.
    @Sendable private static func recovery(_ request: APIRequest) async throws -> APIResponse {
        _ = try await request.store.read { try requested(request, in: $0) }
        throw APIError.invalid("non_field_errors", "No recovery flow set. Set a password with set_password/ instead.")
    }

    @Sendable private static func createServiceAccount(_ request: APIRequest) async throws -> APIResponse {
        let name = request.text("name") ?? ""
        let isExpiring = request.bool("expiring") ?? true
        let key = AccessKey.random()
        let (user, group) = try await request.store.write { transaction in
            guard try transaction.user(named: name) == nil, try transaction.group(named: name) == nil else {
                throw APIError.invalid("non_field_errors", "A user/group with these details already exists")
            }
            let profile = UserProfile(
                username: name,
                name: name,
                type: .serviceAccount,
                path: "goauthentik.io/service-accounts"
            )
            let user = try transaction.createUser(profile)
            var group: Group?
            if request.bool("create_group") == true {
                let made = try transaction.createGroup(GroupProfile(name: name))
                _ = try transaction.addMember(user.id, to: made.id)
                group = made
            }
            let expires = request.text("expires").flatMap(APITime.timestamp) ?? transaction.now + .seconds(360 * 86_400)
            let token = AccessToken(
                id: UUID(),
                identifier: "service-account-\(name)-password",
                intent: .appPassword,
                user: user.id,
                description: "",
                expires: isExpiring ? expires : nil,
                isExpiring: isExpiring,
                managed: nil,
                role: nil
            )
            try transaction.createToken(token, keyHash: AccessKey.hash(key), key: Secret(key))
            _ = try transaction.takeKey(of: token.identifier)
            try recordAccount(user, group, token, request, in: transaction)
            return (user, group)
        }
        var json: [String: JSONValue] = [
            "username": .string(user.username), "token": .string(key), "user_uid": .string(user.uid),
            "user_pk": .integer(user.id.rawValue),
        ]
        if let group { json["group_pk"] = .string(group.id.text) }
        return .ok(.object(json))
    }
}

extension UserOperations {
    private static func recordAccount(
        _ user: User,
        _ group: Group?,
        _ token: AccessToken,
        _ request: APIRequest,
        in transaction: Transaction
    ) throws {
        if let group {
            try request.record(
                .created,
                .group,
                group.id.text,
                group.name,
                group.profile.initialChanges,
                in: transaction
            )
        }
        let groups = FieldChange("groups", added: group.map { [.string($0.id.text)] } ?? [])
        try record(
            .created,
            user,
            request,
            user.profile.initialChanges + [groups].compactMap(\.self),
            in: transaction
        )
        try TokenOperations.record(
            .created,
            token,
            request,
            TokenOperations.changes(from: nil, to: token),
            in: transaction
        )
    }

    static func requested(_ request: APIRequest, in transaction: Transaction) throws -> User {
        guard let key = request.path.integer("id"), let user = try transaction.user(UserID(key)) else {
            throw APIError.notFound("User")
        }
        return user
    }

    static func label(of user: User) -> (key: String, name: String) { ("\(user.id)", user.username) }

    static func json(_ user: User, _ request: APIRequest, in transaction: Transaction) throws -> JSONValue {
        try UserAnswer.json(user, in: transaction)
    }

    static func made(by request: APIRequest, in transaction: Transaction) throws -> Edit<User> {
        let profile = try profile(request, UserProfile(username: ""))
        try requireUnused(profile.username, except: nil, in: transaction)
        let user = try transaction.createUser(profile)
        let links = try setLinks(request, of: user.id, in: transaction)
        return Edit(object: user, changes: user.profile.initialChanges + links)
    }

    static func finalChanges(of user: User) -> [FieldChange] { user.profile.finalChanges }

    static func changed(_ before: User, by request: APIRequest, in transaction: Transaction) throws -> Edit<User> {
        let profile = try profile(request, before.profile)
        try requireUnused(profile.username, except: before.id, in: transaction)
        try requireStayingActive(before, isActive: profile.isActive, request)
        _ = try transaction.updateUser(before.id, to: profile)
        let links = try setLinks(request, of: before.id, in: transaction)
        let user = try requested(request, in: transaction)
        return Edit(object: user, changes: user.profile.changes(since: before.profile) + links)
    }

    static func delete(_ user: User, _ request: APIRequest, in transaction: Transaction) throws {
        guard user.id != request.caller.user?.id else {
            throw APIError.invalid("non_field_errors", "You cannot delete yourself; let another administrator do it.")
        }
        try transaction.deleteUser(user.id)
    }

    static func uses(of user: User, in transaction: Transaction) throws -> [JSONValue] {
        try transaction.tokens(of: user.id).map { token in
            UsedBy.json(.token, token.id.uuidString.lowercased(), token.identifier, .cascade)
        }
    }

    private static func profile(_ request: APIRequest, _ before: UserProfile) throws -> UserProfile {
        var profile = before
        if before.type == .internalServiceAccount {
            throw APIError.invalid("type", "Can't modify internal service account users")
        }
        UserProfile.fields.take(request.body, into: &profile)
        if profile.type == .internalServiceAccount {
            throw APIError.invalid("type", "Setting a user to internal service account is not allowed.")
        }
        if profile.path.hasPrefix("/") || profile.path.hasSuffix("/") {
            throw APIError.invalid("path", "No leading or trailing slashes allowed.")
        }
        if profile.path.contains("//") { throw APIError.invalid("path", "No empty segments in user path allowed.") }
        try profile.validate()
        return profile
    }

    private static func requireUnused(_ username: String, except user: UserID?, in transaction: Transaction) throws {
        guard let other = try transaction.user(named: username), other.id != user else { return }
        throw APIError.invalid("username", "This field must be unique.")
    }

    /// Groups and roles: `PUT` empties those that are left out, as in authentik.
    ///
    /// - Returns: what changed.
    private static func setLinks(_ request: APIRequest, of user: UserID, in transaction: Transaction) throws
        -> [FieldChange]
    {
        var changes: [FieldChange?] = []
        if let wanted = request.uuids("groups") ?? (request.isWhole ? [] : nil) {
            let (wanted, present) = (Set(wanted.map { GroupID($0) }), Set(try transaction.groups(of: user)))
            for group in wanted.subtracting(present) {
                guard try transaction.group(group) != nil else { throw unknownKey("groups", group.text) }
                _ = try transaction.addMember(user, to: group)
            }
            for group in present.subtracting(wanted) { _ = try transaction.removeMember(user, from: group) }
            changes.append(FieldChange("groups", from: present.keys, to: wanted.keys))
        }
        if let wanted = request.uuids("roles") ?? (request.isWhole ? [] : nil) {
            let roles = try wanted.map { id in
                guard let role = AccessRole(id: id) else { throw unknownKey("roles", id.uuidString.lowercased()) }
                return role
            }
            try requireKeepingOwnRole(Set(roles), of: user, request, in: transaction)
            let present = try transaction.roles(of: user)
            try transaction.setRoles(Set(roles), of: user)
            changes.append(FieldChange("roles", from: present.keys, to: Set(roles).keys))
        }
        return changes.compactMap(\.self)
    }

    private static func requireKeepingOwnRole(
        _ roles: Set<AccessRole>,
        of user: UserID,
        _ request: APIRequest,
        in transaction: Transaction
    ) throws {
        guard user == request.caller.user?.id, !roles.contains(.administrator),
            try transaction.roles(of: user).contains(.administrator), try !transaction.isSuperuser(user)
        else { return }
        throw APIError.invalid(
            "roles",
            "You cannot remove your own administrator role; ask another administrator."
        )
    }

    static func requireStayingActive(_ user: User, isActive: Bool, _ request: APIRequest) throws {
        guard user.id == request.caller.user?.id, !isActive else { return }
        throw APIError.invalid("is_active", "You cannot deactivate yourself; ask another administrator.")
    }

    static func unknownKey(_ field: String, _ key: String) -> APIError {
        .invalid(field, "Invalid pk \"\(key)\" - object does not exist.")
    }
}

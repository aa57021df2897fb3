import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation

/// Users in authentik's form, with their related objects.
struct UserAnswer {
    /// What is read for a page of users at once.
    private let details: UserDetails
    private let groupsByID: [GroupID: Group]
    private let includesGroups: Bool
    private let includesRoles: Bool

    init(_ users: [User], includesGroups: Bool = true, includesRoles: Bool = true, in transaction: Transaction) throws {
        details = try transaction.details(of: users.map(\.id), includesGroups: includesGroups)
        groupsByID = try transaction.groups(ids: Array(Set(details.groups.values.joined())))
        self.includesGroups = includesGroups
        self.includesRoles = includesRoles
    }

    /// One user.
    static func json(_ user: User, in transaction: Transaction) throws -> JSONValue {
        try UserAnswer([user], in: transaction).json(user)
    }

    func json(_ user: User) -> JSONValue {
        let groups = (details.groups[user.id] ?? []).compactMap { groupsByID[$0] }.sorted { $0.name < $1.name }
        let roles = (details.roles[user.id] ?? []).sorted()
        var json = Self.profile(user, details.accounts[user.id])
        json["is_superuser"] = .bool(details.superusers.contains(user.id))
        json["groups"] = .array(groups.map { .string($0.id.text) })
        json["groups_obj"] = includesGroups ? .array(groups.map(GroupAnswer.partial)) : .null
        json["roles"] = .array(roles.map { .string($0.id.uuidString.lowercased()) })
        json["roles_obj"] = includesRoles ? .array(roles.map(\.json)) : .null
        return .object(json)
    }

    private static func profile(_ user: User, _ account: Account?) -> [String: JSONValue] {
        let further: [String: JSONValue] = [
            "pk": .integer(user.id.rawValue), "last_login": JSONValue(account?.lastLogin.map(APITime.text)),
            "date_joined": .string(APITime.text(user.dateJoined)), "avatar": .string(avatar), "uid": .string(user.uid),
            "uuid": .string(user.uuid.uuidString.lowercased()),
            "password_change_date": .string(APITime.text(account?.passwordChanged ?? user.dateJoined)),
            "last_updated": .string(APITime.text(user.lastUpdated)),
        ]
        return UserProfile.fields.values(of: user.profile).merging(further) { $1 }
    }

    /// The short form of a user in other objects.
    static func partial(_ user: User) -> JSONValue {
        [
            "pk": .integer(user.id.rawValue), "username": .string(user.username), "name": .string(user.name),
            "is_active": .bool(user.isActive), "last_login": .null, "email": .string(user.email),
            "attributes": .object(user.attributes), "uid": .string(user.uid),
        ]
    }

    /// One picture for all users; it is part of the answer, so that no page loads one from a third party.
    static let avatar =
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Ccircle cx='4' cy='3' r='2'/%3E"
        + "%3Cpath d='M1 8a3 3 0 0 1 6 0'/%3E%3C/svg%3E"
}

extension AccessRole {
    /// A role in authentik's form.
    var json: JSONValue { ["pk": .string(id.uuidString.lowercased()), "name": .string(title)] }
}

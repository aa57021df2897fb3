import CausewayJSON

/// A user, as the API returns it.
struct UserView: ListRow {
    let pk: Int64
    let username: String
    let name: String
    let email: String
    let uid: String
    let type: String
    let isActive: Bool
    let isSuperuser: Bool
    let attributes: JSONValue
    let lastUpdated: String
    let lastLogin: String?
    /// The keys of its roles.
    let roles: [String]
    let rolesObj: [Named]?
    /// nil if they were not requested.
    let groupsObj: [Named]?

    var id: String { "\(pk)" }
}

/// A group, as the API returns it.
struct GroupView: ListRow {
    let pk: String
    let name: String
    let isSuperuser: Bool
    let attributes: JSONValue
    /// The keys of the groups that it is a member of.
    let parents: [String]
    /// nil if they were not requested.
    let parentsObj: [Named]?
    let childrenObj: [Named]?

    var id: String { pk }
}

/// An object that another one refers to, as the API returns it.
struct Named: Decodable, Sendable {
    let pk: String
    let name: String
}

extension ShownObject {
    /// A group with a link to its page.
    init(group: Named) { self.init(name: group.name, address: .group(group.pk)) }
}

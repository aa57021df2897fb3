import CausewayJSON

/// A user, as the API gives it.
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
    /// Keys of its roles.
    let roles: [String]
    let rolesObj: [Named]?
    /// nil where they were not asked for.
    let groupsObj: [Named]?

    var id: String { "\(pk)" }
}

/// A group, as the API gives it.
struct GroupView: ListRow {
    let pk: String
    let name: String
    let isSuperuser: Bool
    let attributes: JSONValue
    /// Keys of the groups that it is in.
    let parents: [String]
    /// nil where they were not asked for.
    let parentsObj: [Named]?
    let childrenObj: [Named]?

    var id: String { pk }
}

/// What the API gives of an object that another one refers to.
struct Named: Decodable, Sendable {
    let pk: String
    let name: String
}

extension ObjectLink {
    /// A group with its page.
    init(group: Named) { self.init(name: group.name, address: .group(group.pk)) }
}

/// The names in the records of objects. Every message begins with all of them, in this order, and refers to them from then on.
enum RecordName: Int, CaseIterable {
    case pk, id, uuid, uid, username, name, email, type, path, isActive, attributes, dateJoined, lastUpdated
    case numericKey, groupUUID, isSuperuser, directGroups, allGroups, parents
    case user, group, connection, entraID, answer, refused, direct, all, groups

    var text: String {
        switch self {
        case .pk: "pk"
        case .id: "id"
        case .uuid: "uuid"
        case .uid: "uid"
        case .username: "username"
        case .name: "name"
        case .email: "email"
        case .type: "type"
        case .path: "path"
        case .isActive: "is_active"
        case .attributes: "attributes"
        case .dateJoined: "_date_joined"
        case .lastUpdated: "_last_updated"
        case .numericKey: "num_pk"
        case .groupUUID: "group_uuid"
        case .isSuperuser: "is_superuser"
        case .directGroups: "_groups"
        case .allGroups: "_all_groups"
        case .parents: "_parents"
        case .user: "user"
        case .group: "group"
        case .connection: "connection"
        case .entraID: "microsoft_id"
        case .answer: "answer"
        case .refused: "refused"
        case .direct: "direct"
        case .all: "all"
        case .groups: "groups"
        }
    }
}

import CausewayJSON

/// What `User.ReadBasic.All` shows of users: a few properties, and nothing of the others (Graph, permissions reference).
enum BasicProfile {
    private static let properties: Set<String> = [
        "displayName", "givenName", "id", "mail", "photo", "securityIdentifier", "surname", "userPrincipalName",
    ]

    /// An answer for a caller that may not read whole profiles.
    static func restricted(_ reply: GraphReply, to call: GraphCall) -> GraphReply {
        var reply = reply
        let isOfUsers = call.names.first == EntryKind.user.collection
        reply.body = reply.body.map { restricted($0, isUser: isOfUsers) }
        return reply
    }

    private static func restricted(_ value: JSONValue, isUser: Bool) -> JSONValue {
        switch value {
        case .array(let values): return .array(values.map { restricted($0, isUser: isUser) })
        case .object(let members):
            let type = members["@odata.type"]?.string
            return .object(restricted(members, isUser: type.map { $0 == "#microsoft.graph.user" } ?? isUser))
        default: return value
        }
    }

    private static func restricted(_ members: [String: JSONValue], isUser: Bool) -> [String: JSONValue] {
        let isObject = members["id"] != nil
        return Dictionary(
            members.map { name, value in
                let isShown = !isUser || !isObject || properties.contains(name) || name.hasPrefix("@")
                guard isShown || Relation.names.contains(name) else { return (name, value.array == nil ? .null : []) }
                return (name, restricted(value, isUser: isUser))
            },
            uniquingKeysWith: { first, _ in first }
        )
    }
}

extension Relation {
    fileprivate static let names = Set(allCases.map(\.name))
}

import CausewayJSON
import CausewayModel
import CausewayStore

/// `providers/microsoft_entra_users/` and `providers/microsoft_entra_groups/`: which object is which in the tenant.
enum ConnectionOperations {
    static let handlers: [String: APIHandler] = [
        "providers_microsoft_entra_users_list": { try await list($0, .user) },
        "providers_microsoft_entra_users_create": { try await create($0, .user) },
        "providers_microsoft_entra_users_retrieve": { try await retrieve($0, .user) },
        "providers_microsoft_entra_users_destroy": { try await destroy($0, .user) },
        "providers_microsoft_entra_users_used_by_list": { try await usedBy($0, .user) },
        "providers_microsoft_entra_groups_list": { try await list($0, .group) },
        "providers_microsoft_entra_groups_create": { try await create($0, .group) },
        "providers_microsoft_entra_groups_retrieve": { try await retrieve($0, .group) },
        "providers_microsoft_entra_groups_destroy": { try await destroy($0, .group) },
        "providers_microsoft_entra_groups_used_by_list": { try await usedBy($0, .group) },
    ]

    private static func list(_ request: APIRequest, _ kind: ObjectKind) async throws -> APIResponse {
        let (list, query) = (try ListRequest(request), request.query)
        var filter = ConnectionFilter(kind: kind)
        filter.terms = list.terms
        filter.provider = query.integer("provider__id").map(ProviderID.init)
        filter.user = query.integer("user__id").map(UserID.init)
        filter.username = query.text("user__username")
        filter.group = query.uuid("group__group_uuid").map { GroupID($0) }
        filter.groupName = query.text("group__name")
        let (count, connections) = try await request.store.read { [filter] transaction in
            let page = try transaction.connectionPage(filter, list.slice)
            return (page.count, try Self.json(page.rows, kind, in: transaction))
        }
        return try list.envelope(count: count, connections)
    }

    private static func retrieve(_ request: APIRequest, _ kind: ObjectKind) async throws -> APIResponse {
        let found = try await request.store.read { try Self.json([try requested(request, kind, in: $0)], kind, in: $0) }
        guard let json = found.first else { throw notFound(kind) }
        return .ok(json)
    }

    private static func create(_ request: APIRequest, _ kind: ObjectKind) async throws -> APIResponse {
        let created = try await request.store.write { transaction in
            guard let key = request.integer("provider"), let provider = try transaction.provider(ProviderID(key)) else {
                throw UserOperations.unknownKey("provider", "\(request.integer("provider") ?? 0)")
            }
            let object = try requestedObject(request, kind, in: transaction)
            let entraID = EntraObjectID(request.text("microsoft_id") ?? "")
            // The link of somebody who was deleted is nobody's, and may be given to whom a person says.
            let left = try transaction.connection(to: entraID, provider: provider.id)
            guard try transaction.connection(of: object, provider: provider.id) == nil, left?.object == nil else {
                throw APIError.invalid(
                    "non_field_errors",
                    "The fields \(kind.rawValue), provider must make a unique set, and an Entra object has one link."
                )
            }
            let connection = Connection(
                id: left?.id ?? .random(),
                provider: provider.id,
                kind: kind,
                object: object,
                entraID: entraID,
                known: [:],
                asksFirst: true
            )
            try transaction.saveConnection(connection, name: name(of: object, in: transaction))
            try transaction.setFormer(nil, of: entraID, provider: provider.id)
            try transaction.requestRun(of: provider.id, .save)
            try request.record("model_created", model(kind), connection.id.text, entraID.rawValue, in: transaction)
            return try Self.json([connection], kind, in: transaction)
        }
        guard let json = created.first else { throw notFound(kind) }
        return .created(json)
    }

    /// Unlinks; nothing happens in Entra.
    private static func destroy(_ request: APIRequest, _ kind: ObjectKind) async throws -> APIResponse {
        try await request.store.write { transaction in
            let connection = try requested(request, kind, in: transaction)
            try transaction.deleteConnection(connection.id)
            let name = connection.entraID.rawValue
            try request.record("model_deleted", model(kind), connection.id.text, name, in: transaction)
        }
        return .noContent
    }

    private static func usedBy(_ request: APIRequest, _ kind: ObjectKind) async throws -> APIResponse {
        _ = try await request.store.read { try requested(request, kind, in: $0) }
        return .ok([])
    }
}

extension ConnectionOperations {
    private static func model(_ kind: ObjectKind) -> APIModel { kind == .user ? .userConnection : .groupConnection }

    private static func notFound(_ kind: ObjectKind) -> APIError { .notFound(model(kind).title) }

    private static func requested(_ request: APIRequest, _ kind: ObjectKind, in transaction: Transaction) throws
        -> Connection
    {
        guard let key = request.path.uuid("id"), let connection = try transaction.connection(ConnectionID(key)),
            connection.kind == kind, connection.object != nil
        else { throw notFound(kind) }
        return connection
    }

    private static func requestedObject(_ request: APIRequest, _ kind: ObjectKind, in transaction: Transaction) throws
        -> ObjectReference
    {
        let (text, object): (String, ObjectReference?) =
            switch kind {
            case .user:
                ("\(request.integer("user") ?? 0)", request.integer("user").map { ObjectReference(UserID($0)) })
            case .group:
                (
                    request.text("group") ?? "",
                    request.text("group").flatMap(GroupID.init(text:)).map { ObjectReference($0) }
                )
            }
        guard let object, try transaction.exists(object) else { throw UserOperations.unknownKey(kind.rawValue, text) }
        return object
    }

    private static func name(of object: ObjectReference, in transaction: Transaction) throws -> String {
        if let user = object.user { return try transaction.user(user)?.username ?? "" }
        return try object.group.flatMap { try transaction.group($0)?.name } ?? ""
    }

    private static func json(_ connections: [Connection], _ kind: ObjectKind, in transaction: Transaction) throws
        -> [JSONValue]
    {
        let users = try transaction.users(ids: connections.compactMap(\.object?.user))
        let groups = try transaction.groups(ids: connections.compactMap(\.object?.group))
        return connections.compactMap { connection in
            var json: [String: JSONValue] = [
                "id": .string(connection.id.text), "microsoft_id": .string(connection.entraID.rawValue),
                "provider": .integer(connection.provider.rawValue), "attributes": .object(connection.known),
                "presence": .string(connection.presence.rawValue), "is_suspended": .bool(connection.isSuspended),
            ]
            if let user = connection.object?.user.flatMap({ users[$0] }) {
                json["user"] = .integer(user.id.rawValue)
                json["user_obj"] = UserAnswer.partial(user)
            } else if let group = connection.object?.group.flatMap({ groups[$0] }) {
                json["group"] = .string(group.id.text)
                json["group_obj"] = GroupAnswer.partial(group)
            } else {
                return nil
            }
            return .object(json)
        }
    }
}

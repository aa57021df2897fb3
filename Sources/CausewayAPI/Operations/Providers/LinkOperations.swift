import CausewayJSON
import CausewayModel
import CausewayStore

/// `providers/microsoft_entra_users/` and `providers/microsoft_entra_groups/`: the links between objects and the tenant.
enum LinkOperations {
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
        var filter = LinkFilter(kind: kind)
        filter.terms = list.terms
        filter.provider = query.integer("provider__id").map(ProviderID.init)
        filter.user = query.integer("user__id").map(UserID.init)
        filter.username = query.text("user__username")
        filter.group = query.uuid("group__group_uuid").map { GroupID($0) }
        filter.groupName = query.text("group__name")
        filter.state = query.text("state").flatMap(LinkState.init)
        let (count, links) = try await request.store.read { [filter] transaction in
            let page = try transaction.linkPage(filter, list.slice)
            return (page.count, try Self.json(page.rows, kind, in: transaction))
        }
        return try list.envelope(count: count, links)
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
            // The link of a deleted user has no owner, so a person may give it to another user.
            let left = try transaction.link(to: entraID, provider: provider.id)
            guard try transaction.link(of: object, provider: provider.id) == nil, left?.object == nil else {
                throw APIError.invalid(
                    "non_field_errors",
                    "The fields \(kind.rawValue), provider must make a unique set, and an Entra object has one link."
                )
            }
            let link = ObjectLink(
                id: left?.id ?? .random(),
                provider: provider.id,
                kind: kind,
                object: object,
                entraID: entraID,
                known: [:],
                asksFirst: true
            )
            try transaction.saveLink(link, name: name(of: object, in: transaction))
            try transaction.unsettle([object], .tenant, at: provider.id)
            try transaction.setFormer(nil, of: entraID, provider: provider.id)
            try transaction.requestRun(of: provider.id, .save)
            try record(.created, link, request, in: transaction)
            return try Self.json([link], kind, in: transaction)
        }
        guard let json = created.first else { throw notFound(kind) }
        return .created(json)
    }

    /// Unlinks; nothing happens in Entra.
    private static func destroy(_ request: APIRequest, _ kind: ObjectKind) async throws -> APIResponse {
        try await request.store.write { transaction in
            let link = try requested(request, kind, in: transaction)
            try transaction.deleteLink(link.id)
            if let object = link.object { try transaction.unsettle([object], .tenant, at: link.provider) }
            try transaction.unsettleGroups(withMember: link.entraID, provider: link.provider)
            try transaction.unsettleReports(of: [link.entraID], at: link.provider)
            try record(.deleted, link, request, in: transaction)
        }
        return .noContent
    }

    private static func record(
        _ kind: EventKind,
        _ link: ObjectLink,
        _ request: APIRequest,
        in transaction: Transaction
    ) throws {
        let object = [link.object?.user.map(EventReference.user), link.object?.group.map(EventReference.group)]
        try request.record(
            kind,
            model(link.kind),
            link.id.text,
            link.entraID.rawValue,
            details: ["linked": .string(try link.object.map { try name(of: $0, in: transaction) } ?? "")],
            related: [.provider(link.provider)] + object.compactMap(\.self),
            in: transaction
        )
    }

    private static func usedBy(_ request: APIRequest, _ kind: ObjectKind) async throws -> APIResponse {
        _ = try await request.store.read { try requested(request, kind, in: $0) }
        return .ok([])
    }
}

extension LinkOperations {
    private static func model(_ kind: ObjectKind) -> APIModel { kind == .user ? .userLink : .groupLink }

    private static func notFound(_ kind: ObjectKind) -> APIError { .notFound(model(kind).title) }

    private static func requested(_ request: APIRequest, _ kind: ObjectKind, in transaction: Transaction) throws
        -> ObjectLink
    {
        guard let key = request.path.uuid("id"), let link = try transaction.link(LinkID(key)),
            link.kind == kind, link.object != nil
        else { throw notFound(kind) }
        return link
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

    private static func json(_ links: [ObjectLink], _ kind: ObjectKind, in transaction: Transaction) throws
        -> [JSONValue]
    {
        let users = try transaction.users(ids: links.compactMap(\.object?.user))
        let groups = try transaction.groups(ids: links.compactMap(\.object?.group))
        let portals = try portals(of: links, in: transaction)
        return links.compactMap { link in
            var json: [String: JSONValue] = [
                "id": .string(link.id.text), "microsoft_id": .string(link.entraID.rawValue),
                "provider": .integer(link.provider.rawValue), "attributes": .object(link.known),
                "presence": .string(link.presence.rawValue), "is_suspended": .bool(link.isSuspended),
                "portal": JSONValue(portal(of: link, portals)),
            ]
            if let user = link.object?.user.flatMap({ users[$0] }) {
                json["user"] = .integer(user.id.rawValue)
                json["user_obj"] = UserAnswer.partial(user)
            } else if let group = link.object?.group.flatMap({ groups[$0] }) {
                json["group"] = .string(group.id.text)
                json["group_obj"] = GroupAnswer.partial(group)
            } else {
                return nil
            }
            return .object(json)
        }
    }

    private static func portals(of links: [ObjectLink], in transaction: Transaction) throws -> [ProviderID: EntraPortal]
    {
        var portals: [ProviderID: EntraPortal] = [:]
        for id in Set(links.map(\.provider)) {
            portals[id] = try transaction.provider(id).flatMap { EntraPortal(of: $0.settings) }
        }
        return portals
    }

    /// The page of the Entra object in Microsoft's admin center; nil if there is none.
    private static func portal(of link: ObjectLink, _ portals: [ProviderID: EntraPortal]) -> String? {
        guard link.presence == .present else { return nil }
        return portals[link.provider]?.page(of: link.entraID, link.kind)
    }
}

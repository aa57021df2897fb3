import CausewayJSON
import CausewayStore

/// The operations that are the same for all objects with a path of their own: retrieve, delete, and name what uses them.
protocol ResourceOperations: SendableMetatype {
    associatedtype Object: Sendable

    static var model: APIModel { get }

    /// The object that a request's path names.
    ///
    /// - Throws: ``APIError`` of status 404 where there is none, or the caller may not see it.
    static func requested(_ request: APIRequest, in transaction: Transaction) throws -> Object

    /// By what events and other objects know it.
    static func label(of object: Object) -> (key: String, name: String)

    /// The object as the API answers it.
    static func json(_ object: Object, _ request: APIRequest, in transaction: Transaction) throws -> JSONValue

    /// Deletes it.
    ///
    /// - Throws: ``APIError`` where that is not allowed.
    static func delete(_ object: Object, _ request: APIRequest, in transaction: Transaction) throws

    /// What would change with it if it were deleted (``UsedBy``).
    static func uses(of object: Object, in transaction: Transaction) throws -> [JSONValue]
}

/// Objects that clients make and change, too, each in one transaction.
protocol EditableResourceOperations: ResourceOperations {
    /// Makes an object of what a request says.
    ///
    /// - Throws: ``APIError`` or `ValidationError` with what is wrong.
    static func made(by request: APIRequest, in transaction: Transaction) throws -> Object

    /// Changes an object as a request says.
    ///
    /// - Returns: the object as it is now.
    /// - Throws: ``APIError`` or `ValidationError` with what is wrong.
    static func changed(_ before: Object, by request: APIRequest, in transaction: Transaction) throws -> Object
}

extension ResourceOperations {
    /// - Parameter area: how the names of the operations begin, such as `core_users`.
    static func commonHandlers(of area: String) -> [String: APIHandler] {
        [
            "\(area)_retrieve": { try await retrieve($0) }, "\(area)_destroy": { try await destroy($0) },
            "\(area)_used_by_list": { try await usedBy($0) },
        ]
    }

    /// Writes down who did what with an object.
    static func record(_ action: String, _ object: Object, _ request: APIRequest, in transaction: Transaction) throws {
        let (key, name) = label(of: object)
        try request.record(action, model, key, name, in: transaction)
    }

    @Sendable static func retrieve(_ request: APIRequest) async throws -> APIResponse {
        .ok(try await request.store.read { try json(requested(request, in: $0), request, in: $0) })
    }

    @Sendable static func destroy(_ request: APIRequest) async throws -> APIResponse {
        try await request.store.write { transaction in
            let object = try requested(request, in: transaction)
            try delete(object, request, in: transaction)
            try record("model_deleted", object, request, in: transaction)
        }
        return .noContent
    }

    @Sendable static func usedBy(_ request: APIRequest) async throws -> APIResponse {
        .ok(.array(try await request.store.read { try uses(of: requested(request, in: $0), in: $0) }))
    }
}

extension EditableResourceOperations {
    /// - Parameter area: how the names of the operations begin, such as `core_users`.
    static func commonHandlers(ofEditable area: String) -> [String: APIHandler] {
        let own: [String: APIHandler] = [
            "\(area)_create": { try await create($0) }, "\(area)_update": { try await update($0) },
            "\(area)_partial_update": { try await update($0) },
        ]
        return commonHandlers(of: area).merging(own) { $1 }
    }

    @Sendable static func create(_ request: APIRequest) async throws -> APIResponse {
        let json = try await request.store.write { transaction in
            let object = try made(by: request, in: transaction)
            try record("model_created", object, request, in: transaction)
            return try Self.json(object, request, in: transaction)
        }
        return .created(json)
    }

    @Sendable static func update(_ request: APIRequest) async throws -> APIResponse {
        let json = try await request.store.write { transaction in
            let before = try requested(request, in: transaction)
            let object = try changed(before, by: request, in: transaction)
            try record("model_updated", object, request, in: transaction)
            return try Self.json(object, request, in: transaction)
        }
        return .ok(json)
    }
}

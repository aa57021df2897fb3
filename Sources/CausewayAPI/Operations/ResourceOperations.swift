import CausewayJSON
import CausewayModel
import CausewayStore

/// The operations that are the same for all objects with a path of their own: retrieve, delete, and list used-by relations.
protocol ResourceOperations: SendableMetatype {
    associatedtype Object: Sendable

    static var model: APIModel { get }

    /// The object that a request's path names.
    ///
    /// - Throws: ``APIError`` with status 404 if there is none, or if the caller may not see it.
    static func requested(_ request: APIRequest, in transaction: Transaction) throws -> Object

    /// The object's identity in events and in other objects.
    static func label(of object: Object) -> (key: String, name: String)

    /// The object as the API returns it.
    static func json(_ object: Object, _ request: APIRequest, in transaction: Transaction) throws -> JSONValue

    /// Deletes the object.
    ///
    /// - Throws: ``APIError`` if that is not allowed.
    static func delete(_ object: Object, _ request: APIRequest, in transaction: Transaction) throws

    /// The objects that a deletion would affect (``UsedBy``).
    static func uses(of object: Object, in transaction: Transaction) throws -> [JSONValue]

    /// The values of an object that is deleted.
    static func finalChanges(of object: Object) -> [FieldChange]

    /// What an event about the object concerns besides it.
    static func related(to object: Object, in transaction: Transaction) throws -> [EventReference]
}

/// An object that a request has created or changed, and how.
struct Edit<Object: Sendable>: Sendable {
    let object: Object
    let changes: [FieldChange]
}

/// Objects that clients can also create and change, each in one transaction.
protocol EditableResourceOperations: ResourceOperations {
    /// Creates an object from a request.
    ///
    /// - Throws: ``APIError`` or `ValidationError` with the errors of the request.
    static func made(by request: APIRequest, in transaction: Transaction) throws -> Edit<Object>

    /// Changes an object as the request says.
    ///
    /// - Throws: ``APIError`` or `ValidationError` with the errors of the request.
    static func changed(_ before: Object, by request: APIRequest, in transaction: Transaction) throws -> Edit<Object>
}

extension ResourceOperations {
    /// - Parameter area: the prefix of the operations' names, such as `core_users`.
    static func commonHandlers(of area: String) -> [String: APIHandler] {
        [
            "\(area)_retrieve": { try await retrieve($0) }, "\(area)_destroy": { try await destroy($0) },
            "\(area)_used_by_list": { try await usedBy($0) },
        ]
    }

    static func related(to object: Object, in transaction: Transaction) throws -> [EventReference] { [] }

    /// Records an event about an object.
    static func record(
        _ kind: EventKind,
        _ object: Object,
        _ request: APIRequest,
        _ changes: [FieldChange] = [],
        in transaction: Transaction
    ) throws {
        let (key, name) = label(of: object)
        let related = try related(to: object, in: transaction)
        try request.record(kind, model, key, name, changes, related: related, in: transaction)
    }

    @Sendable static func retrieve(_ request: APIRequest) async throws -> APIResponse {
        .ok(try await request.store.read { try json(requested(request, in: $0), request, in: $0) })
    }

    @Sendable static func destroy(_ request: APIRequest) async throws -> APIResponse {
        try await request.store.write { transaction in
            let object = try requested(request, in: transaction)
            let (key, name) = label(of: object)
            let related = try related(to: object, in: transaction)
            try delete(object, request, in: transaction)
            let changes = finalChanges(of: object)
            try request.record(.deleted, model, key, name, changes, related: related, in: transaction)
        }
        return .noContent
    }

    @Sendable static func usedBy(_ request: APIRequest) async throws -> APIResponse {
        .ok(.array(try await request.store.read { try uses(of: requested(request, in: $0), in: $0) }))
    }
}

extension EditableResourceOperations {
    /// - Parameter area: the prefix of the operations' names, such as `core_users`.
    static func commonHandlers(ofEditable area: String) -> [String: APIHandler] {
        let own: [String: APIHandler] = [
            "\(area)_create": { try await create($0) }, "\(area)_update": { try await update($0) },
            "\(area)_partial_update": { try await update($0) },
        ]
        return commonHandlers(of: area).merging(own) { $1 }
    }

    @Sendable static func create(_ request: APIRequest) async throws -> APIResponse {
        let json = try await request.store.write { transaction in
            let made = try made(by: request, in: transaction)
            try record(.created, made.object, request, made.changes, in: transaction)
            return try Self.json(made.object, request, in: transaction)
        }
        return .created(json)
    }

    @Sendable static func update(_ request: APIRequest) async throws -> APIResponse {
        let json = try await request.store.write { transaction in
            let before = try requested(request, in: transaction)
            let changed = try changed(before, by: request, in: transaction)
            try record(.updated, changed.object, request, changed.changes, in: transaction)
            return try Self.json(changed.object, request, in: transaction)
        }
        return .ok(json)
    }
}

import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import Foundation
import HTTPTypes
import Logging

/// `causeway/users/bulk/` and `causeway/groups/bulk/`: one change of many users or groups, in pieces, so that others can write in
/// between. Each object is changed as a single change does it, with its event and its journal entry; one that cannot be changed stops
/// no other. `causeway/bulk/`: how far a change is that goes on after its answer, on whichever node it is made.
enum BulkOperations {
    static let handlers: [String: APIHandler] = [
        "causeway_users_bulk_create": changeUsers, "causeway_groups_bulk_create": changeGroups,
        "causeway_bulk_retrieve": retrieve,
    ]

    /// How many objects one transaction changes: other writers wait for no more than that.
    private static let piece = 250

    private enum Action: String {
        case activate, deactivate, delete, add, remove
    }

    @Sendable private static func changeUsers(_ request: APIRequest) async throws -> APIResponse {
        let selected: Selection<UserID> = try selection(request, request.integers("users")?.map(UserID.init))
        var filter = UserFilter()
        filter.terms = terms(request)
        filter.isActive = request.object("matching")?["is_active"]?.bool
        filter.types = (request.object("matching")?["type"]?.array ?? []).compactMap(\.string).compactMap(UserType.init)
        let keys = try await keys(selected, request) { [filter] in try $0.userKeys(filter) }
        return try await change(keys, of: .user, request) { key, action, group, transaction in
            guard let user = try transaction.user(key) else { throw APIError.notFound("User") }
            try change(user, action, group, request, in: transaction)
        } name: { key, transaction in
            try transaction.user(key)?.username ?? "\(key)"
        }
    }

    @Sendable private static func changeGroups(_ request: APIRequest) async throws -> APIResponse {
        let selected = try selection(request, request.uuids("groups")?.map { GroupID($0) })
        var filter = GroupFilter()
        filter.terms = terms(request)
        let keys = try await keys(selected, request) { [filter] in try $0.groupKeys(filter) }
        return try await change(keys, of: .group, request) { key, action, parent, transaction in
            guard let group = try transaction.group(key) else { throw APIError.notFound("Group") }
            try change(group, action, parent, request, in: transaction)
        } name: { key, transaction in
            try transaction.group(key)?.name ?? key.text
        }
    }

    // MARK: Selection

    private enum Selection<Key: Sendable>: Sendable {
        case these([Key])
        /// All that match a filter, if they are as many as the client has shown to a person.
        case matching(count: Int64)
    }

    private static func selection<Key: Sendable>(_ request: APIRequest, _ keys: [Key]?) throws -> Selection<Key> {
        switch (keys, request.object("matching"), request.integer("count")) {
        case (let keys?, nil, _): return .these(keys)
        case (nil, .some, let count?): return .matching(count: count)
        case (nil, .some, nil): throw APIError.invalid("count", "This field is required with 'matching'.")
        default: throw APIError.invalid("non_field_errors", "Send either keys or 'matching'.")
        }
    }

    private static func terms(_ request: APIRequest) -> [String] {
        SearchTerms.terms(of: request.object("matching")?["search"]?.string ?? "")
    }

    /// - Throws: ``APIError`` with status 409 if the filter finds another number than the client has shown.
    private static func keys<Key: Sendable>(
        _ selection: Selection<Key>,
        _ request: APIRequest,
        _ find: @escaping @Sendable (Transaction) throws -> [Key]
    ) async throws -> [Key] {
        switch selection {
        case .these(let keys): return keys
        case .matching(let count):
            let found = try await request.store.read(find)
            guard found.count == count else {
                throw APIError.detail(
                    .conflict,
                    "The filter finds \(found.count) now, not \(count). Nothing was changed. Look at the list again."
                )
            }
            return found
        }
    }

    // MARK: Change

    /// What is done to the objects of a piece, and how far the whole is.
    private struct Work<Key: Sendable>: Sendable {
        let keys: [Key]
        let action: Action
        let request: APIRequest
        let change: @Sendable (Key, Action, Group?, Transaction) throws -> Void
        let name: @Sendable (Key, Transaction) throws -> String

        /// Changes the next objects, in a transaction that also stores how far it is if the change goes on after its answer.
        func step(_ state: BulkChange, isStored: Bool) async throws -> BulkChange {
            let start = state.done + state.failed
            let part = keys[start..<min(start + piece, keys.count)]
            return try await request.store.write { transaction in
                let group = try group(action, request, in: transaction)
                var state = state
                state.count(try part.map { try outcome($0, group, transaction) })
                if state.isComplete { state.ended = transaction.now }
                if isStored { try transaction.store(state, by: state.ended == nil ? OwnProcess.name : nil) }
                return state
            }
        }

        private func outcome(_ key: Key, _ group: Group?, _ transaction: Transaction) throws -> BulkChange.Failure? {
            do {
                try transaction.attempt { try change(key, action, group, transaction) }
                return nil
            } catch {
                guard let refusal = APIError(error) else { throw error }
                return BulkChange.Failure(name: try name(key, transaction), message: refusal.sentence)
            }
        }
    }

    private static func change<Key: Sendable>(
        _ keys: [Key],
        of kind: ObjectKind,
        _ request: APIRequest,
        _ change: @escaping @Sendable (Key, Action, Group?, Transaction) throws -> Void,
        name: @escaping @Sendable (Key, Transaction) throws -> String
    ) async throws -> APIResponse {
        guard let action = request.word("action", as: Action.self) else { throw APIError.invalid("action", "Unknown.") }
        let work = Work(keys: keys, action: action, request: request, change: change, name: name)
        let isInBackground = request.bool("background") == true
        let started = try await request.store.read { $0.now }
        var state = BulkChange(kind: kind, action: action.rawValue, total: keys.count, started: started)
        repeat {
            state = try await work.step(state, isStored: isInBackground)
        } while !isInBackground && !state.isComplete
        guard isInBackground else { return .ok(.object(numbers(of: state))) }
        if !state.isComplete { try await goOn(work, state) }
        return .ok(json(state, isInProgress: true))
    }

    // MARK: In the background

    /// Makes the rest of a change after its answer. A client that goes away does not stop it.
    private static func goOn<Key>(_ work: Work<Key>, _ begun: BulkChange) async throws {
        let isTaken = work.request.services.runs.queue.submit {
            var state = begun
            do {
                while !state.isComplete {
                    try Task.checkCancellation()
                    state = try await work.step(state, isStored: true)
                }
            } catch {
                await end(state, with: error, work.request)
            }
        }
        guard isTaken else {
            await leave(begun, nil, work.request)
            throw APIError.detail(.serviceUnavailable, "The server is shutting down.")
        }
    }

    /// Stores why a change ended early. What a server that shuts down could not finish is known as interrupted.
    private static func end(_ state: BulkChange, with error: any Error, _ request: APIRequest) async {
        guard !(error is CancellationError) else { return await leave(state, nil, request) }
        let refusal = APIError(error) ?? request.services.refusal(for: error, of: request.source)
        await leave(state, refusal.sentence, request)
    }

    /// Stores that no process goes on with a change, and why.
    private static func leave(_ state: BulkChange, _ reason: String?, _ request: APIRequest) async {
        // The task may be canceled, and the store refuses canceled tasks.
        let stored = Task { try await request.store.write { try $0.leave(state, because: reason) } }
        do { try await stored.value } catch {
            request.services.logger.error("the end of a bulk change was not stored", metadata: ["reason": "\(error)"])
        }
    }

    @Sendable private static func retrieve(_ request: APIRequest) async throws -> APIResponse {
        let found = try await request.store.read { transaction -> (state: BulkChange, isInProgress: Bool)? in
            guard let id = request.path.uuid("id"), let state = try transaction.bulkChange(id) else { return nil }
            return (state, try transaction.isInProgress(id, isGone: OwnProcess.isGone))
        }
        guard let found else { throw APIError.notFound("BulkChange") }
        return .ok(json(found.state, isInProgress: found.isInProgress))
    }

    private static func numbers(of state: BulkChange) -> [String: JSONValue] {
        [
            "done": .integer(Int64(state.done)), "failed": .integer(Int64(state.failed)),
            "failures": .array(state.failures.map { ["name": .string($0.name), "message": .string($0.message)] }),
        ]
    }

    private static func json(_ state: BulkChange, isInProgress: Bool) -> JSONValue {
        let unfinished = isInProgress ? "running" : "interrupted"
        let status = state.ended == nil ? unfinished : state.isComplete ? "done" : "stopped"
        let further: [String: JSONValue] = [
            "pk": .string(state.id.uuidString.lowercased()), "kind": .string("\(state.kind.rawValue)s"),
            "action": .string(state.action), "status": .string(status), "total": .integer(Int64(state.total)),
            "message": .string(state.message), "started": .string(APITime.text(state.started)),
            "finished": JSONValue(state.ended.map(APITime.text)),
        ]
        return .object(numbers(of: state).merging(further) { $1 })
    }

    /// The group of a change of memberships.
    private static func group(_ action: Action, _ request: APIRequest, in transaction: Transaction) throws -> Group? {
        guard action == .add || action == .remove else { return nil }
        let key = request.text("group").flatMap(UUID.init(uuidString:)).map { GroupID($0) }
        guard let key else { throw APIError.invalid("group", "This field is required.") }
        guard let group = try transaction.group(key) else { throw UserOperations.unknownKey("group", key.text) }
        return group
    }

    private static func change(
        _ user: User,
        _ action: Action,
        _ group: Group?,
        _ request: APIRequest,
        in transaction: Transaction
    ) throws {
        switch (action, group) {
        case (.activate, _), (.deactivate, _):
            var profile = user.profile
            profile.isActive = action == .activate
            if user.type == .internalServiceAccount {
                throw APIError.invalid("type", "Can't modify internal service account users")
            }
            try UserOperations.requireStayingActive(user, isActive: profile.isActive, request)
            guard try transaction.updateUser(user.id, to: profile) else { return }
            let changes = profile.changes(since: user.profile)
            try UserOperations.record(.updated, user, request, changes, in: transaction)
        case (.delete, _):
            try UserOperations.delete(user, request, in: transaction)
            let changes = UserOperations.finalChanges(of: user)
            try UserOperations.record(.deleted, user, request, changes, in: transaction)
        case (.add, let group?):
            guard try transaction.addMember(user.id, to: group.id) else { return }
            let change = FieldChange("users", added: [.integer(user.id.rawValue)])
            try GroupOperations.record(.updated, group, request, [change].compactMap(\.self), in: transaction)
        case (.remove, let group?):
            guard try transaction.removeMember(user.id, from: group.id) else { return }
            let change = FieldChange("users", removed: [.integer(user.id.rawValue)])
            try GroupOperations.record(.updated, group, request, [change].compactMap(\.self), in: transaction)
        case (.add, nil), (.remove, nil): return
        }
    }

    private static func change(
        _ group: Group,
        _ action: Action,
        _ parent: Group?,
        _ request: APIRequest,
        in transaction: Transaction
    ) throws {
        switch (action, parent) {
        case (.delete, _):
            try GroupOperations.delete(group, request, in: transaction)
            let changes = GroupOperations.finalChanges(of: group)
            try GroupOperations.record(.deleted, group, request, changes, in: transaction)
        case (.add, let parent?):
            guard try GroupOperations.addParent(parent.id, to: group.id, in: transaction) else { return }
            let change = FieldChange("parents", added: [.string(parent.id.text)])
            try GroupOperations.record(.updated, group, request, [change].compactMap(\.self), in: transaction)
        case (.remove, let parent?):
            guard try transaction.removeParent(parent.id, from: group.id) else { return }
            let change = FieldChange("parents", removed: [.string(parent.id.text)])
            try GroupOperations.record(.updated, group, request, [change].compactMap(\.self), in: transaction)
        case (.activate, _), (.deactivate, _), (.add, nil), (.remove, nil): return
        }
    }
}

extension APIError {
    /// Its messages, in one text.
    fileprivate var sentence: String {
        if let detail = body["detail"]?.string { return detail }
        return (body.object ?? [:]).sorted { $0.key < $1.key }
            .flatMap { ($0.value.array ?? [$0.value]).compactMap(\.string) }.joined(separator: " ")
    }
}

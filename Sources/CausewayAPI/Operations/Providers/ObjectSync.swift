import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import HTTPTypes

/// `sync/object/`: syncs one user or group now, and reports what was done.
enum ObjectSync {
    @Sendable static func run(_ request: APIRequest) async throws -> APIResponse {
        let (provider, object) = try await request.store.read { transaction in
            (
                try EntraProviderOperations.requested(request, in: transaction),
                try requestedObject(request, in: transaction)
            )
        }
        let instruction = RunInstruction(
            provider.id,
            trigger: .manual,
            mode: .apply,
            selection: .changes(ChangedObjects([object])),
            overridesDryRun: request.bool("override_dry_run") == true
        )
        let run: Run
        do {
            // A client that does not wait for the answer does not stop the sync.
            let started = try await request.services.runs.start(instruction)
            try await request.recordRun(started.run.id, "object", of: provider, object: object)
            run = try await started.result()
        } catch let error as ProviderBusyError {
            throw APIError.detail(.conflict, "\(error)")
        } catch let error as ProvisioningError {
            return .ok(["messages": [message(.error, error.description, provider, [:], request)]])
        }
        let actions = try await request.store.read { try $0.actions(of: run.id, after: 0, limit: 100) }
        let key: [String: JSONValue] = ["run": .string(run.id.text)]
        var messages = actions.map { message(of: $0, provider, key, request) }
        if !run.message.isEmpty { messages.append(message(.warning, run.message, provider, key, request)) }
        if messages.isEmpty { messages = [message(.info, "There is nothing to do.", provider, key, request)] }
        return .ok(["messages": .array(messages)])
    }

    private static func requestedObject(_ request: APIRequest, in transaction: Transaction) throws -> ObjectReference {
        let key = request.text("sync_object_id") ?? ""
        if request.text("sync_object_model") == "authentik.core.models.User" {
            guard let user = try Int64(key).flatMap({ try transaction.user(UserID($0)) }) else {
                throw APIError.notFound("User")
            }
            return ObjectReference(user.id)
        }
        guard let group = try GroupID(text: key).flatMap({ try transaction.group($0) }) else {
            throw APIError.notFound("Group")
        }
        return ObjectReference(group.id)
    }

    private enum Level: String { case info, warning, error }

    /// - Parameter key: the run, as an attribute of the message.
    private static func message(
        of stored: StoredAction,
        _ provider: EntraProvider,
        _ key: [String: JSONValue],
        _ request: APIRequest
    ) -> JSONValue {
        let level: Level =
            switch stored.outcome.status {
            case .failed: .error
            case .retry, .held, .sent: .warning
            default: .info
            }
        let detail = stored.outcome.message.isEmpty ? "" : ": \(stored.outcome.message) \(stored.outcome.remedy)"
        let attributes: [String: JSONValue] = [
            "outcome": .string(stored.outcome.status.rawValue), "reason": .string(stored.action.reason.sentence),
            "changes": .array(stored.action.changes.map(\.json)),
        ]
        return message(level, stored.action.phrase + detail, provider, attributes.merging(key) { $1 }, request)
    }

    private static func message(
        _ level: Level,
        _ event: String,
        _ provider: EntraProvider,
        _ attributes: [String: JSONValue],
        _ request: APIRequest
    ) -> JSONValue {
        [
            "timestamp": .string(APITime.text(.now())), "log_level": .string(level.rawValue),
            "logger": .string(provider.name), "event": .string(event), "attributes": .object(attributes),
        ]
    }
}

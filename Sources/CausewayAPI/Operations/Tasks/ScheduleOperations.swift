import CausewayJSON
import CausewayModel
import CausewayStore
import Crypto
import Foundation

/// `tasks/schedules/`: when each provider's full sync is due.
enum ScheduleOperations {
    static let handlers: [String: APIHandler] = [
        "tasks_schedules_list": list, "tasks_schedules_retrieve": retrieve, "tasks_schedules_update": update,
        "tasks_schedules_partial_update": update, "tasks_schedules_send_create": send,
    ]

    static let actor = "authentik.providers.microsoft_entra.tasks.microsoft_entra_sync"

    @Sendable private static func list(_ request: APIRequest) async throws -> APIResponse {
        let (list, query) = (try ListRequest(request), request.query)
        let all = try await request.store.read { transaction in
            try transaction.runStates().map { try Self.json($0, request, in: transaction) }
        }
        let found = all.filter { schedule in
            (query.bool("paused").map { $0 == schedule["paused"]?.bool } ?? true)
                && TaskFilter(query).accepts(schedule)
        }
        let searched = ["actor_name", "description", "rel_obj_id"]
        return try list.envelope(of: found, searched: searched, standard: ["next_run", "actor_name", "identifier"])
    }

    @Sendable private static func retrieve(_ request: APIRequest) async throws -> APIResponse {
        .ok(try await request.store.read { try Self.json(try requested(request, in: $0), request, in: $0) })
    }

    @Sendable private static func update(_ request: APIRequest) async throws -> APIResponse {
        let json = try await request.store.write { transaction in
            let before = try requested(request, in: transaction)
            let provider = before.provider
            if let text = request.text("crontab") {
                do { try transaction.setCron(try CronExpression(text), of: before.provider) } catch let error
                    as ValidationError
                {
                    throw APIError.invalid("crontab", error.problems.map(\.message).joined(separator: " "))
                }
            }
            if let isPaused = request.bool("paused") { try transaction.setPaused(isPaused, before.provider) }
            let after = try transaction.runState(of: provider)
            try request.record(
                .updated,
                .schedule,
                id(of: provider, request).uuidString.lowercased(),
                before.name,
                after.schedule.changes(since: before.schedule),
                related: [.provider(provider)],
                in: transaction
            )
            return try Self.json(after, request, in: transaction)
        }
        return .ok(json)
    }

    @Sendable private static func send(_ request: APIRequest) async throws -> APIResponse {
        try await request.store.write { transaction in
            let runState = try requested(request, in: transaction)
            guard runState.isAssigned else {
                throw APIError.invalid(
                    "non_field_errors",
                    "'\(runState.name)' is not assigned to an application; make it the backchannel provider of one first."
                )
            }
            _ = try transaction.requestRun(of: runState.provider, .manual)
            try request.record(
                .runRequested,
                .schedule,
                id(of: runState.provider, request).uuidString.lowercased(),
                runState.name,
                details: ["mode": "sync"],
                related: [.provider(runState.provider)],
                in: transaction
            )
        }
        return .noContent
    }
}

extension ScheduleOperations {
    /// A schedule has no key of its own; it is derived from the provider's.
    static func id(of provider: ProviderID, _ request: APIRequest) -> UUID {
        var bytes = Array(
            SHA256.hash(data: Data("schedule \(provider) of \(request.store.installationID)".utf8)).prefix(16)
        )
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }

    private static func requested(_ request: APIRequest, in transaction: Transaction) throws -> ProviderRunState {
        let key = request.path.uuid("id")
        guard let runState = try transaction.runStates().first(where: { id(of: $0.provider, request) == key }) else {
            throw APIError.notFound("Schedule")
        }
        return runState
    }

    private static func json(_ runState: ProviderRunState, _ request: APIRequest, in transaction: Transaction) throws
        -> JSONValue
    {
        let last = try transaction.runs(of: runState.provider, limit: 20).first { $0.trigger != .change }
        let next = runState.nextRun(at: transaction.now) ?? runState.schedule.nextRunAt ?? transaction.now
        return [
            "id": .string(id(of: runState.provider, request).uuidString.lowercased()), "identifier": .null,
            "uid": .string("\(actor):\(runState.provider)"), "actor_name": .string(actor),
            "rel_obj_app_label": .string(APIModel.provider.app), "rel_obj_model": .string(APIModel.provider.name),
            "rel_obj_id": .string("\(runState.provider)"), "crontab": .string(runState.schedule.cron.text),
            "paused": .bool(runState.schedule.isPaused), "next_run": .string(APITime.text(next)),
            "description": .string("Full sync of \(runState.name)"),
            "last_task_status": JSONValue(last.map { TaskState.aggregated($0.status) }),
        ]
    }
}

import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation

/// `tasks/tasks/` and `tasks/workers/`: each run of a provider is a task.
enum TaskOperations {
    static let handlers: [String: APIHandler] = [
        "tasks_tasks_list": list, "tasks_tasks_retrieve": retrieve, "tasks_tasks_retry_create": retry,
        "tasks_tasks_status_retrieve": status, "tasks_workers_list": workers,
    ]

    @Sendable private static func list(_ request: APIRequest) async throws -> APIResponse {
        let (list, query) = (try ListRequest(request), request.query)
        var filter = RunFilter()
        if let key = query.text("rel_obj_id") {
            guard let provider = Int64(key) else { return try list.envelope(count: 0, []) }
            filter.provider = ProviderID(provider)
        }
        filter.statuses = try statuses(query) ?? []
        if let found = try statuses(query), found.isEmpty { return try list.envelope(count: 0, []) }
        guard matchesEverything(query, list.terms) else { return try list.envelope(count: 0, []) }
        let (count, tasks) = try await request.store.read { [filter] transaction in
            let page = try transaction.runPage(filter, list.slice)
            let names = Dictionary(uniqueKeysWithValues: try transaction.providers().map { ($0.id, $0.name) })
            return (page.count, page.rows.map { json($0, names, problems: []) })
        }
        return try list.envelope(count: count, tasks)
    }

    /// The runs that have one of the requested statuses; nil if none is requested.
    private static func statuses(_ query: APIValues) throws -> [RunStatus]? {
        let (state, aggregated) = (query.text("state"), Set(query.texts("aggregated_status")))
        guard state != nil || !aggregated.isEmpty else { return nil }
        return RunStatus.allCases.filter { status in
            (state.map { $0 == TaskState.state(status) } ?? true)
                && (aggregated.isEmpty || aggregated.contains(TaskState.aggregated(status)))
        }
    }

    /// What is the same for every run is read once.
    private static func matchesEverything(_ query: APIValues, _ terms: [String]) -> Bool {
        let sample: JSONValue = [
            "actor_name": .string(ScheduleOperations.actor), "rel_obj_app_label": .string(APIModel.provider.app),
            "rel_obj_model": .string(APIModel.provider.name), "rel_obj_id": JSONValue(query.text("rel_obj_id") ?? "1"),
            "queue_name": "default",
        ]
        let text = ScheduleOperations.actor
        return TaskFilter(query).accepts(sample) && terms.allSatisfy { text.contains($0.lowercased()) }
    }

    @Sendable private static func retrieve(_ request: APIRequest) async throws -> APIResponse {
        let json = try await request.store.read { transaction in
            let run = try requested(request, in: transaction)
            let names = try transaction.provider(run.provider).map { [run.provider: $0.name] } ?? [:]
            let problems = try transaction.actions(of: run.id, statuses: OutcomeStatus.unfinished, after: 0, limit: 100)
            return Self.json(run, names, problems: problems)
        }
        return .ok(json)
    }

    @Sendable private static func retry(_ request: APIRequest) async throws -> APIResponse {
        try await request.store.write { transaction in
            let run = try requested(request, in: transaction)
            guard TaskState.state(run.status) == "rejected" else {
                throw APIError.invalid("non_field_errors", "Only a rejected task can be retried.")
            }
            _ = try transaction.requestRun(of: run.provider, .manual)
            try request.record(
                .runRequested,
                .task,
                run.id.text,
                ScheduleOperations.actor,
                details: ["mode": "sync"],
                related: [.provider(run.provider)],
                in: transaction
            )
        }
        return .noContent
    }

    @Sendable private static func status(_ request: APIRequest) async throws -> APIResponse {
        let counts = try await request.store.read { transaction in
            try RunStatus.allCases.map { status in
                var filter = RunFilter()
                filter.statuses = [status]
                return (status, try transaction.runPage(filter, ListSlice(offset: 0, limit: 1, order: [])).count)
            }
        }
        let words = [
            "queued", "consumed", "preprocess", "running", "postprocess", "rejected", "done", "info", "warning",
            "error",
        ]
        let json = words.map { word in
            (
                word,
                counts.filter { TaskState.state($0.0) == word || TaskState.aggregated($0.0) == word }.reduce(0) {
                    $0 + $1.1
                }
            )
        }
        return .ok(.object(Dictionary(uniqueKeysWithValues: json.map { ($0.0, JSONValue.integer(Int64($0.1))) })))
    }

    @Sendable private static func workers(_ request: APIRequest) async throws -> APIResponse {
        let host = ProcessInfo.processInfo.hostName
        return .ok([
            [
                "worker_id": .string("\(ProcessInfo.processInfo.processIdentifier)@\(host)"),
                "version": .string(AdministrationOperations.dialect), "version_matching": true,
            ]
        ])
    }
}

extension TaskOperations {
    private static func requested(_ request: APIRequest, in transaction: Transaction) throws -> Run {
        guard let key = request.path.uuid("message_id"), let run = try transaction.run(RunID(key)) else {
            throw APIError.notFound("Task")
        }
        return run
    }

    private static func json(_ run: Run, _ names: [ProviderID: String], problems: [StoredAction]) -> JSONValue {
        let name = names[run.provider] ?? ""
        var logs = problems.map { problem in
            log(
                problem.outcome.status == .failed ? "error" : "warning",
                "\(problem.action.phrase): \(problem.outcome.message) \(problem.outcome.remedy)",
                name,
                run
            )
        }
        if !run.message.isEmpty {
            logs.insert(log(run.status == .failed ? "error" : "warning", run.message, name, run), at: 0)
        }
        return [
            "message_id": .string(run.id.text), "queue_name": "default",
            "actor_name": .string(ScheduleOperations.actor),
            "state": .string(TaskState.state(run.status)),
            "mtime": .string(APITime.text(run.finishedAt ?? run.startedAt)), "retries": 0, "eta": .null,
            "rel_obj_app_label": .string(APIModel.provider.app), "rel_obj_model": .string(APIModel.provider.name),
            "rel_obj_id": .string("\(run.provider)"), "uid": .string("\(ScheduleOperations.actor):\(run.provider)"),
            "logs": .array(logs), "previous_logs": [], "aggregated_status": .string(TaskState.aggregated(run.status)),
            "description": .string("Sync of \(name) (\(run.trigger.rawValue))"),
        ]
    }

    private static func log(_ level: String, _ text: String, _ provider: String, _ run: Run) -> JSONValue {
        [
            "timestamp": .string(APITime.text(run.finishedAt ?? run.startedAt)), "log_level": .string(level),
            "logger": .string(provider), "event": .string(text), "attributes": [:],
        ]
    }
}

import CausewayJSON
import CausewayModel
import CausewayStore

/// A provider's syncs, as authentik reports them after 2026.8: `last_sync` of a provider, and `syncs/`.
enum SyncAnswer {
    static func json(_ run: Run) -> JSONValue {
        [
            "status": .string(status(run.status)), "started_at": .string(APITime.text(run.startedAt)),
            "finished_at": JSONValue(run.finishedAt.map(APITime.text)),
            // A run is one task, found under `tasks/tasks/`.
            "tasks": [.string(run.id.text)], "provider": .integer(run.provider.rawValue),
            "users_count": .integer(Int64(run.examinedUsers)), "groups_count": .integer(Int64(run.examinedGroups)),
            "partial": .bool(!run.isFull),
        ]
    }

    private static func status(_ status: RunStatus) -> String {
        let word = TaskState.aggregated(status)
        return word == "info" ? "done" : word
    }

    @Sendable static func list(_ request: APIRequest) async throws -> APIResponse {
        let list = try ListRequest(request)
        let (count, syncs) = try await request.store.read { transaction in
            let provider = try EntraProviderOperations.requested(request, in: transaction)
            let page = try transaction.syncPage(of: provider.id, list.slice)
            return (page.count, page.rows.map(json))
        }
        return try list.envelope(count: count, syncs)
    }
}

import CausewayJSON
import CausewayModel
import CausewayStore

/// Runs, as Causeway's own part of the API gives them.
enum RunAnswer {
    static func json(_ run: Run, in transaction: Transaction) throws -> JSONValue {
        let counts = try transaction.actionCounts(of: run.id)
        return [
            "pk": .string(run.id.text), "provider": .integer(run.provider.rawValue),
            "trigger": .string(run.trigger.rawValue), "status": .string(run.status.rawValue),
            "is_final": .bool(run.status.isFinal), "message": .string(run.message),
            "examined_users": .integer(Int64(run.examinedUsers)),
            "examined_groups": .integer(Int64(run.examinedGroups)),
            "started": .string(APITime.text(run.startedAt)), "finished": JSONValue(run.finishedAt.map(APITime.text)),
            "counts": .array(counts.map(\.json)),
        ]
    }
}

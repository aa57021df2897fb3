import CausewayJSON
import CausewayModel
import CausewayStore

/// Runs and their actions, as Causeway's own part of the API gives them.
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
            "counts": .array(counts.map(json)),
        ]
    }

    private static func json(_ count: ActionCount) -> JSONValue {
        [
            "action": .string(count.verb.rawValue), "kind": .string(count.kind.rawValue),
            "outcome": .string(count.status.rawValue), "count": .integer(Int64(count.count)),
            "links": .integer(Int64(count.links)),
        ]
    }

    static func json(_ stored: StoredAction) -> JSONValue {
        let (action, outcome) = (stored.action, stored.outcome)
        return [
            "sequence": .integer(action.sequence), "action": .string(action.verb.rawValue),
            "kind": .string(action.kind.rawValue), "name": .string(action.name), "object": JSONValue(action.object?.id),
            "entra_id": JSONValue(action.entraID?.rawValue), "reason": .string(action.reason.rawValue),
            "detail": .string(action.detail), "dangerous": .bool(action.isDangerous),
            "changes": .array(
                action.changes.map { ["attribute": .string($0.attribute), "old": $0.old ?? .null, "new": $0.new] }
            ),
            "members": .integer(Int64(action.members.count)), "outcome": .string(outcome.status.rawValue),
            "message": .string(outcome.message), "remedy": .string(outcome.remedy),
            "attribute": JSONValue(outcome.attribute),
        ]
    }
}

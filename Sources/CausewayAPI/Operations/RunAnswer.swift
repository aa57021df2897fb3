import CausewayJSON
import CausewayModel
import CausewayStore

/// Runs in Causeway's own part of the API.
enum RunAnswer {
    static func json(_ run: Run, in transaction: Transaction) throws -> JSONValue {
        let counts = try transaction.actionCounts(of: run.id)
        let approval = try transaction.approval(of: run.id)
        return [
            "pk": .string(run.id.text), "provider": .integer(run.provider.rawValue),
            "trigger": .string(run.trigger.rawValue), "status": .string(run.status.rawValue),
            "is_final": .bool(run.status.isFinal), "message": .string(run.message),
            "examined_users": .integer(Int64(run.examinedUsers)),
            "examined_groups": .integer(Int64(run.examinedGroups)),
            "started": .string(APITime.text(run.startedAt)), "finished": JSONValue(run.finishedAt.map(APITime.text)),
            "is_full": .bool(run.isFull), "is_first_sync": .bool(try transaction.waitsForFirstSync(run)),
            "counts": .array(counts.map(\.json)), "trimmed": JSONValue(run.trimmedAt.map(APITime.text)),
            "approval": approval.map(json) ?? .null,
            "cancel_requested_by": JSONValue(try transaction.cancellation(of: run.id)?.requestedBy),
        ]
    }

    /// The same with who started it, which lists do not have.
    static func whole(_ run: Run, in transaction: Transaction) throws -> JSONValue {
        var json = try json(run, in: transaction).object ?? [:]
        json["started_by"] = JSONValue(try transaction.starter(of: run))
        return .object(json)
    }

    /// What a person decided, and the result.
    private static func json(_ approval: Approval) -> JSONValue {
        [
            "approved_by": .string(approval.approvedBy), "approved": .string(APITime.text(approval.approvedAt)),
            "expires": .string(APITime.text(approval.expiresAt)), "applied_by": JSONValue(approval.appliedBy?.text),
            "ended": JSONValue(approval.endedAt.map(APITime.text)), "end_reason": .string(approval.ending),
        ]
    }
}

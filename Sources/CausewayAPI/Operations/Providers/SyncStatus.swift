import CausewayJSON
import CausewayModel
import CausewayStore

/// How a provider's syncs are going, in authentik's words. Failures are shown: a status that says all is well while nothing is synced
/// is what administrators fear.
enum SyncStatus {
    static func json(of provider: ProviderID, in transaction: Transaction) throws -> JSONValue {
        let runs = try transaction.runs(of: provider, limit: 50)
        var json: [String: JSONValue] = [
            "is_running": .bool(runs.contains { !$0.status.isFinal && $0.finishedAt == nil })
        ]
        if let last = runs.first(where: { $0.trigger != .preview && $0.trigger != .change && $0.finishedAt != nil }) {
            json["last_sync_status"] = .string(TaskState.aggregated(last.status))
        }
        if let success = runs.first(where: { $0.status == .succeeded && $0.trigger != .change })?.finishedAt {
            json["last_successful_sync"] = .string(APITime.text(success))
        }
        if try transaction.outlook(of: provider).health != nil { json["last_sync_status"] = "error" }
        return .object(json)
    }
}

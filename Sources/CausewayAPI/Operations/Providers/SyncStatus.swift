import CausewayJSON
import CausewayModel
import CausewayStore

/// The status of a provider's syncs, in authentik's form. Failures are shown: a status must not say that all is well while nothing is
/// synced.
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
        if let stored = try transaction.provider(provider) {
            let outstanding = try transaction.outstanding(of: stored)
            json["last_sync_status"] = word(outstanding, json["last_sync_status"])
        }
        return .object(json)
    }

    /// The result of the last sync says little by itself, so everything outstanding since then is reported too.
    private static func word(_ outstanding: Outstanding, _ last: JSONValue?) -> JSONValue? {
        if outstanding.quarantine != nil { return "error" }
        let isGood = last == nil || last == "info"
        return outstanding.failing > 0 && isGood ? "warning" : last
    }
}

import CausewayJSON
import CausewayModel

/// The state of a provider, and what is outstanding.
enum ProviderStateAnswer {
    static func json(_ outstanding: Outstanding) -> JSONValue {
        [
            "state": .string(outstanding.state.rawValue),
            "sentences": JSONValue(outstanding.sentences), "outstanding": .array(outstanding.items.map(json)),
            "failing": .integer(Int64(outstanding.failing)),
            "retried": .integer(Int64(outstanding.retried)), "refused": .integer(Int64(outstanding.refused)),
            "waiting": .integer(Int64(outstanding.waitingRuns)),
            "changes": .integer(Int64(outstanding.changes)), "is_running": .bool(outstanding.isRunning),
            "run": JSONValue(outstanding.run?.text), "latest_run": JSONValue(outstanding.latestRun?.text),
            "is_paused": .bool(outstanding.isPaused),
            "requested": JSONValue(outstanding.request?.rawValue),
            "last_full_sync": JSONValue(outstanding.lastFullSync.map(APITime.text)),
        ]
    }

    private static func json(_ item: OutstandingItem) -> JSONValue {
        ["matter": .string(item.matter.rawValue), "sentence": .string(item.sentence)]
    }
}

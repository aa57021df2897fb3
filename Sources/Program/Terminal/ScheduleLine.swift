import CausewayJSON
import CausewayModel
import CausewayStore

/// When a provider runs, as text and as JSON.
struct ScheduleLine: Sendable {
    private let provider: EntraProvider
    private let runState: ProviderRunState
    private let now: Timestamp

    init(provider: EntraProvider, runState: ProviderRunState, now: Timestamp) {
        (self.provider, self.runState, self.now) = (provider, runState, now)
    }

    init(_ provider: EntraProvider, in transaction: Transaction) throws {
        self.init(
            provider: provider,
            runState: try transaction.runState(of: provider.id),
            now: transaction.now
        )
    }

    var name: String { provider.name }
    var cron: String { runState.schedule.cron.text }
    /// The expression in words, for those of a common form; empty for others.
    var words: String { runState.schedule.cron.words ?? "" }
    var state: String { runState.stateText(at: now) ?? provider.stateText }
    var nextRun: String { runState.nextRun(at: now)?.text ?? "none" }
    var lastFullSync: String { runState.schedule.lastFullSyncAt?.text ?? "never" }

    /// The next times of the schedule, the earliest first; empty while it is paused, or if the provider has no application.
    func nextTimes(_ count: Int) -> [Timestamp] {
        guard runState.isAssigned, !runState.schedule.isPaused else { return [] }
        return (0..<count).reduce(into: []) { times, _ in
            guard let next = runState.schedule.cron.next(after: times.last ?? now) else { return }
            times.append(next)
        }
    }

    var json: JSONValue {
        [
            "provider": .integer(provider.id.rawValue), "name": .string(name), "cron": .string(cron),
            "words": JSONValue(runState.schedule.cron.words),
            "is_paused": .bool(runState.schedule.isPaused), "next_run": JSONValue(runState.nextRun(at: now)?.text),
            "last_full_sync": JSONValue(runState.schedule.lastFullSyncAt?.text),
            "requested": JSONValue(runState.request?.trigger.rawValue), "quarantine": runState.quarantineJSON,
        ]
    }

    /// Who runs a request, and the alternative without a server.
    static func pickUp(_ provider: EntraProvider) -> String {
        "the server starts it within seconds. Without a server: causeway sync '\(provider.name)'"
    }
}

extension ProviderRunState {
    /// Why an assigned provider does not run by its schedule, in a few words; nil if it does.
    func stateText(at now: Timestamp) -> String? {
        guard isAssigned else { return nil }
        if isQuarantined(at: now) { return schedule.isPaused ? "paused, quarantine" : "quarantine" }
        return schedule.isPaused ? "paused" : nil
    }

    /// The failures of a provider that keeps failing; null if it does not.
    var quarantineJSON: JSONValue {
        guard let quarantine else { return .null }
        return [
            "failures": .integer(Int64(quarantine.failures)), "until": .string(quarantine.quarantinedUntil.text),
            "since": .string(quarantine.since.text), "reason": .string(quarantine.reason),
        ]
    }
}

import CausewayJSON

/// When a provider's full sync is due, as an administrator set it.
package struct ProviderSchedule: Hashable, Sendable {
    package var cron: CronExpression
    /// A paused provider runs only when a person asks for it.
    package var isPaused: Bool
    /// Nil until it is first computed.
    package var nextRunAt: Timestamp?
    /// When a full sync last finished.
    package let lastFullSyncAt: Timestamp?

    package init(
        cron: CronExpression,
        isPaused: Bool = false,
        nextRunAt: Timestamp? = nil,
        lastFullSyncAt: Timestamp? = nil
    ) {
        self.cron = cron
        self.isPaused = isPaused
        self.nextRunAt = nextRunAt
        self.lastFullSyncAt = lastFullSyncAt
    }

    /// Every four hours at a minute of the provider's own, so that many providers do not start together (authentik:
    /// `<minute> */4 * * *`).
    package static func standard(_ provider: ProviderID, installation: String) throws(ValidationError)
        -> ProviderSchedule
    {
        let minute = StableHash.value(of: "\(installation):\(provider)") % 60
        return ProviderSchedule(cron: try CronExpression("\(minute) */4 * * *"))
    }

    /// Whether it is due; a schedule that was never computed is not.
    package func isDue(at now: Timestamp) -> Bool {
        guard !isPaused, let nextRunAt else { return false }
        return nextRunAt <= now
    }
}

extension ProviderSchedule {
    /// What a person changed in it.
    package func changes(since before: ProviderSchedule) -> [FieldChange] {
        [
            FieldChange("crontab", from: .string(before.cron.text), to: .string(cron.text)),
            FieldChange("paused", from: .bool(before.isPaused), to: .bool(isPaused)),
        ].compactMap(\.self)
    }
}

/// FNV-1a: the same from start to start, unlike Swift's own hash.
private enum StableHash {
    static func value(of text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}

package import CausewayModel
package import Foundation

/// When a provider's full sync is due: every four hours at a minute of its own, so that many providers do not start together
/// (authentik: `<minute> */4 * * *`). Pure.
package struct SyncSchedule: Hashable, Sendable {
    /// 0 to 59.
    package let minute: Int

    private static let hours = 4

    package init(provider: ProviderID, installation: String) {
        // FNV-1a: any hash that stays the same from start to start will do.
        let hash = "\(installation):\(provider)".utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
            ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
        }
        minute = Int(hash % 60)
    }

    /// The first time after a moment, in UTC.
    package func next(after moment: Date) -> Date {
        let period = Double(Self.hours * 3600)
        let offset = Double(minute * 60)
        let past = ((moment.timeIntervalSince1970 - offset) / period).rounded(.down)
        return Date(timeIntervalSince1970: (past + 1) * period + offset)
    }
}

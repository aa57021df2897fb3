package import Foundation

/// A point in time to the millisecond, in UTC; the form in the database and the API.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package init(_ date: Date) { milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded()) }

    /// The present moment by the system's clock.
    package static func now() -> Timestamp { Timestamp(Date()) }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    package static func + (point: Timestamp, span: Duration) -> Timestamp {
        Timestamp(milliseconds: point.milliseconds + span.wholeMilliseconds)
    }

    package static func - (point: Timestamp, span: Duration) -> Timestamp {
        Timestamp(milliseconds: point.milliseconds - span.wholeMilliseconds)
    }

    /// The span from an earlier point to this one.
    package static func - (later: Timestamp, earlier: Timestamp) -> Duration {
        .milliseconds(later.milliseconds - earlier.milliseconds)
    }

    package var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

    /// RFC 3339 with milliseconds and `Z`: `2026-11-24T08:00:00.000Z`.
    package var text: String {
        // Formatted by hand: a Date has a binary fraction, and formatting one cuts it to the wrong millisecond.
        let (seconds, fraction) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        let whole = Date(timeIntervalSince1970: Double(fraction < 0 ? seconds - 1 : seconds))
        let digits = String((fraction + 1000) % 1000 + 1000).dropFirst()
        return "\(whole.formatted(.iso8601).dropLast()).\(digits)Z"
    }
}

extension Duration {
    /// The span in whole milliseconds, truncated towards zero.
    package var wholeMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }

    /// The span in seconds.
    package var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

package import Foundation
import Synchronization

/// The system's time until it is changed.
package final class AdvancingClock: Sendable {
    private struct State {
        var offset = 0.0
        var frozenAt: Date?

        var now: Date { frozenAt ?? Date(timeIntervalSinceNow: offset) }
    }

    private let state = Mutex(State())

    package init() {}

    package func now() -> Date { state.withLock { $0.now } }

    package var isFrozen: Bool { state.withLock { $0.frozenAt != nil } }

    /// Moves the time forward.
    package func advance(by seconds: Double) {
        state.withLock { state in
            state.offset += seconds
            state.frozenAt?.addTimeInterval(seconds)
        }
    }

    /// Sets the time; it runs on from there.
    package func set(_ date: Date) { advance(by: date.timeIntervalSince(now())) }

    /// Stops the time where it is, or lets it run on.
    package func freeze(_ isFrozen: Bool) {
        state.withLock { state in
            let now = state.now
            state.offset = now.timeIntervalSinceNow
            state.frozenAt = isFrozen ? now : nil
        }
    }
}

extension Date {
    /// `2026-11-24T08:00:00Z`, as Graph writes it.
    var graphText: String { formatted(.iso8601) }

    /// The same with thousandths of a second.
    var graphTextWithFraction: String { formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }

    /// Reads the forms that Graph and people write: with or without fractions of a second, and nothing else.
    init?(graphText text: String) {
        // Foundation alone would accept the 31st of February, or text after the time.
        let form = #/(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)/#
        guard let day = text.wholeMatch(of: form)?.1,
            let midnight = try? Date.ISO8601FormatStyle().parse("\(day)T00:00:00Z"), midnight.graphText.hasPrefix(day)
        else { return nil }
        let strategies = [Date.ISO8601FormatStyle(), Date.ISO8601FormatStyle(includingFractionalSeconds: true)]
        guard let date = strategies.lazy.compactMap({ try? $0.parse(text) }).first else { return nil }
        self = date
    }
}

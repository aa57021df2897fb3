package import Foundation
import Synchronization

/// The tenant's time. Tests turn it forward instead of waiting.
package protocol TenantClock: Sendable {
    func now() -> Date
    /// Moves the time forward.
    func advance(by seconds: Double)
}

/// The system's time, plus whatever it was advanced by.
package final class AdvancingClock: TenantClock {
    private let offset = Mutex(0.0)

    package init() {}

    package func now() -> Date { Date(timeIntervalSinceNow: offset.withLock { $0 }) }

    package func advance(by seconds: Double) { offset.withLock { $0 += seconds } }
}

extension Date {
    /// `2026-11-24T08:00:00Z`, as Graph writes it.
    var graphText: String { formatted(.iso8601) }
}

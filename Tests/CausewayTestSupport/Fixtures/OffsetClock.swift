package import CausewayModel
import Synchronization

/// A machine's clock that is set wrong, and goes on.
package final class OffsetClock: Sendable {
    private let offset = Mutex(Duration.zero)

    package init() {}

    package var now: Timestamp { .now() + offset.withLock { $0 } }

    package func set(ahead offset: Duration) { self.offset.withLock { $0 = offset } }
}

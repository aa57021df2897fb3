package import CausewayModel
import Synchronization

/// A clock that only the test moves.
package final class TestClock: Sendable {
    private let time: Mutex<Timestamp>

    package init(_ start: Timestamp = Timestamp(milliseconds: 1_795_600_000_000)) { time = Mutex(start) }

    package var now: Timestamp { time.withLock { $0 } }

    package func turn(by span: Duration) { time.withLock { $0 = $0 + span } }
}

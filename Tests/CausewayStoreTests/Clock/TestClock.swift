import CausewayModel
import Synchronization

/// A clock that stands until the test turns it.
final class TestClock: Sendable {
    private let time: Mutex<Timestamp>

    init(_ start: Timestamp = Timestamp(milliseconds: 1_795_600_000_000)) { time = Mutex(start) }

    var now: Timestamp { time.withLock { $0 } }

    func turn(by span: Duration) { time.withLock { $0 = $0 + span } }
}

import CausewayModel
import Synchronization

/// Remembers the latest time that this process has recorded in the database, so that most changes need not read it.
final class ClockWatch: Sendable {
    private let noted = Mutex<Timestamp?>(nil)

    /// How often the clock is checked; setting it back by less goes unnoticed.
    static let patience: Duration = .seconds(60)

    /// Whether to record the time in the database: it has not been recorded for a while, or the clock was set back.
    func isDue(at now: Timestamp) -> Bool {
        guard let noted = noted.withLock({ $0 }) else { return true }
        return now > noted + Self.patience || now + Self.patience < noted
    }

    func note(_ now: Timestamp) { noted.withLock { $0 = now } }
}

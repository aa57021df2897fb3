import CausewayModel
import Synchronization

/// Remembers the latest time that this process has noted in the database, so that most changes need not look there.
final class ClockWatch: Sendable {
    private let noted = Mutex<Timestamp?>(nil)

    /// The clock is looked at again after so long, and whoever puts it back by less is not noticed.
    static let patience: Duration = .seconds(60)

    /// Whether the database is to be told the time: it has not been for a while, or the clock was put back.
    func isDue(at now: Timestamp) -> Bool {
        guard let noted = noted.withLock({ $0 }) else { return true }
        return now > noted + Self.patience || now + Self.patience < noted
    }

    func note(_ now: Timestamp) { noted.withLock { $0 = now } }
}

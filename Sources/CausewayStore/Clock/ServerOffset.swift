import CausewayModel
import Synchronization

/// By how much the clock of the database's server is ahead of this machine's. Nodes whose clocks differ write the same times.
final class ServerOffset: Sendable {
    private let milliseconds = Atomic<Int64>(0)

    /// Zero without a server.
    var present: Duration { .milliseconds(milliseconds.load(ordering: .relaxed)) }

    /// Asks the server.
    ///
    /// - Parameter now: the time of this machine's clock. The answer takes a little, so the offset is too large by that.
    func measure(on connection: any DatabaseConnection, now: Timestamp) throws {
        guard let query = connection.dialect.serverTime else { return }
        try connection.query(query, []) { row in
            let difference = try row.integer("ms") - now.milliseconds
            milliseconds.store(difference, ordering: .relaxed)
        }
    }
}

import CausewayModel
import Foundation

/// A history of nodes in trouble: its seed, and the number of troubles.
struct NodePlan: Sendable, CustomStringConvertible {
    let seed: UInt64
    let troubles: Int
    let deleteAction: DeleteAction

    var description: String { "seed \(seed), \(troubles) troubles, leavers: \(deleteAction.rawValue)" }

    private static let troublesARound = 4

    /// `CAUSEWAY_TEST_NODE_ROUNDS` is the number of histories; `CAUSEWAY_TEST_SEED` repeats one.
    static let all: [NodePlan] = {
        let environment = ProcessInfo.processInfo.environment
        let rounds = environment["CAUSEWAY_TEST_NODE_ROUNDS"].flatMap { Int($0) } ?? 1
        return (0..<rounds).map { number in
            NodePlan(
                seed: HistorySeed.seed(of: number),
                troubles: troublesARound,
                deleteAction: number % 2 == 0 ? .delete : .suspend
            )
        }
    }()
}

/// What happens to a node.
enum NodeTrouble: String, CaseIterable, Sendable {
    /// Its process ends at once.
    case killed
    /// Its process is stopped for longer than a lease, and continues.
    case frozen
    /// Nothing passes between it and the database for longer than a lease; it reaches the tenant.
    case cutOff
    /// Its connections to the database are closed.
    case reset
    /// The server of the database is killed, and starts again after some seconds. All nodes lose it.
    case databaseKilled
}

import CausewayModel
import Foundation

/// A history of kills: its seed and their number.
struct CrashPlan: Sendable, CustomStringConvertible {
    let seed: UInt64
    let kills: Int
    let deleteAction: DeleteAction

    var description: String { "seed \(seed), \(kills) kills, leavers: \(deleteAction.rawValue)" }

    private static let killsAHistory = 25

    /// `CAUSEWAY_TEST_KILLS` is the total number of kills; `CAUSEWAY_TEST_SEED` repeats a history.
    static let all: [CrashPlan] = {
        let environment = ProcessInfo.processInfo.environment
        let kills = environment["CAUSEWAY_TEST_KILLS"].flatMap { Int($0) } ?? 40
        let count = max(2, (kills + killsAHistory - 1) / killsAHistory)
        return (0..<count).map { number in
            CrashPlan(
                seed: HistorySeed.seed(of: number),
                kills: kills / count + (number < kills % count ? 1 : 0),
                deleteAction: number % 2 == 0 ? .delete : .suspend
            )
        }
    }()
}

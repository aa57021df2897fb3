import Foundation

/// The seeds of random histories: each has its own, and the first one decides all of them. `CAUSEWAY_TEST_SEED` repeats a history.
enum HistorySeed {
    private static let first =
        ProcessInfo.processInfo.environment["CAUSEWAY_TEST_SEED"].flatMap { UInt64($0) } ?? .random(in: 0..<1_000_000)

    /// How to repeat what has just failed.
    static let text = "repeat with CAUSEWAY_TEST_SEED=\(first)"

    /// The seed of a history, by its number.
    static func seed(of number: Int) -> UInt64 { first &+ UInt64(number) &* 1_000_003 }
}

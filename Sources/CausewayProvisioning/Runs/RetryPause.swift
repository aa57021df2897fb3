/// The pause before the retry of an object that failed for a passing reason. Pure.
enum RetryPause {
    private static let first = 15
    private static let longest = 3600

    /// Twice as long after each failure: 15 s, 30 s, 1 min … 1 h.
    static func after(_ failures: Int) -> Duration {
        .seconds(min(first << min(max(failures - 1, 0), 10), longest))
    }
}

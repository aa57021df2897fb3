import Foundation

/// The results of imports, in memory: each is shown at an address of its own, to the user who imported, for an hour at most. So a page
/// that is loaded again shows the result, and imports nothing.
actor ImportResults {
    private struct Result {
        let key: String
        let user: String
        let until: ContinuousClock.Instant
        let report: ImportReportView
    }

    private var results: [Result] = []

    private static let lifetime = Duration.seconds(3600)
    private static let most = 50

    /// Keeps a result; the oldest give way.
    ///
    /// - Returns: the key with which it is found again.
    func keep(_ report: ImportReportView, of user: String) -> String {
        let key = UUID().uuidString.lowercased()
        results.removeAll { $0.until < ContinuousClock.now }
        results.append(Result(key: key, user: user, until: ContinuousClock.now + Self.lifetime, report: report))
        results.removeFirst(max(0, results.count - Self.most))
        return key
    }

    /// - Returns: nil for another user's result, and for one that is no longer kept.
    func report(_ key: String, of user: String) -> ImportReportView? {
        results.first { $0.key == key && $0.user == user && $0.until >= ContinuousClock.now }?.report
    }
}

/// A run, as the API gives it.
struct RunView: Decodable, Sendable {
    let pk: String
    let provider: Int64
    let trigger: String
    let status: String
    let isFinal: Bool
    let isFirstSync: Bool
    let message: String
    let examinedUsers: Int
    let examinedGroups: Int
    let started: String
    let finished: String?
    let counts: [Count]

    /// How many actions of a kind have an outcome.
    struct Count: Decodable, Sendable {
        let action: String
        let kind: DirectoryKind
        let outcome: String
        let count: Int
    }
}

extension RunView {
    /// Actions that were done.
    var done: Int { count(["applied", "unchanged"]) }
    /// Actions that failed.
    var failed: Int { count(["failed", "retry"]) }
    var total: Int { counts.reduce(0) { $0 + $1.count } }
    /// Actions that have an outcome.
    var settled: Int { total - count(["planned", "sent"]) }

    private func count(_ outcomes: Set<String>) -> Int {
        counts.filter { outcomes.contains($0.outcome) }.reduce(0) { $0 + $1.count }
    }
}

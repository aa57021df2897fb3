/// A run, as the API returns it.
struct RunView: Decodable, Sendable {
    let pk: String
    let provider: Int64
    let trigger: String
    let status: String
    let isFinal: Bool
    let isFirstSync: Bool
    let message: Message
    /// Who started it, as far as that is known; lists do not have it.
    let startedBy: String?
    /// Who wants the run to end.
    let cancelRequestedBy: String?
    let examinedUsers: Int
    let examinedGroups: Int
    let started: String
    let finished: String?
    /// When actions of it were deleted because they are old; nil if all are there.
    let trimmed: String?
    let counts: [Count]
    /// The decision of the person who approved what it held back.
    let approval: Approval?

    struct Approval: Decodable, Sendable {
        let approvedBy: String
        /// The run that carries it out.
        let appliedBy: String?
        /// When it was spent or became void.
        let ended: String?
    }

    /// The number of actions of a kind with an outcome.
    struct Count: Decodable, Sendable {
        let action: String
        let kind: DirectoryKind
        let outcome: String
        let count: Int
    }
}

extension RunView {
    /// The number of applied actions.
    var done: Int { count(["applied", "unchanged"]) }
    /// The number of failed actions.
    var failed: Int { count(["failed", "retry"]) }
    var total: Int { counts.reduce(0) { $0 + $1.count } }
    /// The number of actions with an outcome.
    var settled: Int { total - count(["planned", "sent"]) }

    private func count(_ outcomes: Set<String>) -> Int {
        counts.filter { outcomes.contains($0.outcome) }.reduce(0) { $0 + $1.count }
    }
}

import Synchronization

/// Whether it is worthwhile to separate what Graph refuses without saying why. If the application may not write objects of a kind
/// at all, separating each of thousands would bring nothing and cost many requests.
final class SeparationBudget: Sendable {
    private let inVain = Mutex(0)

    /// After this many objects in a row of which nothing was accepted, a session stops separating.
    private static let limit = 5

    var isLeft: Bool { inVain.withLock { $0 < Self.limit } }

    func note(isAnythingAccepted: Bool) { inVain.withLock { $0 = isAnythingAccepted ? 0 : $0 + 1 } }
}

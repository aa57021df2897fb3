import Synchronization

/// Whether it is worth while to separate what Graph refuses without saying why. Where the application may not write objects of a kind
/// at all, separating each of thousands would bring nothing and cost many requests.
final class SeparationBudget: Sendable {
    private let inVain = Mutex(0)

    /// So many objects in a row of which nothing was taken end the attempts of a session.
    private static let limit = 5

    var isLeft: Bool { inVain.withLock { $0 < Self.limit } }

    func note(hasArrived: Bool) { inVain.withLock { $0 = hasArrived ? 0 : $0 + 1 } }
}

import Synchronization

/// Whether a process takes up work. What it has begun it finishes.
package final class WorkGate: Sendable {
    private struct State {
        var obstacle: String?
        var hasCompany = false
    }

    private let state = Mutex(State())

    package init() {}

    /// Why it takes up no work; nil if it does.
    package var obstacle: String? { state.withLock { $0.obstacle } }

    /// Whether another node takes up work.
    package var hasCompany: Bool { state.withLock { $0.hasCompany } }

    /// Whether requests should go to other nodes.
    package var leavesToOthers: Bool { state.withLock { $0.obstacle != nil && $0.hasCompany } }

    /// - Parameters:
    ///   - obstacle: a sentence that says why not; nil to take up work.
    ///   - hasCompany: whether another node takes up work; nil if that stays as it was.
    /// - Returns: whether the obstacle is new.
    @discardableResult
    package func set(_ obstacle: String?, hasCompany: Bool?) -> Bool {
        state.withLock { state in
            defer { state = State(obstacle: obstacle, hasCompany: hasCompany ?? state.hasCompany) }
            return state.obstacle != obstacle
        }
    }
}

import CausewayModel

/// The destructive part of a plan.
struct DestructiveChanges: Equatable, Sendable {
    /// Actions that the guard counts.
    private(set) var actions = 0
    /// Those among them that need approval in any number.
    private(set) var asking = 0

    mutating func count(_ action: Action) {
        if action.isDestructive { actions += 1 }
        if action.asksFirst { asking += 1 }
    }
}

import CausewayModel

/// The destructive part of a plan.
struct DestructiveChanges: Equatable, Sendable {
    /// Actions that the guard counts: their number decides whether they need approval.
    private(set) var guarded = 0
    /// Actions that need approval in any number, and that the guard does not count: what first links would take away.
    private(set) var asking = 0

    var isEmpty: Bool { guarded + asking == 0 }

    mutating func count(_ action: Action) {
        if action.asksFirst { asking += 1 } else if action.isDestructive { guarded += 1 }
    }
}

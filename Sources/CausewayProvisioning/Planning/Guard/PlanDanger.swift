import CausewayModel

/// How much of a plan takes something away.
struct PlanDanger: Equatable, Sendable {
    /// Actions that the guard counts.
    private(set) var actions = 0
    /// Those among them that wait for a person, however few they are.
    private(set) var asking = 0

    mutating func count(_ action: Action) {
        if action.isDangerous { actions += 1 }
        if action.asksFirst { asking += 1 }
    }
}

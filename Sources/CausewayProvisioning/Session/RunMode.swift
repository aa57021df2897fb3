package import CausewayModel

/// What a run may do.
package enum RunMode: Hashable, Sendable {
    /// Plan, and change nothing in the tenant.
    case planOnly
    /// Plan and apply; what the guard objects to waits for approval.
    case apply
    /// Apply what a stored plan shows. If the new plan differs from it, nothing is applied. What the guard objects to waits for approval.
    case applyPlan(RunID)
}

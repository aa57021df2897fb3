import CausewayModel
import CausewayStore

/// What happens to a plan that has just been made.
enum PlanDisposition: Equatable {
    /// It is only shown, for the given reason, if there is one.
    case show(String)
    /// All of it is applied.
    case apply
    /// A part of it waits for a person, for this reason; the rest is applied.
    case holdBack(HeldExtent, String)
    /// All of it waits for a person, for this reason.
    case wait(String)
}

/// Reviews a plan before anything is sent: whether it is the requested plan, whether the guard objects, and what people have approved.
/// The review is part of the transaction that starts applying, so that nothing can come between.
struct PlanReview {
    let provider: EntraProvider
    let run: Run
    let destructive: DestructiveChanges

    /// How many actions a message names.
    private static let named = 3

    func disposition(in mode: RunMode, _ transaction: Transaction) throws -> PlanDisposition {
        if case .applyPlan(let wanted) = mode, let difference = try difference(from: wanted, transaction) {
            return .show(difference)
        }
        let blocked = try blockingReason(transaction)
        if mode == .planOnly { return .show(blocked?.sentence ?? "") }
        let first = FirstSync(provider: provider, run: run)
        if try first.mustWait(mode, in: transaction) {
            return .wait(first.sentence(hasSent: try transaction.hasApplied(provider.id)))
        }
        return blocked.map { .holdBack($0.extent, $0.sentence) } ?? .apply
    }

    /// How this plan differs from the requested one; nil if it does not.
    private func difference(from wanted: RunID, _ transaction: Transaction) throws -> String? {
        let comparison = try transaction.comparePlans(wanted, run.id, limit: Self.named)
        guard !comparison.isSame else { return nil }
        return
            "Nothing was applied: the directory or the tenant has changed since that plan was made. \(comparison.sentence) "
            + "The current plan is run \(run.id.text)."
    }

    /// Why a part of the plan waits, and which part; nil if all of it may be applied.
    private func blockingReason(_ transaction: Transaction) throws -> (extent: HeldExtent, sentence: String)? {
        guard !destructive.isEmpty else { return nil }
        let allowance = try GuardAllowance(of: provider, in: transaction)
        let sum = Guard.Changes(
            actions: destructive.guarded,
            recent: allowance.recent,
            managed: allowance.managed
        )
        let tooMuch =
            provider.restoredAt == nil
            ? Guard(settings: provider.settings).blockingReason(for: sum)
            : Guard.blockingReason(afterRestore: destructive.guarded)
        let reasons = [tooMuch, Guard.blockingReason(forFirstLinks: destructive.asking)].compactMap { $0 }
        guard !reasons.isEmpty else { return nil }
        let reason = reasons.joined(separator: " ")
        let extent: HeldExtent = tooMuch == nil ? .asking : .destructive
        let coverage = try transaction.coverage(of: run.id, extent, limit: Self.named)
        guard coverage.missing > 0 else { return nil }
        let isAfterApproval = coverage.covered > 0 || run.trigger == .approval
        return (extent, isAfterApproval ? "\(reason) \(coverage.sentence)" : reason)
    }
}

extension ApprovalCoverage {
    /// The actions that were not approved, by name.
    fileprivate var sentence: String {
        "Not approved: \(firstMissing.phrases(of: missing)). The directory or the tenant has changed since the approval."
    }
}

extension PlanComparison {
    /// The first differences, by name.
    var sentence: String {
        [("New", added, addedCount), ("No longer planned", removed, removedCount)].filter { $0.2 > 0 }
            .map { "\($0.0): \($0.1.phrases(of: $0.2))." }.joined(separator: " ")
    }
}

extension [Action] {
    /// The actions by name, and how many more there are.
    fileprivate func phrases(of all: Int) -> String {
        let names = map(\.phrase).joined(separator: ", ")
        return all > count ? "\(names) and \(all - count) more" : names
    }
}

import CausewayModel
import CausewayStore

/// What is to become of a plan that has just been made.
enum PlanDisposition: Equatable {
    /// It is only shown, for the reason given, if there is one.
    case show(String)
    /// All of it is carried out.
    case apply
    /// A part of it waits for a person, for this reason; the rest is carried out.
    case holdBack(HeldExtent, String)
    /// All of it waits for a person, for this reason.
    case wait(String)
}

/// Looks at a plan before anything is sent: whether it is the one that was asked for, what the guard says of it, and what people
/// have approved of it. Asked in the transaction that lets the plan be carried out, so that nothing can come between.
struct PlanReview {
    let provider: EntraProvider
    let run: Run
    let danger: PlanDanger

    /// Actions that a message names.
    private static let named = 3

    func disposition(in mode: RunMode, _ transaction: Transaction) throws -> PlanDisposition {
        if case .applyPlan(let wanted) = mode, let difference = try difference(from: wanted, transaction) {
            return .show(difference)
        }
        let blocked = try blockingReason(transaction)
        if mode == .planOnly { return .show(blocked?.sentence ?? "") }
        let first = FirstSync(provider: provider, run: run)
        if try first.mustWait(mode, in: transaction) { return .wait(first.sentence) }
        return blocked.map { .holdBack($0.extent, $0.sentence) } ?? .apply
    }

    /// How this plan differs from the one that was asked for; nil where it does not.
    private func difference(from wanted: RunID, _ transaction: Transaction) throws -> String? {
        let comparison = try transaction.comparePlans(wanted, run.id, limit: Self.named)
        guard !comparison.isSame else { return nil }
        return
            "Nothing was done: the directory or the tenant has moved since that plan was made. \(comparison.sentence) "
            + "The plan as it is now is run \(run.id.text)."
    }

    /// Why a part of the plan waits, and which; nil where all of it may go on.
    private func blockingReason(_ transaction: Transaction) throws -> (extent: HeldExtent, sentence: String)? {
        guard danger.actions > 0 else { return nil }
        // What first links would take away waits in any case; the limits are for the rest.
        let sum = Guard.Danger(
            actions: danger.actions - danger.asking,
            recent: try transaction.dangerousChanges(of: provider.id, since: transaction.now + Guard.memory * -1),
            managed: try transaction.managedCount(provider: provider.id)
        )
        let tooMuch = Guard(settings: provider.settings).blockingReason(for: sum)
        let reasons = [tooMuch, Guard.blockingReason(forFirstLinks: danger.asking)].compactMap { $0 }
        guard !reasons.isEmpty else { return nil }
        let reason = reasons.joined(separator: " ")
        let extent: HeldExtent = tooMuch == nil ? .asking : .dangerous
        let coverage = try transaction.coverage(of: run.id, extent, limit: Self.named)
        guard coverage.missing > 0 else { return nil }
        let isAfterApproval = coverage.covered > 0 || run.trigger == .approval
        return (extent, isAfterApproval ? "\(reason) \(coverage.sentence)" : reason)
    }
}

extension ApprovalCoverage {
    /// What nobody approved, by name.
    fileprivate var sentence: String {
        "Nobody approved \(firstMissing.phrases(of: missing)): the directory or the tenant has moved since the approval."
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

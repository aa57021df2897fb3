import CausewayModel
import CausewayStore

/// Works out everything that must be done so that the tenant holds what the directory says, and writes it down as a plan.
/// Nothing is sent to the tenant that would change it.
struct Planner {
    let draft: PlanDraft

    init(session: SyncSession, selection: PlanSelection = .everything) {
        draft = PlanDraft(session: session, selection: selection)
    }

    /// Notes what was decided beside the actions, before they are carried out.
    func commit() async throws { try await draft.commit() }

    /// Notes what counts once they are carried out.
    func conclude() async throws { try await draft.conclude() }

    /// Why nothing of the plan is to be carried out; of a plan for a few objects alone nothing is said.
    var objection: String? { draft.selection.objects == nil ? draft.failures.objection : nil }

    /// Makes the plan.
    ///
    /// - Returns: how much of it takes something away.
    func run() async throws -> PlanDanger {
        let users = try await UserPlanner(draft: draft).run()
        let groups = GroupPlanner(draft: draft)
        let looked = try await groups.run()
        var creations = looked.creations
        for judgement in try await draft.settleClaims() {
            if let (group, creation) = judgement.groupCreation {
                creations[group] = creation
            } else {
                try await draft.write(judgement.proposal)
            }
        }
        // Members come last: a group may hold groups that were looked at after it.
        try await MembershipPlanner(draft: draft, creations: creations).run()
        try await ExitPlanner(draft: draft).run()
        try await draft.finish()
        let run = draft.session.run
        try await draft.session.store.write { try $0.setExamined(users: users, groups: looked.count, of: run) }
        return draft.danger
    }
}

import CausewayModel
import CausewayStore

/// What is to be done about one object, before it is written into a plan.
struct Proposal: Sendable {
    /// Actions to be carried out, or with their outcome where they will not be.
    private(set) var actions: [StoredAction] = []
    /// What becomes of the drift that was found.
    private(set) var verdicts: [DriftVerdict] = []
    /// What is left as it is, and why, in sentences.
    private(set) var notes: [String] = []

    init() {}

    init(_ actions: [Action]) { add(actions) }

    /// A line that says why nothing is done about an object.
    init(refusing candidate: Candidate, _ reason: ActionReason, _ outcome: Outcome) {
        let action = Action(
            phase: candidate.object.kind == .user ? .users : .groups,
            verb: .skip,
            kind: candidate.object.kind,
            object: candidate.object,
            name: candidate.name,
            entraID: candidate.link?.entraID,
            reason: reason
        )
        actions = [StoredAction(action: action, outcome: outcome)]
    }

    /// The link to an object that a key found, if one did.
    init(linking candidate: Candidate, to entraID: EntraObjectID, by key: MatchKey?) {
        guard let key else { return }
        add([
            Action(
                phase: .links,
                verb: .link,
                kind: candidate.object.kind,
                object: candidate.object,
                name: candidate.name,
                entraID: entraID,
                reason: key.reason,
                detail: key.text
            )
        ])
    }

    mutating func add(_ further: StoredAction) { actions.append(further) }

    mutating func note(_ further: [String]) { notes += further }

    mutating func settle(_ verdict: DriftVerdict) { verdicts.append(verdict) }

    mutating func add(_ further: [Action], _ verdicts: [DriftVerdict] = []) {
        actions += further.map { StoredAction(action: $0, outcome: Outcome(.planned)) }
        self.verdicts += verdicts
    }
}

/// What was decided about one object, and what follows from it.
struct Judgement: Sendable {
    let candidate: Candidate
    let decision: Decision
    let proposal: Proposal
    /// The drift that stands of it.
    let drifts: [Drift]

    /// What people should know of the object beside what is done.
    var notes: [String] { (decision.desired?.notes ?? []) + proposal.notes }
}

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
        let line = Self.line(about: candidate, at: candidate.link?.entraID, reason)
        actions = [StoredAction(action: line, outcome: outcome)]
    }

    /// An action that sends nothing, to say something of an object.
    private static func line(
        about candidate: Candidate,
        at entraID: EntraObjectID?,
        _ reason: ActionReason,
        _ changes: [AttributeChange] = []
    ) -> Action {
        Action(
            phase: candidate.object.kind == .user ? .users : .groups,
            verb: .skip,
            kind: candidate.object.kind,
            object: candidate.object,
            name: candidate.name,
            entraID: entraID,
            reason: reason,
            changes: changes
        )
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

    /// What is remembered of refusals and no longer of use.
    private(set) var obsolete: [ObsoleteRefusal] = []

    /// Takes in what is not sent of an object.
    mutating func add(_ sifted: WriteSieve.Sifted, of candidate: Candidate, at entraID: EntraObjectID) {
        notes += sifted.notes
        obsolete += sifted.obsolete.map { ObsoleteRefusal(entraID: entraID, part: $0) }
        for (change, refusal) in sifted.refused {
            let line = Self.line(about: candidate, at: entraID, .refused, [change])
            actions.append(StoredAction(action: line, outcome: refusal.outcome))
        }
    }

    /// Sends nothing of some attributes.
    mutating func leaveOut(_ attributes: Set<String>) {
        guard !attributes.isEmpty else { return }
        actions = actions.compactMap { stored in
            let rest = stored.action.changes.filter { !attributes.contains($0.attribute) }
            if rest.count == stored.action.changes.count { return stored }
            // An update of nothing is none.
            guard !rest.isEmpty || stored.action.verb != .update else { return nil }
            return StoredAction(action: stored.action.with(changes: rest), outcome: stored.outcome)
        }
    }

    /// Has what gives some attributes wait for others, whatever can go without them aside.
    ///
    /// - Parameters:
    ///   - level: when its turn is.
    ///   - detail: for what it waits, in words.
    mutating func putOff(_ attributes: Set<String>, to level: Int, _ detail: String) {
        var later = 0
        actions = actions.flatMap { stored -> [StoredAction] in
            let action = stored.action
            guard [.users, .groups].contains(action.phase), stored.outcome.status == .planned else { return [stored] }
            let (waiting, rest) = (
                action.changes.filter { attributes.contains($0.attribute) },
                action.changes.filter { !attributes.contains($0.attribute) }
            )
            func at(_ level: Int, _ detail: String? = nil, _ changes: [AttributeChange]? = nil) -> StoredAction {
                StoredAction(
                    action: action.with(level: level, detail: detail, changes: changes),
                    outcome: stored.outcome
                )
            }
            switch action.verb {
            case .create, .restore:
                later = max(level, action.level)
                return [at(later, detail)]
            case .update where !waiting.isEmpty:
                let first = max(action.level, later == 0 ? 0 : later + 1)
                // Two writes to one object at the same time may be refused.
                later = max(level, rest.isEmpty ? first : first + 1)
                return (rest.isEmpty ? [] : [at(first, nil, rest)]) + [at(later, detail, waiting)]
            default:
                guard later > 0, action.verb != .skip else { return [stored] }
                later = max(later + 1, action.level)
                return [at(later)]
            }
        }
    }

    mutating func settle(_ verdict: DriftVerdict) { verdicts.append(verdict) }

    mutating func add(_ further: [Action], _ verdicts: [DriftVerdict] = []) {
        actions += further.map { StoredAction(action: $0, outcome: Outcome(.planned)) }
        self.verdicts += verdicts
    }
}

/// What is remembered of a part of an object that nobody wants to be written any more.
struct ObsoleteRefusal: Hashable, Sendable {
    let entraID: EntraObjectID
    let part: Refusal.Part
}

/// What was decided about one object, and what follows from it.
struct Judgement: Sendable {
    let candidate: Candidate
    let decision: Decision
    let proposal: Proposal
    /// The drift that stands of it.
    let drifts: [Drift]
    /// Whether the mappings make the user its own manager.
    var isOwnManager = false

    /// What people should know of the object beside what is done.
    var notes: [String] {
        (decision.given?.notes ?? [])
            + (isOwnManager ? ["'manager' names the user itself; give somebody else, or None for nobody."] : [])
            + proposal.notes
    }

    /// The same with something else to be done.
    func with(_ proposal: Proposal) -> Judgement {
        Judgement(
            candidate: candidate,
            decision: decision,
            proposal: proposal,
            drifts: drifts,
            isOwnManager: isOwnManager
        )
    }
}

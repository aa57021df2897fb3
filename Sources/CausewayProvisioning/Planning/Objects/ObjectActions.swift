import CausewayModel
import CausewayStore

/// The actions on one object, before they are written into a plan.
struct ObjectActions: Sendable {
    /// In order: actions to apply, and actions that will not be applied, with their outcome.
    private(set) var lines: [StoredAction] = []
    /// The new status of drift that was found.
    private(set) var driftUpdates: [DriftUpdate] = []
    /// What is left out, and why, in sentences.
    private(set) var notes: [String] = []
    /// Stored refusals that are obsolete.
    private(set) var obsolete: [ObsoleteRefusal] = []

    init() {}

    init(_ actions: [Action]) { add(actions) }

    /// An action that says why nothing is done about an object.
    init(reporting object: PlannedObject, _ reason: ActionReason, _ outcome: Outcome) {
        let line = Self.line(about: object, at: object.storedLink?.entraID, reason)
        lines = [StoredAction(action: line, outcome: outcome)]
    }

    /// An action that sends nothing, but reports about an object.
    private static func line(
        about object: PlannedObject,
        at entraID: EntraObjectID?,
        _ reason: ActionReason,
        _ changes: [AttributeChange] = []
    ) -> Action {
        Action(
            phase: object.reference.kind == .user ? .users : .groups,
            verb: .skip,
            kind: object.reference.kind,
            object: object.reference,
            name: object.name,
            entraID: entraID,
            reason: reason,
            changes: changes
        )
    }

    /// The link to an object that a key found, if one did.
    init(linking object: PlannedObject, to entraID: EntraObjectID, by key: MatchKey?) {
        guard let key else { return }
        add([
            Action(
                phase: .links,
                verb: .link,
                kind: object.reference.kind,
                object: object.reference,
                name: object.name,
                entraID: entraID,
                reason: key.reason,
                detail: key.text
            )
        ])
    }

    mutating func add(_ line: StoredAction) { lines.append(line) }

    mutating func add(_ actions: [Action]) {
        lines += actions.map { StoredAction(action: $0, outcome: Outcome(.planned)) }
    }

    mutating func add(_ updates: [DriftUpdate]) { driftUpdates += updates }

    /// Adds what is not sent of an object.
    mutating func add(_ sifted: WritableChanges.Sifted, about object: PlannedObject, at entraID: EntraObjectID) {
        notes += sifted.notes
        obsolete += sifted.obsolete.map { ObsoleteRefusal(entraID: entraID, part: $0) }
        for (change, refusal) in sifted.refused {
            let line = Self.line(about: object, at: entraID, .refused, [change])
            lines.append(StoredAction(action: line, outcome: refusal.outcome))
        }
    }

    /// Removes some attributes from what is sent.
    mutating func leaveOut(_ attributes: Set<String>) {
        guard !attributes.isEmpty else { return }
        lines = lines.compactMap { stored in
            let rest = stored.action.changes.filter { !attributes.contains($0.attribute) }
            if rest.count == stored.action.changes.count { return stored }
            // An update without attributes is none.
            guard !rest.isEmpty || stored.action.verb != .update else { return nil }
            return StoredAction(action: stored.action.with(changes: rest), outcome: stored.outcome)
        }
    }

    /// Makes the changes of some attributes wait for other objects, and separates what need not wait.
    ///
    /// - Parameters:
    ///   - level: the level at which they are sent.
    ///   - detail: what they wait for, in words.
    mutating func deferChanges(of attributes: Set<String>, to level: Int, _ detail: String) {
        var later = 0
        lines = lines.flatMap { stored -> [StoredAction] in
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
}

/// A stored refusal of a part of an object that is no longer desired.
struct ObsoleteRefusal: Hashable, Sendable {
    let entraID: EntraObjectID
    let part: Refusal.Part
}

import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore

/// A local object in scope, on its way into the plan.
struct Candidate: Sendable {
    let object: ObjectReference
    let name: String
    /// Its link, unless the Entra object is gone.
    let link: Connection?
    /// Whether it had a link whose Entra object is gone.
    let isRecreation: Bool
    /// Whether its account may sign in; nil for groups.
    let signIn: SignIn?

    init(_ object: ObjectReference, name: String, connection: Connection?, signIn: SignIn? = nil) {
        let isGone = connection.map { $0.presence != .present } ?? false
        self.object = object
        self.name = name
        self.signIn = signIn
        link = isGone ? nil : connection
        isRecreation = isGone
    }
}

/// What is to become of one object, its members aside.
enum Decision: Sendable {
    /// Nothing is done, for this reason; with what the mappings gave, where they gave something.
    case refuse(ActionReason, Outcome, given: DesiredObject? = nil)
    case create(DesiredObject, ActionReason)
    /// It is in the recycle bin.
    case restore(MirrorObject, DesiredObject, ActionReason)
    /// It exists: linked already, or to be linked because a key found it.
    case keep(Connection, foundBy: MatchKey?, DesiredObject)
}

extension Decision {
    /// What the object should be; nil where nothing is wanted of it.
    var desired: DesiredObject? {
        switch self {
        case .refuse: nil
        case .create(let desired, _), .restore(_, let desired, _), .keep(_, _, let desired): desired
        }
    }

    /// What the mappings gave, whatever becomes of it; nil where they gave nothing.
    var given: DesiredObject? {
        if case .refuse(_, _, let given) = self { given } else { desired }
    }

    /// What the Entra object is known to be, where there is one.
    var known: [String: JSONValue]? {
        switch self {
        case .refuse, .create: nil
        case .restore(let entra, _, _): entra.known
        case .keep(let link, _, _): link.known
        }
    }

    /// The Entra object, where there is one.
    var entraID: EntraObjectID? {
        switch self {
        case .refuse, .create: nil
        case .restore(let entra, _, _): entra.entraID
        case .keep(let link, _, _): link.entraID
        }
    }

    /// The Entra object that stays linked.
    var keptID: EntraObjectID? {
        guard case .keep(let link, nil, _) = self else { return nil }
        return link.entraID
    }

    /// Decides from what the mappings gave and what was found. Pure.
    ///
    /// - Parameters:
    ///   - link: the object's link, made or to be made.
    ///   - match: what looking for it came to, if it was looked for.
    init(_ candidate: Candidate, _ outcome: MappingOutcome, link: Connection?, match: Match?, rules: CreationRules) {
        if case .conflict(let detail) = match {
            let outcome = Outcome(
                .failed,
                message: "No Entra object can be chosen: \(detail).",
                rule: FailureRule(
                    "ambiguous-match",
                    title: "More than one object in Entra ID fits; none can be chosen."
                )
            )
            self = .refuse(.ambiguousMatch, outcome)
            return
        }
        switch outcome {
        case .skipped: self = .refuse(.skippedByMapping, Outcome(.skipped))
        case .failed(let problem): self = .refuse(.mappingFailed, Outcome(problem))
        case .desired(let made):
            var desired = DesiredObject(made)
            if let signIn = candidate.signIn {
                let isBlocked = link?.isSuspended ?? match.inBin?.isSuspended ?? false
                desired.settle(signIn, isNew: link == nil && match.inBin == nil, isBlockedByUs: isBlocked)
            }
            self = Self.decide(candidate, desired, link: link, match: match, rules: rules)
        }
    }

    private static func decide(
        _ candidate: Candidate,
        _ desired: DesiredObject,
        link: Connection?,
        match: Match?,
        rules: CreationRules
    ) -> Decision {
        let kind = candidate.object.kind
        let bin = match.inBin
        let isNew = link == nil && bin == nil
        if let objection = rules.objection(to: desired, kind: kind, isNew: isNew) {
            return .refuse(.invalidDesired, objection, given: desired)
        }
        if let bin { return .restore(bin, desired, candidate.isRecreation ? .vanishedFromEntra : .returned) }
        guard let link else {
            return .create(desired, candidate.isRecreation ? .vanishedFromEntra : .missingInEntra)
        }
        var key: MatchKey?
        if case .one(_, let found) = match { key = found }
        return .keep(link, foundBy: key, desired)
    }
}

extension Match? {
    /// The object in the recycle bin, where it is there.
    fileprivate var inBin: MirrorObject? {
        guard case .deleted(let object) = self else { return nil }
        return object
    }
}

extension Outcome {
    init(_ problem: MappingProblem) {
        self.init(
            .failed,
            message: problem.sentence,
            remedy: problem.remedy,
            attribute: problem.attribute,
            rule: problem.failureRule
        )
    }
}

import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore

/// What is to become of one object, its members aside.
enum Decision: Sendable {
    /// Nothing is done, for this reason; with what the mappings gave, where they gave something.
    case refuse(ActionReason, Outcome, given: DesiredObject? = nil)
    case create(DesiredObject, ActionReason)
    /// It is in the recycle bin.
    case restore(MirrorObject, DesiredObject, ActionReason)
    /// It exists: linked already, or to be linked because a key found it.
    case keep(ObjectLink, foundBy: MatchKey?, DesiredObject)
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
    /// - Parameter provider: says whether the accounts of inactive users are blocked.
    init(_ object: PlannedObject, provider: EntraProvider, rules: CreationRules) {
        if case .conflict(let detail) = object.match {
            self = .refuse(.ambiguousMatch, .ambiguous(detail))
            return
        }
        switch object.result.outcome {
        case .skipped: self = .refuse(.skippedByMapping, Outcome(.skipped))
        case .failed(let problem): self = .refuse(.mappingFailed, Outcome(problem))
        case .desired(let made):
            var desired = DesiredObject(made)
            if let signIn = object.local.signIn(at: provider) {
                let isBlocked = object.link?.isSuspended ?? object.match?.inBin?.isSuspended ?? false
                desired.resolveSignIn(signIn, isNew: object.isNew, isBlockedByUs: isBlocked)
            }
            self = Self.decide(object, desired, rules: rules)
        }
    }

    private static func decide(_ object: PlannedObject, _ desired: DesiredObject, rules: CreationRules) -> Decision {
        if let violation = rules.violation(in: desired, kind: object.reference.kind, isNew: object.isNew) {
            return .refuse(.invalidDesired, violation, given: desired)
        }
        let isRecreation = object.local.hasLostEntraObject
        if let bin = object.match?.inBin {
            return .restore(bin, desired, isRecreation ? .vanishedFromEntra : .returned)
        }
        guard let link = object.link else {
            return .create(desired, isRecreation ? .vanishedFromEntra : .missingInEntra)
        }
        var key: MatchKey?
        if case .one(_, let found) = object.match { key = found }
        return .keep(link, foundBy: key, desired)
    }
}

extension PlannedObject {
    /// Whether Entra has nothing that it is or was.
    fileprivate var isNew: Bool { link == nil && match?.inBin == nil }
}

extension Outcome {
    fileprivate static func ambiguous(_ detail: String) -> Outcome {
        Outcome(
            .failed,
            message: "No Entra object can be chosen: \(detail).",
            rule: FailureRule(
                "ambiguous-match",
                title: "More than one object in Entra ID fits; none can be chosen."
            )
        )
    }
}

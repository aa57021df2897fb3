import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore

/// The decision about one object, except its members. Indirect, since it is passed on more often than it is read.
indirect enum Decision: Sendable {
    /// Nothing is done, for this reason; with what the mappings returned, if they returned something.
    case leaveAlone(ActionReason, Outcome, given: DesiredObject? = nil)
    case create(DesiredObject, ActionReason)
    /// It is in the recycle bin.
    case restore(MirrorObject, DesiredObject, ActionReason)
    /// It exists: linked already, or found by a key and to be linked.
    case keep(ObjectLink, foundBy: MatchKey?, DesiredObject)
}

extension Decision {
    /// The desired object; nil if nothing is desired.
    var desired: DesiredObject? {
        switch self {
        case .leaveAlone: nil
        case .create(let desired, _), .restore(_, let desired, _), .keep(_, _, let desired): desired
        }
    }

    /// What the mappings returned, whatever the decision; nil if they returned nothing.
    var given: DesiredObject? {
        if case .leaveAlone(_, _, let given) = self { given } else { desired }
    }

    /// The known values of the Entra object, if there is one.
    var known: [String: JSONValue]? {
        switch self {
        case .leaveAlone, .create: nil
        case .restore(let entra, _, _): entra.known
        case .keep(let link, _, _): link.known
        }
    }

    /// The Entra object, if there is one.
    var entraID: EntraObjectID? {
        switch self {
        case .leaveAlone, .create: nil
        case .restore(let entra, _, _): entra.entraID
        case .keep(let link, _, _): link.entraID
        }
    }

    /// The Entra object that stays linked.
    var keptID: EntraObjectID? {
        guard case .keep(let link, nil, _) = self else { return nil }
        return link.entraID
    }

    /// Decides from what the mappings returned and what was found. Pure.
    ///
    /// - Parameter provider: says whether the accounts of inactive users are suspended.
    init(_ object: PlannedObject, provider: EntraProvider, rules: CreationRules) {
        if case .conflict(let detail) = object.match {
            self = .leaveAlone(.ambiguousMatch, .ambiguous(detail))
            return
        }
        switch object.result.outcome {
        case .skipped: self = .leaveAlone(.skippedByMapping, Outcome(.skipped))
        case .failed(let problem): self = .leaveAlone(.mappingFailed, Outcome(problem))
        case .desired(let made):
            var desired = DesiredObject(made)
            if let enablement = object.local.accountEnablement(at: provider) {
                let wasSuspended = object.link?.isSuspended ?? object.match?.inBin?.isSuspended ?? false
                desired.resolve(enablement, isNew: object.isNew, wasSuspendedByCauseway: wasSuspended)
            }
            self = Self.decide(object, desired, rules: rules)
        }
    }

    private static func decide(_ object: PlannedObject, _ desired: DesiredObject, rules: CreationRules) -> Decision {
        if let violation = rules.violation(in: desired, kind: object.reference.kind, isNew: object.isNew) {
            return .leaveAlone(.invalidDesired, violation, given: desired)
        }
        if let bin = object.match?.inBin {
            return .restore(bin, desired, object.local.hasLostEntraObject ? .vanishedFromEntra : .returned)
        }
        guard let link = object.link else {
            return .create(desired, object.local.hasLostEntraObject ? .vanishedFromEntra : .missingInEntra)
        }
        var key: MatchKey?
        if case .one(_, let found) = object.match { key = found }
        return .keep(link, foundBy: key, desired)
    }
}

extension PlannedObject {
    /// Whether Entra has neither a present nor a former object for it.
    fileprivate var isNew: Bool { link == nil && match?.inBin == nil }
}

extension Outcome {
    fileprivate static func ambiguous(_ detail: String) -> Outcome {
        Outcome(
            .failed,
            message: "The Entra object cannot be determined: \(detail).",
            rule: FailureRule(
                "ambiguous-match",
                title: "More than one object in Entra ID matches."
            )
        )
    }
}

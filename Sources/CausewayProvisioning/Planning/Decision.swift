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

    init(_ object: ObjectReference, name: String, connection: Connection?, vanished: Set<EntraObjectID>) {
        let isGone = connection.map { vanished.contains($0.entraID) } ?? false
        self.object = object
        self.name = name
        link = isGone ? nil : connection
        isRecreation = isGone
    }
}

/// What is to become of one object, its members aside.
enum Decision: Sendable {
    /// Nothing is done, for this reason.
    case refuse(ActionReason, Outcome)
    case create(DesiredObject, ActionReason)
    /// It exists: linked already, or to be linked because a key found it.
    case keep(Connection, foundBy: MatchKey?, DesiredObject)
}

extension Decision {
    /// Decides from what the mappings gave and what was found. Pure.
    ///
    /// - Parameters:
    ///   - link: the object's link, made or to be made.
    ///   - match: what looking for it came to, if it was looked for.
    init(_ candidate: Candidate, _ outcome: MappingOutcome, link: Connection?, match: Match?, rules: CreationRules) {
        if case .conflict(let detail) = match {
            let outcome = Outcome(.failed, message: "No Entra object can be chosen: \(detail).")
            self = .refuse(.ambiguousMatch, outcome)
            return
        }
        switch outcome {
        case .skipped: self = .refuse(.skippedByMapping, Outcome(.skipped))
        case .failed(let problem): self = .refuse(.mappingFailed, Outcome(problem))
        case .desired(let made):
            let desired = DesiredObject(properties: made.properties, secrets: made.secrets)
            let kind = candidate.object.kind
            if let objection = rules.objection(to: desired.properties, kind: kind, isNew: link == nil) {
                self = .refuse(.invalidDesired, objection)
            } else if let link {
                var key: MatchKey?
                if case .one(_, let found) = match { key = found }
                self = .keep(link, foundBy: key, desired)
            } else {
                self = .create(desired, candidate.isRecreation ? .vanishedFromEntra : .missingInEntra)
            }
        }
    }
}

extension Outcome {
    init(_ problem: MappingProblem) {
        self.init(.failed, message: problem.sentence, remedy: problem.remedy, attribute: problem.attribute)
    }
}

import CausewayJSON
import CausewayMapping
import CausewayModel

/// For how many objects of a plan the mappings failed, and with what.
struct MappingFailures {
    private var evaluated: [ObjectKind: Int] = [:]
    private var failed: [ObjectKind: Int] = [:]
    /// By cause: how often, and the first of them.
    private var problems: [Cause: (count: Int, problem: MappingProblem, object: Candidate)] = [:]

    /// What problems have in common that a person puts right together.
    private struct Cause: Hashable {
        let kind: ObjectKind
        let attribute: String?
        let rule: FailureRule
    }

    /// Fewer failures than this are bad data of single objects.
    private static let fewest = 10
    private static let share = 0.9
    private static let mostEvents = 20

    mutating func take(_ outcome: MappingOutcome, of candidate: Candidate) {
        let kind = candidate.object.kind
        evaluated[kind, default: 0] += 1
        guard case .failed(let problem) = outcome else { return }
        failed[kind, default: 0] += 1
        let cause = Cause(kind: kind, attribute: problem.attribute, rule: problem.failureRule)
        problems[cause, default: (0, problem, candidate)].count += 1
    }

    /// Why nothing of the plan is to be carried out: the mappings fail for nearly everything, so that what is left says little.
    var objection: String? {
        for kind in ObjectKind.allCases {
            guard let failed = failed[kind], let evaluated = evaluated[kind], failed >= Self.fewest,
                Double(failed) >= Double(evaluated) * Self.share,
                let worst = problems.filter({ $0.key.kind == kind }).values.max(by: { $0.count < $1.count })
            else { continue }
            return
                "The \(kind.rawValue) mappings fail for \(failed) of \(evaluated) \(kind.rawValue)s, so nothing was sent. Most often: "
                + "\(worst.problem.sentence) First at \(worst.object.name). \(worst.problem.remedy)"
        }
        return nil
    }

    /// One event for each sort of problem, the most frequent first (authentik: property_mapping_exception).
    func events(provider: EntraProvider) -> [(action: String, context: [String: JSONValue])] {
        problems.values.sorted { $0.count > $1.count }.prefix(Self.mostEvents).map { count, problem, object in
            (
                "property_mapping_exception",
                [
                    "provider": ["pk": .integer(provider.id.rawValue), "name": .string(provider.name)],
                    "mapping": .string(problem.mapping), "message": .string(problem.sentence),
                    "objects": .integer(Int64(count)),
                    "first": ["kind": .string(object.object.kind.rawValue), "name": .string(object.name)],
                ]
            )
        }
    }
}

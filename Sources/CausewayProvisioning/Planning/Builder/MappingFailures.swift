import CausewayJSON
import CausewayMapping
import CausewayModel

/// How many objects of a plan the mappings failed for, and why.
struct MappingFailures {
    private var evaluated: [ObjectKind: Int] = [:]
    private var failed: [ObjectKind: Int] = [:]
    /// By cause: the number of objects, and the first of them.
    private var problems: [Cause: (count: Int, problem: MappingProblem, first: First)] = [:]

    /// What problems that a person corrects together have in common.
    private struct Cause: Hashable {
        let kind: ObjectKind
        let attribute: String?
        let rule: FailureRule
    }

    /// The first object with the problem.
    private struct First {
        let kind: ObjectKind
        let name: String
    }

    /// Fewer failures than this are bad data of single objects.
    private static let fewest = 10
    private static let share = 0.9
    private static let mostEvents = 20

    /// Adds what the mappings returned for an object.
    mutating func take(_ object: PlannedObject) {
        let kind = object.reference.kind
        evaluated[kind, default: 0] += 1
        guard case .failed(let problem) = object.result.outcome else { return }
        failed[kind, default: 0] += 1
        let cause = Cause(kind: kind, attribute: problem.attribute, rule: problem.failureRule)
        problems[cause, default: (0, problem, First(kind: kind, name: object.name))].count += 1
    }

    /// Why nothing of the plan may be applied: the mappings fail for nearly everything, so the rest says little.
    var blockingReason: String? {
        for kind in ObjectKind.allCases {
            guard let failed = failed[kind], let evaluated = evaluated[kind], failed >= Self.fewest,
                Double(failed) >= Double(evaluated) * Self.share,
                let worst = problems.filter({ $0.key.kind == kind }).values.max(by: { $0.count < $1.count })
            else { continue }
            return
                "The \(kind.rawValue) mappings fail for \(failed) of \(evaluated) \(kind.rawValue)s, so nothing was sent. Most frequent: "
                + "\(worst.problem.sentence) First at \(worst.first.name). \(worst.problem.remedy)"
        }
        return nil
    }

    /// One event for each kind of problem, the most frequent first (authentik: property_mapping_exception).
    func events(of provider: EntraProvider) -> [MappingEvent] {
        problems.values.sorted { $0.count > $1.count }.prefix(Self.mostEvents).map { count, problem, first in
            MappingEvent(
                action: "property_mapping_exception",
                context: [
                    "provider": provider.inEvents, "mapping": .string(problem.mapping),
                    "message": .string(problem.sentence), "objects": .integer(Int64(count)),
                    "first": ["kind": .string(first.kind.rawValue), "name": .string(first.name)],
                ]
            )
        }
    }
}

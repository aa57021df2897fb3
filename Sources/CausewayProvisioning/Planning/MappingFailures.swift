import CausewayJSON
import CausewayMapping
import CausewayModel

/// For how many objects of a plan the mappings failed, and with what.
struct MappingFailures {
    private var evaluated: [ObjectKind: Int] = [:]
    private var failed: [ObjectKind: Int] = [:]
    /// By what is wrong: how often, and the first object.
    private var problems: [MappingProblem: (count: Int, object: Candidate)] = [:]

    /// Fewer failures than this are bad data of single objects.
    private static let fewest = 10
    private static let share = 0.9
    private static let mostEvents = 20

    mutating func take(_ outcome: MappingOutcome, of candidate: Candidate) {
        let kind = candidate.object.kind
        evaluated[kind, default: 0] += 1
        guard case .failed(let problem) = outcome else { return }
        failed[kind, default: 0] += 1
        // One that differs in the values alone is the same.
        problems[problem.kindOfProblem, default: (0, candidate)].count += 1
    }

    /// Why nothing of the plan is to be carried out: the mappings fail for nearly everything, so that what is left says little.
    var objection: String? {
        for kind in ObjectKind.allCases {
            guard let failed = failed[kind], let evaluated = evaluated[kind], failed >= Self.fewest,
                Double(failed) >= Double(evaluated) * Self.share,
                let worst = problems.filter({ $0.value.object.object.kind == kind }).max(by: {
                    $0.value.count < $1.value.count
                })
            else { continue }
            return
                "The \(kind.rawValue) mappings fail for \(failed) of \(evaluated) \(kind.rawValue)s, so nothing was sent. Most often: "
                + "\(worst.key.sentence) First at \(worst.value.object.name). \(worst.key.remedy)"
        }
        return nil
    }

    /// One event for each sort of problem, the most frequent first (authentik: property_mapping_exception).
    func events(provider: EntraProvider) -> [(action: String, context: [String: JSONValue])] {
        problems.sorted { $0.value.count > $1.value.count }.prefix(Self.mostEvents).map { problem, seen in
            (
                "property_mapping_exception",
                [
                    "provider": ["pk": .integer(provider.id.rawValue), "name": .string(provider.name)],
                    "mapping": .string(problem.mapping), "message": .string(problem.sentence),
                    "objects": .integer(Int64(seen.count)),
                    "first": ["kind": .string(seen.object.object.kind.rawValue), "name": .string(seen.object.name)],
                ]
            )
        }
    }
}

extension MappingProblem {
    /// The problem without the values that it happened to.
    fileprivate var kindOfProblem: MappingProblem {
        MappingProblem(
            mapping: mapping,
            attribute: attribute,
            line: line,
            column: column,
            message: message,
            remedy: remedy
        )
    }
}

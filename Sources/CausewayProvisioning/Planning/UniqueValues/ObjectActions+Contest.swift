import CausewayModel
import CausewayStore

extension ObjectActions {
    /// The remaining actions on an object, once it is known which values it gets, and when.
    ///
    /// - Parameter index: the object's index in the contest.
    init(_ contested: ContestedPlan, in contest: ValueContest, at index: Int) {
        let object = contested.plan.object
        let denials = contest.denials[index].sorted { $0.key.property.rawValue < $1.key.property.rawValue }
        if contest.isVoid(index), let vital = denials.first(where: { $0.key.isVital }) {
            self.init(reporting: object, .valueTaken, vital.value)
            return
        }
        self = contested.plan.actions
        leaveOut(Set(denials.map { $0.key.property.rawValue }))
        for denial in denials { add(ObjectActions(reporting: object, .valueTaken, denial.value).lines[0]) }
        let waiting = contest.granted(index).filter { contest.contenders[index].sources[$0] != nil }
        guard !waiting.isEmpty else { return }
        let reasons = waiting.flatMap { value in
            (contest.contenders[index].sources[value] ?? []).compactMap {
                $0.name.map { "\($0) gives up \(value.phrase)" }
            }
        }
        deferChanges(
            of: Set(waiting.map { $0.property.rawValue }),
            to: contest.level(index),
            "after \(reasons.sorted().joined(separator: " and "))"
        )
    }
}

extension ValueContest.Source {
    /// Who gives the value up.
    fileprivate var name: String? {
        switch self {
        case .stays: nil
        case .freed(let name), .contender(_, let name): name
        }
    }
}

import CausewayModel
import CausewayStore

extension ObjectActions {
    /// The remaining actions on an object, once it is known which values it gets, and when.
    ///
    /// - Parameter place: the object's place in the contest.
    init(_ contested: ContestedPlan, in contest: ValueContest, at place: Int) {
        let object = contested.plan.object
        let refusals = contest.refusals[place].sorted { $0.key.property.rawValue < $1.key.property.rawValue }
        if contest.isVoid(place), let vital = refusals.first(where: { $0.key.isVital }) {
            self.init(reporting: object, .valueTaken, vital.value)
            return
        }
        self = contested.plan.actions
        leaveOut(Set(refusals.map { $0.key.property.rawValue }))
        for refusal in refusals { add(ObjectActions(reporting: object, .valueTaken, refusal.value).lines[0]) }
        let waiting = contest.granted(place).filter { contest.contenders[place].sources[$0] != nil }
        guard !waiting.isEmpty else { return }
        let reasons = waiting.flatMap { value in
            (contest.contenders[place].sources[value] ?? []).compactMap {
                $0.name.map { "\($0) gives up \(value.phrase)" }
            }
        }
        putOff(
            Set(waiting.map { $0.property.rawValue }),
            to: contest.level(place),
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

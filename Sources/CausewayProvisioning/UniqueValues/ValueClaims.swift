import CausewayModel
import CausewayStore

/// Who gets values that only one object may have, while a plan is made. What is uncontested is planned at once; the rest waits until
/// everybody was looked at, so that pages make no difference.
struct ValueClaims {
    /// Who wants a value, by the value's hash: the place in `objects`. Texts are not kept, since all users of a directory may be new.
    private var claims: [Int: Int32] = [:]
    private var objects: [ObjectReference] = []
    private(set) var contested: [ContestedJudgement] = []

    /// Takes what was decided about an object.
    ///
    /// - Parameters:
    ///   - wanted: the unique values that it is to get.
    ///   - holders: who has them now.
    /// - Returns: whether nobody else has or wants any of them; otherwise it is kept here.
    mutating func take(
        _ judgement: Judgement,
        wanted: Set<UniqueValue>,
        holders: [UniqueValue: [FoundObject]]
    ) -> Bool {
        guard !wanted.isEmpty else { return true }
        let own = judgement.decision.entraID
        var others: [UniqueValue: [FoundObject]] = [:]
        var rivals: [UniqueValue: ObjectReference] = [:]
        let place = Int32(truncatingIfNeeded: objects.count)
        objects.append(judgement.candidate.object)
        for value in wanted {
            let found = (holders[value] ?? []).filter { $0.object.entraID != own }
            if !found.isEmpty { others[value] = found }
            if let first = claims[value.hashValue] {
                rivals[value] = objects[Int(first)]
            } else {
                claims[value.hashValue] = place
            }
        }
        guard !others.isEmpty || !rivals.isEmpty else { return true }
        contested.append(ContestedJudgement(judgement: judgement, wanted: wanted, holders: others, rivals: rivals))
        return false
    }

    /// Everything that waits, in the order in which it was decided about.
    mutating func takeContested() -> [ContestedJudgement] {
        defer { contested = [] }
        return contested
    }
}

/// What was decided about an object that wants values which others have or want.
struct ContestedJudgement: Sendable {
    let judgement: Judgement
    let wanted: Set<UniqueValue>
    let holders: [UniqueValue: [FoundObject]]
    /// Who was decided about earlier and wants the same.
    let rivals: [UniqueValue: ObjectReference]
}

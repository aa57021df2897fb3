import CausewayModel
import CausewayStore

/// Who gets values that only one object may have, while a plan is made. What is uncontested is planned at once; the rest waits until
/// everybody was looked at, so that pages make no difference.
struct ValueClaims {
    /// Who wants a value, by the value's hash: the place in `objects`. Texts are not kept, since all users of a directory may be new.
    private var claims: [Int: Int32] = [:]
    private var objects: [ObjectReference] = []
    private var contested: [ContestedPlan] = []

    var hasContested: Bool { !contested.isEmpty }

    /// Takes what was decided about an object.
    ///
    /// - Parameter holders: who has the wanted values now.
    /// - Returns: whether nobody else has or wants any of them; otherwise it is kept here.
    mutating func take(_ claim: ValueClaim, holders: [UniqueValue: [FoundObject]]) -> Bool {
        guard !claim.wanted.isEmpty else { return true }
        let own = claim.plan.decision.entraID
        var others: [UniqueValue: [FoundObject]] = [:]
        var rivals: [UniqueValue: ObjectReference] = [:]
        let place = Int32(truncatingIfNeeded: objects.count)
        objects.append(claim.plan.object.reference)
        for value in claim.wanted {
            let found = (holders[value] ?? []).filter { $0.object.entraID != own }
            if !found.isEmpty { others[value] = found }
            if let first = claims[value.hashValue] {
                rivals[value] = objects[Int(first)]
            } else {
                claims[value.hashValue] = place
            }
        }
        guard !others.isEmpty || !rivals.isEmpty else { return true }
        contested.append(ContestedPlan(plan: claim.plan, wanted: claim.wanted, holders: others, rivals: rivals))
        return false
    }

    /// Everything that waits, in the order in which it was decided about.
    mutating func takeContested() -> [ContestedPlan] {
        defer { contested = [] }
        return contested
    }
}

/// The plan of an object, and the values that only one object may have and that it gives.
struct ValueClaim {
    let plan: ObjectPlan
    let wanted: Set<UniqueValue>

    init(_ plan: ObjectPlan) { (self.plan, wanted) = (plan, plan.wantedValues) }
}

/// The plan of an object that wants values which others have or want.
struct ContestedPlan: Sendable {
    let plan: ObjectPlan
    let wanted: Set<UniqueValue>
    let holders: [UniqueValue: [FoundObject]]
    /// Who was decided about earlier and wants the same.
    let rivals: [UniqueValue: ObjectReference]
}

import CausewayModel
import CausewayStore

/// Which objects of a plan get unique values. Uncontested values are planned at once; the rest waits until all objects were planned, so
/// that the division into pages makes no difference.
struct ValueClaims {
    /// Who wants a value, by the value's hash: the index in `objects`. Texts are not kept, since all users of a directory may be new.
    private var claims: [Int: Int32] = [:]
    private var objects: [ObjectReference] = []
    private var contested: [ContestedPlan] = []

    var hasContested: Bool { !contested.isEmpty }

    /// Adds the decision about an object.
    ///
    /// - Parameter holders: who has the desired values now.
    /// - Returns: whether no other object has or wants any of them; otherwise it is kept here.
    mutating func take(_ claim: ValueClaim, holders: [UniqueValue: [FoundObject]]) -> Bool {
        guard !claim.wanted.isEmpty else { return true }
        let own = claim.plan.decision.entraID
        var others: [UniqueValue: [FoundObject]] = [:]
        var rivals: [UniqueValue: ObjectReference] = [:]
        let index = Int32(truncatingIfNeeded: objects.count)
        objects.append(claim.plan.object.reference)
        for value in claim.wanted {
            let found = (holders[value] ?? []).filter { $0.object.entraID != own }
            if !found.isEmpty { others[value] = found }
            if let first = claims[value.hashValue] {
                rivals[value] = objects[Int(first)]
            } else {
                claims[value.hashValue] = index
            }
        }
        guard !others.isEmpty || !rivals.isEmpty else { return true }
        contested.append(ContestedPlan(plan: claim.plan, wanted: claim.wanted, holders: others, rivals: rivals))
        return false
    }

    /// Everything that waits, in the order of the decisions.
    mutating func takeContested() -> [ContestedPlan] {
        defer { contested = [] }
        return contested
    }
}

/// The plan of an object, and the unique values that it frees.
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
    /// The earlier objects that want the same.
    let rivals: [UniqueValue: ObjectReference]
}

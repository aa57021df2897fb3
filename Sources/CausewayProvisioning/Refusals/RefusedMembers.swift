import CausewayJSON
import CausewayModel

/// The members of one group that Graph has refused to add or remove: those that are met again while the group is planned are left out.
final class RefusedMembers {
    /// What stands against all members of the group.
    let all: Refusal?
    private let refusals: [Refusal.Part: Refusal]
    private var met: [Refusal] = []

    /// - Parameters:
    ///   - refusals: what is remembered of the group.
    ///   - known: what the group is known to be: what was refused of another sort of group counts no more.
    init(_ refusals: [Refusal], of known: [String: JSONValue]) {
        let fingerprint = Refusal.fingerprint(ofMembers: known)
        let standing = refusals.filter { refusal in
            if case .attribute = refusal.part, refusal.part != Refusal.members { return false }
            return refusal.fingerprint == fingerprint
        }
        all = standing.first { $0.part == Refusal.members }
        self.refusals = Dictionary(standing.map { ($0.part, $0) }, uniquingKeysWith: { $1 })
    }

    /// Notes that a part is wanted, if it was refused before.
    ///
    /// - Returns: whether it was.
    func meet(_ part: Refusal.Part) -> Bool {
        guard let refusal = refusals[part] else { return false }
        met.append(refusal)
        return true
    }

    /// Notes that any member is wanted while none may be written.
    func meetAll() -> Refusal? {
        isMetWhole = all != nil
        return all
    }

    private var isMetWhole = false

    /// What was refused before and is wanted still, in one outcome; nil where there is nothing of the kind.
    var outcome: Outcome? {
        guard let first = met.first else { return nil }
        let told = first.outcome
        let member =
            switch first.part {
            case .member(let id), .formerMember(let id): id.rawValue
            case .attribute(let name): name
            }
        return Outcome(
            told.status,
            message: "\(met.count) members are not sent again, the first of them \(member): \(told.message)",
            remedy: told.remedy,
            attribute: "members",
            rule: told.rule
        )
    }

    /// What nobody wants any more.
    var unmet: [Refusal.Part] {
        if isMetWhole { return [] }
        let met = Set(met.map(\.part))
        return refusals.keys.filter { !met.contains($0) }
    }
}

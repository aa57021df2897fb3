import CausewayJSON
import CausewayModel

/// The members of one group that Graph refused to add or remove: planning leaves them out.
final class RefusedMembers {
    /// The refusal of all members of the group.
    let all: Refusal?
    private let refusals: [Refusal.Part: Refusal]
    private var met: [Refusal] = []

    /// - Parameters:
    ///   - refusals: the stored refusals of the group.
    ///   - known: the known values of the group: a refusal for another type of group no longer counts.
    init(_ refusals: [Refusal], of known: [String: JSONValue]) {
        let fingerprint = Refusal.fingerprint(ofMembers: known)
        let standing = refusals.filter { refusal in
            if case .attribute = refusal.part, refusal.part != Refusal.members { return false }
            return refusal.fingerprint == fingerprint
        }
        all = standing.first { $0.part == Refusal.members }
        self.refusals = Dictionary(standing.map { ($0.part, $0) }, uniquingKeysWith: { $1 })
    }

    /// Records that a part is desired, if it was refused before.
    ///
    /// - Returns: whether it was refused.
    func meet(_ part: Refusal.Part) -> Bool {
        guard let refusal = refusals[part] else { return false }
        met.append(refusal)
        return true
    }

    /// Records that a member is desired while none may be written.
    func meetAll() -> Refusal? {
        isMetWhole = all != nil
        return all
    }

    private var isMetWhole = false

    /// What was refused before and is still desired, in one outcome; nil if there is nothing.
    var outcome: Outcome? {
        guard let first = met.first else { return nil }
        let told = first.outcome
        let member =
            switch first.part {
            case .member(let id), .formerMember(let id): id.rawValue
            case .attribute(let name): name
            }
        let count = met.count == 1 ? "1 member is" : "\(met.count) members are"
        return Outcome(
            told.status,
            message: "\(count) not sent again. The first, \(member), was refused: \(told.message)",
            remedy: told.remedy,
            attribute: "members",
            rule: told.rule
        )
    }

    /// Refusals of what is no longer desired.
    var unmet: [Refusal.Part] {
        if isMetWhole { return [] }
        let met = Set(met.map(\.part))
        return refusals.keys.filter { !met.contains($0) }
    }
}

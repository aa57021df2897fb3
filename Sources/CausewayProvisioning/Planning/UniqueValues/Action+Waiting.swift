import CausewayModel
import CausewayStore

extension Action {
    /// Whether what should have freed a value that this takes has not done so, since it failed or is held back: then it is not sent in
    /// vain. Only what has others before it is looked at.
    ///
    /// - Returns: what to say of it; nil where it may be sent.
    func waiting(of run: RunID, provider: ProviderID, in transaction: Transaction) throws -> Outcome? {
        guard level > 0, [.create, .update, .restore].contains(verb) else { return nil }
        let known = try entraID.flatMap { try transaction.mirrorObject($0, provider: provider)?.known } ?? [:]
        let holders = try transaction.holders(of: wantedValues(known: known), provider: provider)
        for (value, holders) in holders.sorted(by: { $0.key.property.rawValue < $1.key.property.rawValue }) {
            guard let holder = holders.first(where: { $0.object.entraID != entraID }) else { continue }
            return try .waiting(
                for: value,
                at: holder,
                isHeld: transaction.holdsBack(run, at: holder.object.entraID)
            )
        }
        return nil
    }
}

extension Outcome {
    fileprivate static func waiting(for value: UniqueValue, at holder: FoundObject, isHeld: Bool) -> Outcome {
        let name = holder.link.map { "\($0.name)'s " } ?? ""
        return Outcome(
            isHeld ? .held : .retry,
            message: "It waits for \(value.phrase), which is still on \(name)\(holder.object.title).",
            remedy: isHeld
                ? "Approve or reject what is held back there; the next sync goes on from that."
                : "See what is said of that object; the next sync tries again.",
            attribute: value.property.rawValue,
            rule: isHeld ? nil : .taken(value)
        )
    }
}

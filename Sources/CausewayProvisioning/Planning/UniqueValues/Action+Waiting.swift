import CausewayModel
import CausewayStore

extension Action {
    /// Whether an action that should have freed a value for this one has not done so, because it failed or is held: then this one is
    /// not sent without a chance of success. Only actions that depend on others are checked.
    ///
    /// - Returns: the outcome; nil if it may be sent.
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
        let title = holder.object.title
        return Outcome(
            isHeld ? .held : .retry,
            message: holder.link.map { "It waits for \(value.phrase), which \($0.name)'s \(title) still has." }
                ?? "It waits for \(value.phrase), which \(title) still has.",
            remedy: isHeld
                ? "Approve or reject what is held there; the next sync continues from that."
                : "See the outcome of that object; the next sync tries again.",
            attribute: value.property.rawValue,
            rule: isHeld ? nil : .taken(value)
        )
    }
}

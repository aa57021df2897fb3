import CausewayJSON
import CausewayModel

/// Removes from the changes of an object what is certain to be refused, and what Graph has refused before. Pure.
struct WritableChanges {
    let writability: Writability
    /// The stored refusals of the object.
    let refusals: [Refusal]

    /// The changes after the sieve.
    struct Sifted {
        var send: [AttributeChange] = []
        /// What is left out, and why.
        var notes: [String] = []
        /// What is not sent again.
        var refused: [(change: AttributeChange, refusal: Refusal)] = []
        /// Stored refusals of what is no longer desired.
        var obsolete: [Refusal.Part] = []
    }

    /// - Parameters:
    ///   - known: the known values of the object.
    ///   - attributes: those whose stored refusals are obsolete unless a change is about them; nil for all except manager and members.
    func sift(
        _ changes: [AttributeChange],
        of known: [String: JSONValue],
        attributes: Set<String>? = nil
    ) -> Sifted {
        var sifted = Sifted()
        if changes.isEmpty, refusals.isEmpty { return sifted }
        var standing = Dictionary(
            refusals.compactMap { refusal -> (String, Refusal)? in
                guard case .attribute(let name) = refusal.part else { return nil }
                return attributes?.contains(name) ?? !Self.links.contains(name) ? (name, refusal) : nil
            },
            uniquingKeysWith: { $1 }
        )
        for change in changes {
            let refusal = standing.removeValue(forKey: change.attribute)
            if let blockingReason = writability.blockingReason(to: change, of: known) {
                sifted.notes.append(blockingReason)
                if let refusal { sifted.obsolete.append(refusal.part) }
            } else if let refusal, refusal.fingerprint == Refusal.fingerprint(change, of: known) {
                sifted.refused.append((change, refusal))
            } else {
                sifted.send.append(change)
            }
        }
        sifted.obsolete += standing.values.map(\.part)
        return sifted
    }

    private static let links: Set<String> = ["manager", "members"]
}

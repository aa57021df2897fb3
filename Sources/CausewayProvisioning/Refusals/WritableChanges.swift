import CausewayJSON
import CausewayModel

/// Takes out of the changes of an object what is known to be refused, and what Graph has refused before. Pure.
struct WritableChanges {
    let writability: Writability
    /// What is remembered of the object.
    let refusals: [Refusal]

    /// What became of changes.
    struct Sifted {
        var send: [AttributeChange] = []
        /// What is left as it is, and why.
        var notes: [String] = []
        /// What is not sent again.
        var refused: [(change: AttributeChange, refusal: Refusal)] = []
        /// What is remembered of what nobody wants any more.
        var obsolete: [Refusal.Part] = []
    }

    /// - Parameters:
    ///   - known: what the object is known to be.
    ///   - attributes: whose remembered refusals are obsolete unless a change is about them; nil for all but manager and members.
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

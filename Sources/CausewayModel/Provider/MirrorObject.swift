package import CausewayJSON

/// Where an Entra object is.
package enum EntraPresence: String, Sendable, CaseIterable {
    case present
    /// In the recycle bin, from which it can be restored for 30 days (Graph, deletedItems).
    case deleted
    /// Deleted for good.
    case purged
}

/// What the mirror knows of one Entra object, linked or not.
///
/// Causeway's own writes take precedence for a while over delta queries, which lag behind. A report that contradicts them during that time
/// makes the object stale, and it is read again after that time (Microsoft, "Designing for eventual consistency").
package struct MirrorObject: Hashable, Sendable {
    package let kind: ObjectKind
    package let entraID: EntraObjectID
    /// Graph's property names and values, without those that carry no information.
    package var known: [String: JSONValue]
    package var presence: EntraPresence
    /// When it disappeared; nil while it is present.
    package var deletedAt: Timestamp?
    /// The local object it belonged to before: until that was deleted, or its link ended, or Causeway deleted it.
    package var former: ObjectReference?
    /// When Causeway last wrote an attribute, as long as that matters; ``MirrorObject/existence`` for creating, deleting, restoring.
    package var written: [String: Timestamp]
    /// Since when a report contradicts Causeway's own writes; nil if none does.
    package var staleSince: Timestamp?
    /// Whether Causeway suspended the account because its user was inactive or had left: it stays known while the account is in the recycle
    /// bin or has no link, so that a return reactivates it. Reported here, but changed separately.
    package let isSuspended: Bool

    /// The name under which ``written`` records when Causeway created, deleted or restored the object itself.
    package static let existence = "id"
    /// The name under which ``written`` records when Causeway created it, until a report has confirmed it.
    package static let creation = "created"
    /// The name under which ``written`` records when Causeway restored it.
    package static let restoration = "restored"

    package init(
        kind: ObjectKind,
        entraID: EntraObjectID,
        known: [String: JSONValue],
        presence: EntraPresence = .present,
        deletedAt: Timestamp? = nil,
        former: ObjectReference? = nil,
        written: [String: Timestamp] = [:],
        staleSince: Timestamp? = nil,
        isSuspended: Bool = false
    ) {
        self.kind = kind
        self.entraID = entraID
        self.known = known
        self.presence = presence
        self.deletedAt = deletedAt
        self.former = former
        self.written = written
        self.staleSince = staleSince
        self.isSuspended = isSuspended
    }
}

/// The consistency window.
package struct ConsistencyWindow: Sendable {
    package let now: Timestamp
    package let time: Duration

    package init(now: Timestamp, time: Duration) { (self.now, self.time) = (now, time) }

    /// Whether a write at that moment still takes precedence over a report. A write that is as far in the future was made by a wrong
    /// clock.
    package func isFresh(_ written: Timestamp?) -> Bool { written.map { now < $0 + time && $0 < now + time } ?? false }
}

extension MirrorObject {
    /// Whether a plain read that does not find the object proves that it is gone.
    ///
    /// A replica may not know an object that was created or restored just now, and a listing may lack it. But a delta query that
    /// reports its deletion can only mean one after its creation; for a restored object it may mean the deletion before.
    ///
    /// - Parameter isTold: whether a delta query reported the deletion.
    package func isGone(isTold: Bool, _ consistencyWindow: ConsistencyWindow) -> Bool {
        guard presence == .present, consistencyWindow.isFresh(written[Self.existence]) else { return true }
        return isTold && !consistencyWindow.isFresh(written[Self.restoration])
    }

    /// Records a write of Causeway's own.
    package mutating func recordWrite(_ changes: [String: JSONValue], at moment: Timestamp) {
        for (name, value) in changes {
            known[name] = Self.kept(value)
            written[name] = moment
        }
    }

    /// Records that Causeway created it.
    package mutating func recordCreation(at moment: Timestamp) {
        setPresence(to: .present, at: moment)
        written[Self.creation] = moment
    }

    /// Records that Causeway moved the object.
    package mutating func setPresence(to presence: EntraPresence, at moment: Timestamp, former: ObjectReference? = nil)
    {
        written[Self.restoration] = presence == .present && self.presence != .present ? moment : nil
        self.presence = presence
        self.former = presence == .present ? nil : former ?? self.former
        deletedAt = presence == .present ? nil : moment
        written[Self.existence] = moment
    }

    /// What is stored of a value: unset members of complex values are left out, since Graph shows all of them (for instance fifteen
    /// extension attributes of each user). Nil: the value carries no information.
    package static func kept(_ value: JSONValue) -> JSONValue? {
        guard !isKeptWhole(value) else { return value }
        return switch value {
        case .null: nil
        case .array(let values): values.isEmpty ? nil : .array(values.map { kept($0) ?? $0 })
        case .object(let members): kept(members)
        default: value
        }
    }

    private static func kept(_ members: [String: JSONValue]) -> JSONValue? {
        let set = members.compactMapValues(kept)
        return set.isEmpty ? nil : .object(set)
    }

    /// Whether nothing in a value is left out: of most values nothing is, and they need not be copied.
    private static func isKeptWhole(_ value: JSONValue) -> Bool {
        switch value {
        case .null: false
        case .array(let values): !values.isEmpty && values.allSatisfy { $0.isNull || isKeptWhole($0) }
        case .object(let members): !members.isEmpty && members.values.allSatisfy(isKeptWhole)
        default: true
        }
    }
}

extension [String: JSONValue] {
    /// The address of the federated identity with which guests with any address sign in (Graph, objectIdentity).
    package var mailIdentity: String? {
        self["identities"]?.array?
            .first { $0["signInType"]?.string == "federated" && $0["issuer"]?.string == "mail" }?["issuerAssignedId"]?
            .string
    }
}

package import CausewayJSON

/// Where an Entra object is.
package enum EntraPresence: String, Sendable, CaseIterable {
    case present
    /// In the recycle bin, from which it can be restored for 30 days (Graph, deletedItems).
    case deleted
    /// Gone for good.
    case purged
}

/// What the mirror holds of one Entra object, linked or not.
///
/// What we wrote counts as true for a while, whatever a feed that lags behind may say; what it says against it meanwhile leaves
/// a doubt, and the object is read once more when the while is over (Microsoft, "Designing for eventual consistency").
package struct MirrorObject: Hashable, Sendable {
    package let kind: ObjectKind
    package let entraID: EntraObjectID
    /// Graph's property names and values, without those that say nothing.
    package var known: [String: JSONValue]
    package var presence: EntraPresence
    /// When it went; nil while it is present.
    package var deletedAt: Timestamp?
    /// The local object it belonged to before: when that was deleted, or its link was ended, or we deleted it.
    package var former: ObjectReference?
    /// When we last wrote an attribute, as long as that matters; ``MirrorObject/existence`` for making, deleting, restoring.
    package var written: [String: Timestamp]
    /// Since when something that we were told contradicts what we wrote; nil where nothing does.
    package var staleSince: Timestamp?
    /// Whether we blocked the account because its person was inactive or had left: it stays known while it lies in the recycle bin or has no
    /// link, so that whoever comes back is let in again. Told here, changed by itself alone.
    package let isSuspended: Bool

    /// The name under which ``written`` keeps when we made, deleted or restored the object itself.
    package static let existence = "id"
    /// The name under which ``written`` keeps when we made it, until it has been told of since.
    package static let creation = "created"
    /// The name under which ``written`` keeps when we restored it.
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

/// What Graph told of an object.
package struct ObjectSnapshot: Sendable {
    /// Graph's properties, null where they have no value.
    package let properties: [String: JSONValue]
    /// Everything that was asked for; what a whole report leaves out has no value. nil: the report names changes alone.
    package let selection: Set<String>?

    package init(_ properties: [String: JSONValue], selection: Set<String>? = nil) {
        self.properties = properties
        self.selection = selection
    }
}

/// How long what we wrote stands against what we are told.
package struct ConsistencyWindow: Sendable {
    package let now: Timestamp
    package let time: Duration

    package init(now: Timestamp, time: Duration) { (self.now, self.time) = (now, time) }

    /// Whether a write of that moment is still to be trusted more than a report. One that is as far ahead was made by a clock that was
    /// wrong.
    package func isFresh(_ written: Timestamp?) -> Bool { written.map { now < $0 + time && $0 < now + time } ?? false }
}

/// An attribute that somebody else changed in Entra.
package struct ExternalChange: Hashable, Sendable {
    package let attribute: String
    package let old: JSONValue
    package let new: JSONValue

    package init(attribute: String, old: JSONValue, new: JSONValue) {
        self.attribute = attribute
        self.old = old
        self.new = new
    }

    /// That somebody is a member now, or no longer.
    package init(membership isMember: Bool) {
        self.init(attribute: "members", old: .bool(!isMember), new: .bool(isMember))
    }
}

extension MirrorObject {
    /// Takes in what Graph told of the object.
    ///
    /// - Returns: what somebody else changed.
    package mutating func merge(_ report: ObjectSnapshot, _ consistencyWindow: ConsistencyWindow) -> [ExternalChange] {
        let isMadeByUs = written[Self.creation] != nil
        written = written.filter { consistencyWindow.isFresh($0.value) }
        if presence != .present {
            guard written[Self.existence] == nil else {
                staleSince = staleSince ?? consistencyWindow.now
                return []
            }
            // Whoever restored it by hand did not say that it is somebody else's now.
            (presence, deletedAt) = (.present, nil)
        }
        var external: [ExternalChange] = []
        for name in (report.selection ?? []).union(report.properties.keys).sorted() {
            let (old, new) = (known[name], report.properties[name].flatMap(Self.kept))
            guard old != new, old.flatMap(Self.kept) != new else { continue }
            if written[name] != nil {
                staleSince = staleSince ?? consistencyWindow.now
            } else {
                known[name] = new
                // What the service adds to an object that we made is nobody's change.
                if isMadeByUs, old.flatMap(Self.kept) == nil { continue }
                external.append(ExternalChange(attribute: name, old: old ?? .null, new: new ?? .null))
            }
        }
        return external
    }

    /// Takes in a first-hand answer to a read that came after every doubt.
    package mutating func reread(_ report: ObjectSnapshot, _ consistencyWindow: ConsistencyWindow) -> [ExternalChange] {
        staleSince = nil
        return merge(report, consistencyWindow)
    }

    /// Whether a plain read that does not find the object proves that it is gone.
    ///
    /// What we made or restored just now may be unknown to a replica, and be missing from a listing. But a feed that says that it was
    /// deleted can speak of no other deletion than one after we made it; of what was restored it may speak of the one before.
    ///
    /// - Parameter isTold: whether a feed said that it was deleted.
    package func isGone(isTold: Bool, _ consistencyWindow: ConsistencyWindow) -> Bool {
        guard presence == .present, consistencyWindow.isFresh(written[Self.existence]) else { return true }
        return isTold && !consistencyWindow.isFresh(written[Self.restoration])
    }

    /// Notes what we wrote.
    package mutating func recordWrite(_ changes: [String: JSONValue], at moment: Timestamp) {
        for (name, value) in changes {
            known[name] = Self.kept(value)
            written[name] = moment
        }
    }

    /// Notes that we made it.
    package mutating func made(at moment: Timestamp) {
        setPresence(to: .present, at: moment)
        written[Self.creation] = moment
    }

    /// Notes that the object is somewhere else now because of us.
    package mutating func setPresence(to presence: EntraPresence, at moment: Timestamp, former: ObjectReference? = nil)
    {
        written[Self.restoration] = presence == .present && self.presence != .present ? moment : nil
        self.presence = presence
        self.former = presence == .present ? nil : former ?? self.former
        deletedAt = presence == .present ? nil : moment
        written[Self.existence] = moment
    }

    /// What is kept of a value: unset members of complex values are left out, since Graph shows all of them (fifteen extension attributes of
    /// each user, for instance). nil: the value says nothing.
    package static func kept(_ value: JSONValue) -> JSONValue? {
        switch value {
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
}

extension [String: JSONValue] {
    /// The address of the federated identity by which guests with any address sign in (Graph, objectIdentity).
    package var mailIdentity: String? {
        self["identities"]?.array?
            .first { $0["signInType"]?.string == "federated" && $0["issuer"]?.string == "mail" }?["issuerAssignedId"]?
            .string
    }
}

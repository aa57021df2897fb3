import CausewayJSON
import CausewayModel
import CausewayStore

/// What looking for a local object in Entra came to.
enum Match: Equatable {
    case none
    case one(MirrorObject, MatchKey)
    /// More than one object fits, or the one that fits is taken: a person must say which it is.
    case conflict(String)
    /// In the recycle bin.
    case deleted(MirrorObject)
}

/// Finds the one Entra object that a local object is.
struct Matcher {
    let provider: ProviderID
    /// Entra objects that this plan links, by the name of the local object.
    private(set) var claimed: [EntraObjectID: String] = [:]

    init(provider: ProviderID) { self.provider = provider }

    /// Looks by one key after the other; the first that finds anything decides.
    mutating func match(_ keys: [MatchKey], kind: ObjectKind, name: String, in transaction: Transaction) throws -> Match
    {
        for key in keys {
            let found = try transaction.objects(matching: key, kind: kind, provider: provider).filter { found in
                // Names that are given more than once on purpose say nothing of an object that is known to be another.
                if case .displayName = key { return found.link?.isOrphaned ?? true }
                return true
            }
            guard let first = found.first else { continue }
            if found.count > 1 { return .conflict(Self.ambiguity(found, key)) }
            if let link = first.link, !link.isOrphaned {
                return .conflict("\(key.text) finds \(Self.text(first)), which is linked to \(link.name)")
            }
            return claim(first.object, by: key, for: name)
        }
        return .none
    }

    private mutating func claim(_ object: MirrorObject, by key: MatchKey, for name: String) -> Match {
        if let owner = claimed[object.entraID] {
            return .conflict("\(key.text) finds the object \(object.entraID), which is \(owner)'s already")
        }
        claimed[object.entraID] = name
        return .one(object, key)
    }

    /// Looks into the recycle bin for what is to be created otherwise.
    ///
    /// - Parameter key: the immutable id or unique name that a creation would give.
    mutating func deleted(_ object: ObjectReference, key: String?, name: String, in transaction: Transaction) throws
        -> Match
    {
        let found = try transaction.deletedObjects(of: object, key: key, provider: provider)
        let own = found.filter { $0.former == object }
        // The one that was deleted last, where we know them to be this object's.
        guard let best = own.first ?? (found.count == 1 ? found.first : nil) else {
            return found.isEmpty
                ? .none : .conflict(Self.ambiguity(found.map { FoundObject(object: $0, link: nil) }, key))
        }
        if case .conflict(let reason) = claim(best, by: .immutableID(key ?? ""), for: name) { return .conflict(reason) }
        return .deleted(best)
    }

    private static func ambiguity(_ found: [FoundObject], _ key: MatchKey) -> String {
        "\(key.text) finds \(found.map(text).joined(separator: " and ")); rename one of them, or link the right one by hand"
    }

    private static func ambiguity(_ found: [FoundObject], _ key: String?) -> String {
        "the recycle bin holds \(found.map(text).joined(separator: " and ")) under \(key ?? "its key"); purge or restore one by hand"
    }

    private static func text(_ found: FoundObject) -> String {
        let known = found.object.known
        let name = known["userPrincipalName"]?.string ?? known["displayName"]?.string
        return name.map { "\(found.object.entraID) (\($0))" } ?? "\(found.object.entraID)"
    }
}

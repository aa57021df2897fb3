import CausewayJSON
import CausewayModel
import CausewayStore

/// The result of looking for a local object in Entra.
enum Match: Equatable {
    case none
    case one(FoundObject, MatchKey)
    /// More than one object fits, or the one that fits is taken: a person must decide.
    case conflict(String)
    /// In the recycle bin.
    case deleted(MirrorObject)

    /// The object in the recycle bin, if it is there.
    var inBin: MirrorObject? {
        guard case .deleted(let object) = self else { return nil }
        return object
    }
}

/// Finds the one Entra object that a local object is.
///
/// A link says whose an object is, whatever its names say. An object that belonged to a user who was deleted or has left is not given
/// to another user, unless a key shows that both are the same person.
struct Matcher {
    let provider: EntraProvider
    /// Entra objects that this plan links, by the name of the local object.
    private(set) var claimed: [EntraObjectID: String] = [:]

    init(provider: EntraProvider) { self.provider = provider }

    /// Looks for an object among existing objects, then in the recycle bin.
    ///
    /// - Parameters:
    ///   - name: the local object's human-readable name.
    ///   - candidates: what its keys find.
    mutating func match(
        _ keys: SearchKeys,
        of object: ObjectReference,
        named name: String,
        among candidates: MatchCandidates,
        in transaction: Transaction
    ) throws -> Match {
        let match = try present(keys, of: object, named: name, candidates, in: transaction)
        return match == .none ? deleted(keys, of: object, named: name, candidates) : match
    }

    /// Looks by one key after the other; the first that finds anything decides.
    private mutating func present(
        _ keys: SearchKeys,
        of object: ObjectReference,
        named name: String,
        _ candidates: MatchCandidates,
        in transaction: Transaction
    ) throws -> Match {
        let own = MatchKey.formerOwner(object)
        let former = candidates.present(own).filter { $0.link == nil }
        // If there are several, this key alone cannot decide.
        if former.count == 1 { return claim(former[0], by: own, for: name) }
        // A name or address of another user does not identify this one.
        var theirs: Set<String> = []
        for key in keys.match where key.address.map({ !theirs.contains($0) }) ?? true {
            let isStated = keys.stated.contains(key)
            let all = candidates.present(key)
            let found = try all.filter { try isFree($0, for: object, isStated: isStated, in: transaction) }
            if found.count < all.count, let address = key.address {
                theirs.insert(address)
                continue
            }
            guard let first = found.first else { continue }
            if found.count > 1 { return .conflict(Self.ambiguity(found, key)) }
            return claim(first, by: key, for: name)
        }
        return .none
    }

    /// Whether an Entra object may become a local object's.
    ///
    /// - Parameter isStated: whether the key that found it identifies a person.
    private func isFree(
        _ found: FoundObject,
        for object: ObjectReference,
        isStated: Bool,
        in transaction: Transaction
    ) throws -> Bool {
        guard let link = found.link else {
            let former = found.object.former
            return former == nil || former == object || isStated
        }
        guard isStated else { return false }
        // Users in scope keep their objects.
        return try link.object.map { try !transaction.isInScope($0, of: provider) } ?? true
    }

    private mutating func claim(_ found: FoundObject, by key: MatchKey, for name: String) -> Match {
        conflict(over: found.object.entraID, by: key, for: name).map(Match.conflict) ?? .one(found, key)
    }

    /// Records to whom an Entra object belongs from now on, or says why it cannot.
    private mutating func conflict(over entraID: EntraObjectID, by key: MatchKey, for name: String) -> String? {
        if let owner = claimed[entraID] {
            return "\(key.text) finds the object \(entraID), which is \(owner)'s already"
        }
        claimed[entraID] = name
        return nil
    }

    /// Looks in the recycle bin for what would otherwise be created: the object's former Entra object, an object with the key that Causeway
    /// would give, then a former object of the provider with a key that identifies the person.
    private mutating func deleted(
        _ keys: SearchKeys,
        of object: ObjectReference,
        named name: String,
        _ candidates: MatchCandidates
    ) -> Match {
        let own = MatchKey.formerOwner(object)
        for key in [own] + keys.ofDeleted {
            let found = candidates.deleted(OwnedKey(key, of: object))
            guard let last = found.first else { continue }
            // The one that was deleted last, if they are known to be this object's.
            guard key == own || found.count == 1 else { return .conflict(Self.ambiguityOfDeleted(found, key)) }
            if let conflict = conflict(over: last.entraID, by: key, for: name) { return .conflict(conflict) }
            return .deleted(last)
        }
        return .none
    }

    private static func ambiguity(_ found: [FoundObject], _ key: MatchKey) -> String {
        "\(key.text) finds \(found.map(\.object.title).joined(separator: " and ")); rename one of them, or link the right one manually"
    }

    private static func ambiguityOfDeleted(_ found: [MirrorObject], _ key: MatchKey) -> String {
        "the recycle bin holds \(found.map(\.title).joined(separator: " and ")) under \(key.text); purge or restore one manually"
    }
}

extension MirrorObject {
    /// The object's id, with a name if it has one.
    var title: String {
        let name = known["userPrincipalName"]?.string ?? known["displayName"]?.string
        return name.map { "\(entraID) (\($0))" } ?? "\(entraID)"
    }
}

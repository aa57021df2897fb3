import CausewayJSON
import CausewayModel
import CausewayStore

/// What looking for a local object in Entra came to.
enum Match: Equatable {
    case none
    case one(UnlinkedObject, MatchKey)
    /// More than one object fits, or the one that fits is taken: a person must say which it is.
    case conflict(String)
}

/// Finds the one Entra object that a local object is, among those that nothing is linked to.
struct Matcher {
    let provider: ProviderID
    /// Entra objects that this plan links, by the name of the local object.
    private(set) var claimed: [EntraObjectID: String] = [:]

    init(provider: ProviderID) { self.provider = provider }

    /// Looks by one key after the other; the first that finds anything decides.
    mutating func match(_ keys: [MatchKey], kind: ObjectKind, name: String, in transaction: Transaction) throws -> Match
    {
        for key in keys {
            let found = try transaction.unlinkedObjects(matching: key, kind: kind, provider: provider)
            guard let first = found.first else { continue }
            if found.count > 1 { return .conflict(Self.ambiguity(found, key)) }
            if let owner = claimed[first.entraID] {
                return .conflict("\(key.text) finds the object \(first.entraID), which is \(owner)'s already")
            }
            claimed[first.entraID] = name
            return .one(first, key)
        }
        return .none
    }

    private static func ambiguity(_ found: [UnlinkedObject], _ key: MatchKey) -> String {
        let ids = found.map { object in
            let name = object.known["userPrincipalName"]?.string ?? object.known["displayName"]?.string
            return name.map { "\(object.entraID) (\($0))" } ?? "\(object.entraID)"
        }
        return "\(key.text) finds \(ids.joined(separator: " and ")); rename one of them, or link the right one by hand"
    }
}

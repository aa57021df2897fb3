import CausewayJSON
import CausewayModel
import CausewayStore

/// By which keys, and in which order, an object without a link is looked for in Entra. Pure.
enum MatchRules {
    /// The immutable id, the user principal name, then addresses.
    static func keys(for user: User, desired: [String: JSONValue]) -> [MatchKey] {
        var keys: [MatchKey] = [.immutableID(user.uid)]
        if let id = desired["onPremisesImmutableId"]?.string, id != user.uid { keys.append(.immutableID(id)) }
        if let name = desired["userPrincipalName"]?.string { keys.append(.userPrincipalName(name)) }
        let addresses = [desired["mail"]?.string, desired.mailIdentity, user.email].compactMap { $0 }.filter {
            !$0.isEmpty
        }
        for address in addresses {
            for key in [MatchKey.mail(address), .mailIdentity(address)] where !keys.contains(key) { keys.append(key) }
        }
        return keys
    }

    /// The unique name that we give, the one that others may have given after its name, then the display name.
    static func keys(for group: Group, desired: [String: JSONValue]) -> [MatchKey] {
        var names = [GroupPlan.uniqueName(of: group), group.name]
        if let name = desired["uniqueName"]?.string { names.insert(name, at: 0) }
        return names.map(MatchKey.uniqueName) + [.displayName(desired["displayName"]?.string ?? group.name)]
    }
}

extension MatchKey {
    /// What a match by this key is called in a plan.
    var reason: ActionReason {
        switch self {
        case .immutableID: .matchedByImmutableID
        case .userPrincipalName: .matchedByUserPrincipalName
        case .mail, .mailIdentity: .matchedByMail
        case .uniqueName: .matchedByUniqueName
        case .displayName: .matchedByDisplayName
        }
    }

    /// The key in words: `mail ada@example.com`.
    var text: String {
        switch self {
        case .immutableID(let id): "onPremisesImmutableId \(id)"
        case .userPrincipalName(let name): "userPrincipalName \(name)"
        case .mail(let address): "mail \(address)"
        case .mailIdentity(let address): "identity \(address)"
        case .uniqueName(let name): "uniqueName \(name)"
        case .displayName(let name): "displayName \(name)"
        }
    }
}

extension [String: JSONValue] {
    /// The address of the federated identity by which guests with any address sign in.
    var mailIdentity: String? {
        self["identities"]?.array?
            .first { $0["signInType"]?.string == "federated" && $0["issuer"]?.string == "mail" }?["issuerAssignedId"]?
            .string
    }
}

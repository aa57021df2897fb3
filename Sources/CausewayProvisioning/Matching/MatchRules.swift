import CausewayJSON
import CausewayModel
import CausewayStore

/// By which keys, and in which order, an object without a link is looked for in Entra. Pure.
struct MatchRules {
    let settings: ProviderSettings

    /// In the order of the provider's rules; by default the immutable id, the user principal name, then addresses.
    func keys(for user: User, desired: [String: JSONValue]) -> [MatchKey] {
        guard settings.discoveryEnabled else { return [] }
        return settings.userMatchRules.flatMap { Self.keys($0, user, desired) }
    }

    private static func keys(_ rule: UserMatchRule, _ user: User, _ desired: [String: JSONValue]) -> [MatchKey] {
        switch rule {
        case .immutableID:
            return unique([user.uid, desired["onPremisesImmutableId"]?.string]).map(MatchKey.immutableID)
        case .userPrincipalName: return unique([desired["userPrincipalName"]?.string]).map(MatchKey.userPrincipalName)
        case .mail:
            return unique([desired["mail"]?.string, desired.mailIdentity, user.email])
                .flatMap { [MatchKey.mail($0), .mailIdentity($0)] }
        }
    }

    /// In the order of the provider's rules; by default the unique name that we give, the one that others may have given after
    /// the group's name, then the display name.
    func keys(for group: Group, desired: [String: JSONValue]) -> [MatchKey] {
        guard settings.discoveryEnabled else { return [] }
        return settings.groupMatchRules.flatMap { rule -> [MatchKey] in
            switch rule {
            case .uniqueName:
                Self.unique([desired["uniqueName"]?.string, GroupPlan.uniqueName(of: group), group.name])
                    .map(MatchKey.uniqueName)
            case .displayName: [.displayName(desired["displayName"]?.string ?? group.name)]
            }
        }
    }

    /// The texts that say something, each once.
    private static func unique(_ texts: [String?]) -> [String] {
        var found: [String] = []
        for case let text? in texts where !text.isEmpty && !found.contains(text) { found.append(text) }
        return found
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

import CausewayJSON
import CausewayModel
import CausewayStore

/// By which keys, and in which order, an object without a link is looked for in Entra. Pure.
struct MatchRules {
    let settings: ProviderSettings

    /// How a user is looked for: by the id of its own account, by what tells who somebody is, then in the order of the provider's
    /// rules.
    func searchKeys(for user: User, desired: [String: JSONValue]) -> SearchKeys {
        let keys = keys(for: user, desired: desired)
        let employee = settings.samePersonKeys.contains(.employeeID) ? Self.employeeID(of: user, desired) : nil
        let stated = keys.filter(isStated)
        let found = employee.map { [MatchKey.employeeID($0)] } ?? []
        let place = keys.firstIndex { if case .immutableID = $0 { false } else { true } } ?? keys.endIndex
        return SearchKeys(
            match: settings.discoveryEnabled ? Array(keys[..<place]) + found + Array(keys[place...]) : [],
            stated: Set(stated + found),
            own: .immutableID(desired["onPremisesImmutableId"]?.string ?? user.uid)
        )
    }

    /// How a group is looked for. A group of ours that was deleted, or left, is another one than its namesake: only the unique name
    /// that we give says that it is the same.
    func searchKeys(for group: Group, desired: [String: JSONValue]) -> SearchKeys {
        let names = Self.unique([desired["uniqueName"]?.string, Self.uniqueName(of: group)])
        return SearchKeys(
            match: keys(for: group, desired: desired),
            stated: Set(names.map(MatchKey.uniqueName)),
            own: .uniqueName(names[0])
        )
    }

    /// The alternate key we give to every group we create: its key in the directory, which no other group has and which
    /// stays when it is renamed.
    static func uniqueName(of group: Group) -> String { group.id.text }

    private func isStated(_ key: MatchKey) -> Bool {
        switch key {
        case .immutableID: settings.samePersonKeys.contains(.immutableID)
        case .employeeID: settings.samePersonKeys.contains(.employeeID)
        case .userPrincipalName: settings.samePersonKeys.contains(.userPrincipalName)
        case .mail, .mailIdentity: settings.samePersonKeys.contains(.mail)
        case .formerOwner, .uniqueName, .displayName: false
        }
    }

    /// What the mapping gives, or what the directory holds under the name that imports give it.
    private static func employeeID(of user: User, _ desired: [String: JSONValue]) -> String? {
        let present = desired["employeeId"] ?? user.attributes["employee_id"]
        let text = present?.string ?? present?.integer.map(String.init) ?? ""
        return text.isEmpty ? nil : text
    }

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
                Self.unique([desired["uniqueName"]?.string, Self.uniqueName(of: group), group.name])
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

/// By what an object is looked for.
struct SearchKeys: Sendable {
    /// In this order among what is present.
    let match: [MatchKey]
    /// Those that say who somebody is. What belonged to another local object is found by these alone.
    let stated: Set<MatchKey>
    /// The key that we give to what we create: what is deleted is found by it.
    let own: MatchKey
}

extension MatchKey {
    /// What a match by this key is called in a plan.
    var reason: ActionReason {
        switch self {
        case .immutableID: .matchedByImmutableID
        case .employeeID: .matchedByEmployeeID
        case .formerOwner: .matchedByFormerLink
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
        case .employeeID(let id): "employeeId \(id)"
        case .formerOwner: "the link of before"
        case .userPrincipalName(let name): "userPrincipalName \(name)"
        case .mail(let address): "mail \(address)"
        case .mailIdentity(let address): "identity \(address)"
        case .uniqueName(let name): "uniqueName \(name)"
        case .displayName(let name): "displayName \(name)"
        }
    }

    /// The name or address, in lower case, where the key is one.
    var address: String? {
        switch self {
        case .userPrincipalName(let text), .mail(let text), .mailIdentity(let text): text.lowercased()
        case .immutableID, .employeeID, .formerOwner, .uniqueName, .displayName: nil
        }
    }
}

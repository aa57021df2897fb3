import CausewayJSON
import CausewayModel
import CausewayStore

/// The keys, and their order, by which an object without a link is looked for in Entra. Pure.
struct MatchRules {
    let settings: ProviderSettings

    /// How a user is looked for: by the id of its former account, by keys that identify a person, then in the order of the provider's
    /// rules.
    func searchKeys(for user: User, desired: [String: JSONValue]) -> SearchKeys {
        let keys = keys(for: user, desired: desired)
        let employee = settings.samePersonKeys.contains(.employeeID) ? Self.employeeID(of: user, desired) : nil
        let stated = keys.filter(isStated)
        let found = employee.map { [MatchKey.employeeID($0)] } ?? []
        let index = keys.firstIndex { if case .immutableID = $0 { false } else { true } } ?? keys.endIndex
        return SearchKeys(
            match: settings.discoveryEnabled ? Array(keys[..<index]) + found + Array(keys[index...]) : [],
            stated: Set(stated + found),
            own: .immutableID(desired["onPremisesImmutableId"]?.string ?? user.uid)
        )
    }

    /// How a group is looked for. A group that was deleted or left is not the same as a new one of that name: only the unique name
    /// that Causeway gives identifies it.
    func searchKeys(for group: Group, desired: [String: JSONValue]) -> SearchKeys {
        let names = Self.unique([desired["uniqueName"]?.string, Self.uniqueName(of: group)])
        return SearchKeys(
            match: keys(for: group, desired: desired),
            stated: Set(names.map(MatchKey.uniqueName)),
            own: .uniqueName(names[0])
        )
    }

    /// The alternate key of every group that Causeway creates: its key in the directory, which no other group has and which
    /// stays when the group is renamed.
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

    /// What the mapping returns, or the value in the directory under the name that imports use.
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

    /// In the order of the provider's rules; by default the unique name that Causeway gives, the one that others may have given after
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

    /// The texts that are not empty, each once.
    private static func unique(_ texts: [String?]) -> [String] {
        var found: [String] = []
        for case let text? in texts where !text.isEmpty && !found.contains(text) { found.append(text) }
        return found
    }
}

/// The keys by which an object is looked for.
struct SearchKeys: Sendable {
    /// The keys for existing objects, in this order.
    let match: [MatchKey]
    /// The keys that identify a person. An object that belonged to another local object is found by these alone.
    let stated: Set<MatchKey>
    /// The key that Causeway gives to what it creates: deleted objects are found by it.
    let own: MatchKey

    /// The keys for deleted objects, in this order.
    var ofDeleted: [MatchKey] { [own] + stated.filter { $0 != own }.sorted { $0.text < $1.text } }
}

extension MatchKey {
    /// How a plan names a match by this key.
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
        case .formerOwner: "the former link"
        case .userPrincipalName(let name): "userPrincipalName \(name)"
        case .mail(let address): "mail \(address)"
        case .mailIdentity(let address): "identity \(address)"
        case .uniqueName(let name): "uniqueName \(name)"
        case .displayName(let name): "displayName \(name)"
        }
    }

    /// The name or address, in lower case, if the key is one.
    var address: String? {
        switch self {
        case .userPrincipalName(let text), .mail(let text), .mailIdentity(let text): text.lowercased()
        case .immutableID, .employeeID, .formerOwner, .uniqueName, .displayName: nil
        }
    }
}

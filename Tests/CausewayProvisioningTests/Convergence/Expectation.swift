import CausewayJSON
import CausewayModel

/// What the tenant must hold, derived from the directory and the settings only. Pure, and written without regard to how the
/// engine does it.
struct Expectation: Sendable {
    /// A user that must exist as the mapping says.
    struct Account: Sendable {
        let user: User
        let properties: [String: JSONValue]
    }

    /// A group that must exist, and its members.
    struct Team: Sendable {
        let group: Group
        let properties: [String: JSONValue]
        /// The members that it must have, as far as their objects exist.
        var users: Set<UserID>
        var groups: Set<GroupID>
        /// Members in the directory that are out of scope: deprovisioning decides about them.
        var spared: Set<UserID>
        var sparedGroups: Set<GroupID>
    }

    private(set) var accounts: [UserID: Account] = [:]
    private(set) var teams: [GroupID: Team] = [:]
    /// In scope, but neither created nor changed: Entra would refuse the name, or a mapping skips them.
    private(set) var refused: Set<UserID> = []
    private(set) var skipped: Set<UserID> = []
    /// Groups in scope that a mapping skips: all their members stay.
    private(set) var skippedGroups: Set<GroupID> = []

    private static let verifiedDomains = ["company.com", "example.com"]

    init(_ directory: DirectorySnapshot, _ settings: ProviderSettings, selectsGroups: Bool) {
        let filter = settings.filterGroup.map { directory.members(of: $0, recursively: settings.filterGroupRecursive) }
        for user in directory.users where filter?.contains(user.id) ?? true {
            if settings.excludeServiceAccounts, [.serviceAccount, .internalServiceAccount].contains(user.type) {
                continue
            }
            if user.attributes["hidden"] == true {
                skipped.insert(user.id)
            } else if !Self.verifiedDomains.contains(where: { user.email.hasSuffix("@\($0)") }) {
                refused.insert(user.id)
            } else {
                accounts[user.id] = Account(user: user, properties: Self.properties(of: user))
            }
        }
        let chosen = directory.groups.filter { !selectsGroups || settings.groups.contains($0.id) }
        let keys = Set(chosen.map(\.id))
        let isFlat = settings.nestedGroups == .flatten
        let inScope = Set(accounts.keys).union(refused).union(skipped)
        for group in chosen {
            if group.attributes["hidden"] == true {
                skippedGroups.insert(group.id)
                continue
            }
            let members = directory.members(of: group.id, recursively: isFlat)
            let nested = isFlat ? [] : directory.children[group.id] ?? []
            teams[group.id] = Team(
                group: group,
                properties: Self.properties(of: group),
                users: members.intersection(accounts.keys),
                groups: nested.intersection(keys),
                spared: members.subtracting(inScope).union(members.intersection(refused.union(skipped))),
                sparedGroups: nested.subtracting(keys)
            )
        }
    }

    private static func properties(of user: User) -> [String: JSONValue] {
        var properties: [String: JSONValue] = [
            "displayName": .string(user.name), "mailNickname": .string(user.username),
            "userPrincipalName": .string(user.email), "onPremisesImmutableId": .string(user.uid),
            "jobTitle": user.attributes["title"] ?? "none",
        ]
        if let leaves = user.attributes["leaves"] { properties["employeeLeaveDateTime"] = leaves }
        // Inactive users are suspended. If the mapping says nothing, the tenant's own administrators may disable active ones.
        let isSilent = user.id.rawValue % 3 == 1
        if !user.isActive || !isSilent { properties["accountEnabled"] = .bool(user.isActive) }
        return properties
    }

    private static func properties(of group: Group) -> [String: JSONValue] {
        [
            "displayName": group.attributes["label"] ?? .string(group.name),
            "description": .string("key \(group.id)"), "mailNickname": .string(group.name.lowercased()),
            "mailEnabled": false, "securityEnabled": true,
        ]
    }
}

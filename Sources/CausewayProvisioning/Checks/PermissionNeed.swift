import CausewayGraph
import CausewayModel

/// Something that a provider does, and what happens where the application may not do it.
struct PermissionNeed: Hashable, Sendable {
    let operation: GraphOperation
    /// What happens without it.
    let consequence: String

    private init(_ operation: GraphOperation, without consequence: String) {
        self.operation = operation
        self.consequence = consequence
    }

    /// What it does: `create users`.
    var purpose: String { operation.purpose }

    func isMet(by granted: Set<String>) -> Bool { operation.isAllowed(by: granted) }

    /// What a further app registration needs not, since it only writes.
    var isReading: Bool { Self.reading.contains(operation) }

    private static let reading: Set<GraphOperation> = [
        .readOrganization, .readUsers, .readGroups, .readDeletedUsers, .readDeletedGroups,
    ]
}

/// What a provider makes use of, as far as it can be told before anything is sent.
struct ProviderUse: Sendable {
    let settings: ProviderSettings
    /// The Graph properties that the mappings give, by kind; `manager` among those of users. Kinds without mappings are left out.
    let properties: [ObjectKind: Set<String>]
    /// Whether a linked group is role-assignable.
    var hasRoleAssignableGroups = false
}

extension PermissionNeed {
    /// What a provider needs for what it makes use of, and no more.
    static func needs(of use: ProviderUse) -> [PermissionNeed] {
        [PermissionNeed(.readOrganization, without: "no sync can start")] + userNeeds(use) + groupNeeds(use)
    }

    private static func userNeeds(_ use: ProviderUse) -> [PermissionNeed] {
        let given = use.properties[.user] ?? []
        var needs = [
            PermissionNeed(.readUsers, without: "no sync can start"),
            PermissionNeed(.createUsers, without: "users who are not in Entra ID yet do not get there"),
            PermissionNeed(.updateUsers, without: "changes of users do not reach Entra ID"),
            PermissionNeed(
                .updateUsers("accountEnabled"),
                without: "users who are deactivated here can still sign in there"
            ),
        ]
        needs += given.sorted().filter { GraphOperation.hasOwnPermissions($0) && !alwaysOrNeverUpdated.contains($0) }
            .map {
                PermissionNeed(.updateUsers($0), without: "changes of \($0) fail")
            }
        if given.contains("manager") {
            needs.append(PermissionNeed(.setManagers, without: "managers do not reach Entra ID"))
        }
        guard use.settings.userDeleteAction == .delete else { return needs }
        return needs + [
            PermissionNeed(.deleteUsers, without: "accounts of deleted users stay in Entra ID"),
            PermissionNeed(.restoreUsers, without: "users who come back get a new account"),
        ]
    }

    /// One is needed by every provider; the other is set when an account is created, and never again.
    private static let alwaysOrNeverUpdated: Set<String> = ["accountEnabled", "passwordProfile"]

    private static func groupNeeds(_ use: ProviderUse) -> [PermissionNeed] {
        guard let given = use.properties[.group] else { return [] }
        var needs = [
            PermissionNeed(.readGroups, without: "no sync can start"),
            PermissionNeed(.createGroupsWithMembers, without: "groups that are not in Entra ID yet do not get there"),
            PermissionNeed(.updateGroups, without: "changes of groups do not reach Entra ID"),
            PermissionNeed(.writeMembers, without: "memberships do not reach Entra ID"),
        ]
        let others = Set(given.sorted().map(GraphOperation.updateGroups)).subtracting([.updateGroups])
        needs += others.sorted { $0.purpose < $1.purpose }.map { operation in
            PermissionNeed(operation, without: "changes of \(operation.property ?? "it") fail")
        }
        if use.settings.groupDeleteAction == .delete {
            needs.append(PermissionNeed(.deleteGroups, without: "groups deleted here stay in Entra ID"))
        }
        // Graph keeps no deleted group but those of Microsoft 365.
        if given.contains("groupTypes") {
            needs += [
                PermissionNeed(
                    .readDeletedGroups,
                    without: "Microsoft 365 groups that come back are made again, empty"
                ),
                PermissionNeed(.restoreGroups, without: "Microsoft 365 groups that come back are made again, empty"),
            ]
        }
        if given.contains("isAssignableToRole") || use.hasRoleAssignableGroups {
            needs.append(
                PermissionNeed(
                    .manageRoleAssignableGroups,
                    without: "role-assignable groups are neither created nor changed, and nor are their members"
                )
            )
        }
        return needs
    }
}

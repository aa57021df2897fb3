import CausewayGraph
import CausewayModel

/// A function that a provider uses, and what happens without its permission.
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

    /// What a further app registration does not need, since it only writes.
    var isReading: Bool { Self.reading.contains(operation) }

    private static let reading: Set<GraphOperation> = [
        .readOrganization, .readUsers, .readGroups, .readDeletedUsers, .readDeletedGroups,
    ]
}

/// What a provider uses, as far as it is known before anything is sent.
struct ProviderUse: Sendable {
    let settings: ProviderSettings
    /// The Graph properties that the mappings return, by kind; `manager` is among those of users. Kinds without mappings are left out.
    let properties: [ObjectKind: Set<String>]
    /// Whether a linked group is role-assignable.
    var hasRoleAssignableGroups = false
}

extension PermissionNeed {
    /// What a provider needs for what it uses, and no more.
    static func needs(of use: ProviderUse) -> [PermissionNeed] {
        [PermissionNeed(.readOrganization, without: "no sync can start")] + userNeeds(use) + groupNeeds(use)
    }

    private static func userNeeds(_ use: ProviderUse) -> [PermissionNeed] {
        let given = use.properties[.user] ?? []
        var needs = [
            PermissionNeed(.readUsers, without: "no sync can start"),
            PermissionNeed(.createUsers, without: "new users are not created in Entra ID"),
            PermissionNeed(.updateUsers, without: "changes of users are not written to Entra ID"),
            PermissionNeed(
                .updateUsers("accountEnabled"),
                without: "users who are deactivated here can still sign in to Entra ID"
            ),
        ]
        needs += given.sorted().filter { GraphOperation.hasOwnPermissions($0) && !alwaysOrNeverUpdated.contains($0) }
            .map {
                PermissionNeed(.updateUsers($0), without: "changes of \($0) fail")
            }
        if given.contains("manager") {
            needs.append(PermissionNeed(.setManagers, without: "managers are not written to Entra ID"))
        }
        guard use.settings.userDeleteAction == .delete else { return needs }
        return needs + [
            PermissionNeed(.deleteUsers, without: "accounts of deleted users stay in Entra ID"),
            PermissionNeed(.restoreUsers, without: "users who return get a new account"),
        ]
    }

    /// Every provider needs one of them; the other is set when an account is created, and never again.
    private static let alwaysOrNeverUpdated: Set<String> = ["accountEnabled", "passwordProfile"]

    private static func groupNeeds(_ use: ProviderUse) -> [PermissionNeed] {
        guard let given = use.properties[.group] else { return [] }
        var needs = [
            PermissionNeed(.readGroups, without: "no sync can start"),
            PermissionNeed(.createGroupsWithMembers, without: "new groups are not created in Entra ID"),
            PermissionNeed(.updateGroups, without: "changes of groups are not written to Entra ID"),
            PermissionNeed(.writeMembers, without: "memberships are not written to Entra ID"),
        ]
        let others = Set(given.sorted().map(GraphOperation.updateGroups)).subtracting([.updateGroups])
        needs += others.sorted { $0.purpose < $1.purpose }.map { operation in
            PermissionNeed(operation, without: "changes of \(operation.property ?? "it") fail")
        }
        if use.settings.groupDeleteAction == .delete {
            needs.append(PermissionNeed(.deleteGroups, without: "groups deleted here stay in Entra ID"))
        }
        // Of deleted groups, Graph keeps only those of Microsoft 365.
        if given.contains("groupTypes") {
            needs += [
                PermissionNeed(
                    .readDeletedGroups,
                    without: "Microsoft 365 groups that return are created again, empty"
                ),
                PermissionNeed(.restoreGroups, without: "Microsoft 365 groups that return are created again, empty"),
            ]
        }
        if given.contains("isAssignableToRole") || use.hasRoleAssignableGroups {
            needs.append(
                PermissionNeed(
                    .manageRoleAssignableGroups,
                    without: "role-assignable groups and their members are neither created nor changed"
                )
            )
        }
        return needs
    }
}

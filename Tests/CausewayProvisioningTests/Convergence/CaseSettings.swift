import CausewayJSON
import CausewayModel
import Foundation

/// The settings of a history, drawn from its seed: those of the provider, and the behavior of the tenant.
struct CaseSettings: Sendable {
    /// After this many seconds the guard no longer counts the destructive changes of direct syncs.
    static let guardMemory = 3700.0

    var excludesServiceAccounts: Bool
    var userDeleteAction: DeleteAction
    var groupDeleteAction: DeleteAction
    var scopeExitAction: ScopeExitAction
    var nestedGroups: NestedGroups
    var driftPolicy: DriftPolicy
    var hasFilterGroup: Bool
    var isFilterRecursive: Bool
    var selectsGroups: Bool
    /// This many removals in a run need no approval.
    var guardMaxCount = 1_000_000
    /// As the tenant's control endpoint accepts them.
    var tenant: JSONValue

    init(_ random: inout SeededGenerator, policy: DriftPolicy = .restore) {
        excludesServiceAccounts = random.happens(0.5)
        userDeleteAction = random.either(.delete, .delete, .suspend, .doNothing)
        groupDeleteAction = random.either(.delete, .delete, .suspend, .doNothing)
        scopeExitAction = random.either(.followDeleteAction, .followDeleteAction, .suspend, .keep)
        nestedGroups = random.either(.keep, .flatten)
        driftPolicy = policy
        hasFilterGroup = random.happens(0.5)
        isFilterRecursive = random.happens(0.5)
        selectsGroups = random.happens(0.3)
        tenant = [
            "replication_lag": .number(random.either(0, 0.05)),
            "index_lag": .number(random.either(0, 0.1)),
            "delta_lag": ["mean": .number(random.either(0, 5, 30, 60)), "shape": "exponential"],
            "delta_page_size": .integer(random.either(3, 25, 200)),
            "delta_members_per_page": .integer(random.either(4, 1000)),
            "delta_replays": .bool(random.happens(0.3)),
            "expired_delta_status": .integer(random.either(400, 410)),
            "restore_returns_members": .bool(random.happens(0.5)),
            "mangled_names": .bool(random.happens(0.7)),
        ]
    }

    /// Another scope with the same actions, as if an administrator changed their mind.
    mutating func changeScope(_ random: inout SeededGenerator) {
        switch random.number(0...4) {
        case 0: excludesServiceAccounts.toggle()
        case 1: hasFilterGroup.toggle()
        case 2: isFilterRecursive.toggle()
        case 3: selectsGroups.toggle()
        default: nestedGroups = nestedGroups == .keep ? .flatten : .keep
        }
    }

    /// - Parameters:
    ///   - filter: the group whose members are provisioned, if the case has such a group.
    ///   - groups: the selectable groups, if the case selects groups.
    func apply(to settings: inout ProviderSettings, filter: GroupID, groups: [GroupID]) {
        settings.excludeServiceAccounts = excludesServiceAccounts
        settings.userDeleteAction = userDeleteAction
        settings.groupDeleteAction = groupDeleteAction
        settings.scopeExitAction = scopeExitAction
        settings.nestedGroups = nestedGroups
        settings.driftPolicy = driftPolicy
        settings.filterGroup = hasFilterGroup ? filter : nil
        settings.filterGroupRecursive = isFilterRecursive
        settings.groups = selectsGroups ? groups : []
        (settings.guardMaxCount, settings.guardMaxPercent) = (guardMaxCount, 100)
    }
}

extension CaseSettings: CustomStringConvertible {
    var description: String {
        """
        service accounts \(excludesServiceAccounts ? "out" : "in"), users \(userDeleteAction), groups \(groupDeleteAction), \
        scope exit \(scopeExitAction), nested \(nestedGroups), drift \(driftPolicy), \
        filter \(hasFilterGroup ? (isFilterRecursive ? "recursive" : "direct") : "none"), \
        groups \(selectsGroups ? "chosen" : "all"), guard \(guardMaxCount), tenant \(tenant)
        """
    }
}

/// The mappings of every history; the oracle has its own version of them.
enum CaseMappings {
    static let user = """
        if user.attributes.get("hidden"):
            raise SkipObject
        properties = {
            "display_name": user.name,
            "mail_nickname": user.username,
            "user_principal_name": user.email,
            "on_premises_immutable_id": user.uid,
            "job_title": user.attributes.get("title", "none"),
        }
        # Some mappings say what the directory says, some say nothing, and some enable every account.
        if user.pk % 3 != 1:
            properties["account_enabled"] = user.is_active or user.pk % 3 == 2
        # This needs a permission of its own, which the application has at times.
        if "leaves" in user.attributes:
            properties["employee_leave_date_time"] = user.attributes["leaves"]
        if not connection:
            properties["password_profile"] = {"password": request.user.password}
        return properties
        """

    static let group = """
        if group.attributes.get("hidden"):
            raise SkipObject
        return {
            "display_name": group.attributes.get("label", group.name),
            "description": "key " + str(group.pk),
            "mail_enabled": False,
            "security_enabled": True,
            "mail_nickname": slugify(group.name),
        }
        """
}

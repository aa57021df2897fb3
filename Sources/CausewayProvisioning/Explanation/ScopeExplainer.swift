import CausewayModel
import CausewayStore

/// Says whether a provider provisions an object, and why.
struct ScopeExplainer {
    let provider: EntraProvider

    func explain(_ object: ObjectReference, in transaction: Transaction) throws -> Explanation.Scope {
        if let user = object.user { return try explain(user, transaction) }
        guard let group = object.group else { return .init(isIncluded: false, reason: "no such object") }
        let isIncluded = try !transaction.groupsInScope(of: provider, among: [group], after: nil, limit: 1).isEmpty
        guard provider.selectsGroups else { return .init(isIncluded: isIncluded, reason: "all groups are provisioned") }
        return .init(
            isIncluded: isIncluded,
            reason: isIncluded ? "one of the selected groups" : "not one of the selected groups"
        )
    }

    private func explain(_ id: UserID, _ transaction: Transaction) throws -> Explanation.Scope {
        guard let user = try transaction.user(id) else {
            return .init(isIncluded: false, reason: "deleted from the directory")
        }
        if provider.excludeServiceAccounts, user.type.isServiceAccount {
            return .init(isIncluded: false, reason: "a service account, which the provider leaves out")
        }
        if let name = provider.vanishedFilterGroup {
            return .init(isIncluded: false, reason: "the filter group '\(name)' was deleted, so no user is in scope")
        }
        if try transaction.leavesOutAsAdministrator(id, provider: provider.id) {
            return .init(
                isIncluded: false,
                reason:
                    "an account that only administers Causeway: it has no e-mail address, no attributes, and is in no other group"
            )
        }
        guard let filter = provider.filterGroup else {
            return .init(isIncluded: true, reason: "all users are provisioned")
        }
        let isIncluded = try !transaction.usersInScope(of: provider, among: [id], after: nil, limit: 1).isEmpty
        let name = try transaction.group(filter)?.name ?? filter.text
        let group =
            provider.filterGroupRecursive ? "the filter group '\(name)' or a group in it" : "the filter group '\(name)'"
        return .init(isIncluded: isIncluded, reason: isIncluded ? "member of \(group)" : "not a member of \(group)")
    }
}

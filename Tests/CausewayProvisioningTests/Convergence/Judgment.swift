import CausewayJSON
import CausewayModel

/// Compares the tenant with what it must hold. Pure.
struct Judgment {
    let expectation: Expectation
    let truth: TenantTruth
    let settings: ProviderSettings
    let ledger: HandLedger
    /// Every user who was ever in the directory, by immutable id.
    let everybody: [String: UserID]
    let presentUsers: Set<UserID>
    let presentGroups: Set<GroupID>

    /// The errors, in sentences.
    func findings() -> [String] {
        missingAccounts() + strayAccounts() + missingTeams() + strayTeams() + disturbed()
    }

    private var isExact: Bool { settings.driftPolicy == .restore }

    // MARK: Identity

    private func accounts(of uid: String) -> [JSONValue] {
        truth.users.values.filter { $0["onPremisesImmutableId"]?.string == uid && !isHandRestored($0) }
    }

    private func isHandRestored(_ object: JSONValue) -> Bool { ledger.restored.contains(object["id"]?.string ?? "") }

    private func user(_ id: String) -> UserID? {
        truth.users[id]?["onPremisesImmutableId"]?.string.flatMap { everybody[$0] }
    }

    private func groupKey(_ group: JSONValue) -> GroupID? {
        group["description"]?.string.flatMap { $0.hasPrefix("key ") ? GroupID(text: String($0.dropFirst(4))) : nil }
    }

    private func groups(of key: GroupID) -> [JSONValue] { truth.groups.values.filter { groupKey($0) == key } }

    /// Whether a user cannot be as expected: the rules do not determine the account, or the name is taken.
    func isContested(_ user: User) -> Bool {
        if let own = accounts(of: user.uid).first {
            let hasName = own["userPrincipalName"]?.string?.lowercased() == user.email.lowercased()
            return !hasName && isBlocked(user, [])
        }
        let inBin = truth.deletedUsers.count { $0["onPremisesImmutableId"]?.string == user.uid }
        return inBin > 1 || isBlocked(user, [])
    }

    /// Whether the current holder of the user's name keeps it. Users who exchange names wait for each other for ever.
    private func isBlocked(_ user: User, _ waiting: Set<UserID>) -> Bool {
        guard !waiting.contains(user.id) else { return true }
        return rivals(of: user).contains { id in
            guard !isHandRestored(truth.users[id] ?? .null), let owner = self.user(id),
                let theirs = expectation.accounts[owner]?.user, theirs.email.lowercased() != user.email.lowercased()
            else { return true }
            return isBlocked(theirs, waiting.union([user.id]))
        }
    }

    /// Other accounts with the user's name or address, or its id if they were restored by hand.
    private func rivals(of user: User) -> [String] {
        truth.users.compactMap { id, account -> String? in
            if account["onPremisesImmutableId"]?.string == user.uid { return isHandRestored(account) ? id : nil }
            let names = [account["userPrincipalName"]?.string, account["mail"]?.string].compactMap { $0?.lowercased() }
            return names.contains(user.email.lowercased()) ? id : nil
        }
    }

    func isContested(_ group: Group) -> Bool {
        let label = group.attributes["label"]?.string ?? group.name
        return truth.groups.values.contains { $0["displayName"]?.string == label && groupKey($0) != group.id }
            || truth.deletedGroups.count { groupKey($0) == group.id } > 1
    }

    // MARK: Accounts

    private func missingAccounts() -> [String] {
        expectation.accounts.values.flatMap { expected -> [String] in
            let (user, found) = (expected.user, accounts(of: expected.user.uid))
            let restored = truth.users.values.contains {
                $0["onPremisesImmutableId"]?.string == user.uid && isHandRestored($0)
            }
            if found.count > 1 { return ["\(user.username) is there \(found.count) times"] }
            guard let account = found.first else {
                return restored || isContested(user) ? [] : ["\(user.username) is missing"]
            }
            guard isExact, !isContested(user) else { return [] }
            return account.differing(expected.properties).map { "\(user.username) \(account["id"] ?? .null): \($0)" }
        }
    }

    /// Accounts of Causeway that should not exist, or not with these values.
    private func strayAccounts() -> [String] {
        truth.users.flatMap { id, account -> [String] in
            if ledger.restored.contains(id) || ledger.strangers[id] != nil { return [] }
            guard let uid = account["onPremisesImmutableId"]?.string else {
                return ledger.twins[id] == nil ? ["unowned account \(account)"] : []
            }
            guard let user = everybody[uid] else { return ["an account of an unknown person \(account)"] }
            let isInScope =
                expectation.accounts[user] != nil || expectation.refused.contains(user)
                || expectation.skipped.contains(user)
            return isInScope ? [] : farewell(of: user, account)
        }
    }

    private func farewell(of user: UserID, _ account: JSONValue) -> [String] {
        let isDeleted = !presentUsers.contains(user)
        let fate: DeleteAction? =
            switch (isDeleted, settings.scopeExitAction) {
            case (true, _), (false, .followDeleteAction): settings.userDeleteAction
            case (false, .suspend): .suspend
            case (false, .keep): nil
            }
        switch fate {
        case .delete: return ["left over \(account)"]
        case .suspend where isExact && account["accountEnabled"] != false: return ["still enabled \(account)"]
        default: return []
        }
    }

    // MARK: Groups

    private func missingTeams() -> [String] {
        expectation.teams.values.flatMap { expected -> [String] in
            let found = groups(of: expected.group.id).filter { !isHandRestored($0) }
            let name = "\(expected.group.name) \(expected.group.id)"
            if found.count > 1 { return ["\(name) is there \(found.count) times"] }
            guard let group = found.first else {
                let isRestored = groups(of: expected.group.id).contains(where: isHandRestored)
                return isRestored || isContested(expected.group) ? [] : ["\(name) is missing"]
            }
            guard isExact else { return [] }
            let differing = group.differing(expected.properties).map { "\(name): \($0)" }
            return differing + wrongMembers(of: expected, group["id"]?.string ?? "", name)
        }
    }

    private func wrongMembers(of expected: Expectation.Team, _ id: String, _ name: String) -> [String] {
        var missingUsers = expected.users.filter { key in
            expectation.accounts[key].map { !accounts(of: $0.user.uid).isEmpty } ?? false
        }
        var missingGroups = expected.groups.filter { !groups(of: $0).isEmpty }
        var wrong: [String] = []
        for member in truth.members[id] ?? [] {
            if let user = user(member) {
                missingUsers.remove(user)
                if !expected.users.contains(user), !expected.spared.contains(user) {
                    wrong.append("user \(user) \(member)")
                }
            } else if let key = truth.groups[member].flatMap(groupKey) {
                missingGroups.remove(key)
                if !expected.groups.contains(key), !expected.sparedGroups.contains(key) { wrong.append("group \(key)") }
            } else {
                wrong.append("a stranger \(member)")
            }
        }
        return missingUsers.map { "\(name): user \($0) is no member" }
            + missingGroups.map { "\(name): group \($0) is no member" }
            + wrong.map { "\(name): \($0) is a member" }
    }

    private func strayTeams() -> [String] {
        truth.groups.flatMap { id, group -> [String] in
            if ledger.restored.contains(id) { return [] }
            guard let key = groupKey(group) else {
                return ledger.groups[id] == nil ? ["unowned group \(group)"] : []
            }
            guard expectation.teams[key] == nil, !expectation.skippedGroups.contains(key) else { return [] }
            let isDeleted = !presentGroups.contains(key)
            let mustGo =
                settings.groupDeleteAction == .delete
                && (isDeleted || settings.scopeExitAction == .followDeleteAction)
            return mustGo ? ["left over \(group)"] : []
        }
    }

    // MARK: Objects of others

    private func disturbed() -> [String] {
        var wrong: [String] = []
        for (id, properties) in ledger.strangers {
            guard let account = truth.users[id] else {
                wrong.append("a stranger's account \(id) is gone")
                continue
            }
            wrong += account.differing(properties).map { "a stranger \(id): \($0)" }
            if account["onPremisesImmutableId"]?.string != nil { wrong.append("a stranger \(id) was adopted") }
        }
        for (id, properties) in ledger.twins {
            guard let account = truth.users[id], (account["onPremisesImmutableId"] ?? .null).isNull else { continue }
            wrong += account.differing(properties).map { "a twin \(id) without an owner: \($0)" }
        }
        for (id, properties) in ledger.groups {
            guard let group = truth.groups[id], groupKey(group) == nil else { continue }
            wrong += group.differing(properties).map { "their group \(id): \($0)" }
            // A deleted object is no longer a member, however it was deleted.
            let members = (ledger.members[id] ?? []).filter { truth.users[$0] != nil || truth.groups[$0] != nil }
            let found = truth.members[id] ?? []
            if found != members { wrong.append("their group \(id) has \(found), not \(members)") }
        }
        return wrong
    }
}

import CausewayJSON
import Foundation
import Synchronization

// Licenses of users, at once, and of groups, in the background.

extension GraphService {
    // MARK: Reading

    func subscribedSkus(_ call: GraphCall, _ base: String) throws(GraphProblem) -> GraphReply {
        guard call.method == "GET" else { throw .methodNotAllowed }
        let used = directory.withLock { $0.licenseCounts }
        let values = settings.subscriptions.map { subscription in
            [
                "id": .string("\(settings.id)_\(subscription.skuID)"), "skuId": .string(subscription.skuID),
                "skuPartNumber": .string(subscription.partNumber), "capabilityStatus": "Enabled", "appliesTo": "User",
                "consumedUnits": .integer(Int64(used[subscription.sku] ?? 0)),
                "prepaidUnits": [
                    "enabled": .integer(Int64(subscription.seats)), "suspended": 0, "warning": 0, "lockedOut": 0,
                ],
                "servicePlans": .array(subscription.plans.map { ["servicePlanId": .string($0)] }),
            ] as JSONValue
        }
        return .ok(["@odata.context": .string("\(base)/$metadata#subscribedSkus"), "value": .array(values)])
    }

    func licenseDetails(_ address: GraphPath.Segment, _ call: GraphCall, _ base: String) throws(GraphProblem)
        -> GraphReply
    {
        guard call.method == "GET" else { throw .methodNotAllowed }
        let assigned = try directory.withLock { directory throws(GraphProblem) in
            try findSeen(.user, address, in: directory).entry.value("assignedLicenses").array ?? []
        }
        let values = assigned.compactMap { license in
            settings.subscriptions.first { .string($0.sku) == license["skuId"] }
        }.map { subscription in
            [
                "id": .string(subscription.skuID), "skuId": .string(subscription.skuID),
                "skuPartNumber": .string(subscription.partNumber), "servicePlans": [],
            ] as JSONValue
        }
        return .ok(["@odata.context": .string("\(base)/$metadata#licenseDetails"), "value": .array(values)])
    }

    // MARK: Assigning

    /// The content of a call of `assignLicense`.
    private struct Assignment {
        let added: [(sku: String, disabledPlans: JSONValue)]
        let removed: Set<String>
    }

    func assignLicense(_ kind: EntryKind, _ address: GraphPath.Segment, _ call: GraphCall, _ base: String)
        throws(GraphProblem) -> GraphReply
    {
        guard call.method == "POST" else { throw .methodNotAllowed }
        let assignment = try assignment(call)
        let now = clock.now()
        let entry = try directory.withLock { directory throws(GraphProblem) in
            let index = try find(kind, address, in: directory)
            try checkAssignable(index, call.caller, in: directory)
            if kind == .user { try assign(assignment, toUser: index, in: &directory, now) }
            if kind == .group { Self.assign(assignment, toGroup: index, in: &directory, now) }
            return directory[index]
        }
        var members = try view(kind).json(entry, nil)
        members["@odata.context"] = .string("\(base)/$metadata#\(kind.collection)/$entity")
        return GraphReply(status: kind == .user ? 200 : 202, body: .object(members))
    }

    private func assignment(_ call: GraphCall) throws(GraphProblem) -> Assignment {
        let body = try objectBody(call)
        for name in ["addLicenses", "removeLicenses"] where body[name]?.array == nil {
            throw .badRequest("Parameter '\(name)' is required.", detail: "InvalidValue", target: name)
        }
        var added: [(String, JSONValue)] = []
        for license in body["addLicenses"]?.array ?? [] {
            let sku = license["skuId"]?.string?.lowercased() ?? ""
            guard settings.subscriptions.contains(where: { $0.sku == sku }) else {
                throw .badRequest("License \(sku) does not correspond to a valid company License.")
            }
            added.append((sku, license["disabledPlans"] ?? []))
        }
        let removed = (body["removeLicenses"]?.array ?? []).compactMap { $0.string?.lowercased() }
        return Assignment(added: added, removed: Set(removed))
    }

    private func assign(
        _ assignment: Assignment,
        toUser index: EntryIndex,
        in directory: inout TenantDirectory,
        _ now: Date
    ) throws(GraphProblem) {
        let user = directory[index]
        guard user.properties["usageLocation"] != nil || assignment.added.isEmpty else {
            throw .badRequest("License assignment cannot be done for user with invalid usage location.")
        }
        var states = user.properties["licenseAssignmentStates"]?.array ?? []
        let direct = { (state: JSONValue) in state["assignedByGroup"] == .null }
        for sku in assignment.removed {
            guard states.contains(where: { direct($0) && $0["skuId"] == .string(sku) }) else {
                throw .badRequest("User does not have a corresponding license.")
            }
        }
        states.removeAll { direct($0) && assignment.removed.contains($0["skuId"]?.string ?? "") }
        for (sku, plans) in assignment.added {
            guard hasSeat(sku, for: user, in: directory) else {
                throw .badRequest("Subscription with SKU \(sku) does not have any available licenses.")
            }
            states.removeAll { direct($0) && $0["skuId"] == .string(sku) }
            states.append(Self.state(sku, plans, group: .null, error: nil, now))
        }
        setStates(states, of: index, in: &directory, now)
    }

    private func hasSeat(_ sku: String, for user: DirectoryEntry, in directory: TenantDirectory) -> Bool {
        let isHolder = user.value("assignedLicenses").array?.contains { $0["skuId"] == .string(sku) } ?? false
        let seats = settings.subscriptions.first { $0.sku == sku }?.seats ?? 0
        return isHolder || directory.licenseCounts[sku] ?? 0 < seats
    }

    private static func state(_ sku: String, _ plans: JSONValue, group: JSONValue, error: String?, _ now: Date)
        -> JSONValue
    {
        [
            "skuId": .string(sku), "disabledPlans": plans, "assignedByGroup": group,
            "state": .string(error == nil ? "Active" : "Error"), "error": .string(error ?? "None"),
            "lastUpdatedDateTime": .string(now.graphText),
        ]
    }

    /// The licenses of a user follow from how they were assigned.
    private func setStates(
        _ states: [JSONValue],
        of index: EntryIndex,
        in directory: inout TenantDirectory,
        _ now: Date
    ) {
        var licenses: [String: JSONValue] = [:]
        for state in states where state["state"] == "Active" {
            licenses[state["skuId"]?.string ?? ""] = [
                "skuId": state["skuId"] ?? .null, "disabledPlans": state["disabledPlans"] ?? [],
            ]
        }
        let changes: [String: JSONValue] = [
            "licenseAssignmentStates": states.isEmpty ? .null : .array(states),
            "assignedLicenses": licenses.isEmpty ? .null : .array(licenses.sorted { $0.key < $1.key }.map(\.value)),
        ]
        directory.apply(.update(index, changes), at: now)
    }

    // MARK: Groups

    private static func assign(
        _ assignment: Assignment,
        toGroup index: EntryIndex,
        in directory: inout TenantDirectory,
        _ now: Date
    ) {
        var licenses = directory[index].value("assignedLicenses").array ?? []
        let gone = assignment.removed.union(assignment.added.map(\.sku))
        licenses.removeAll { gone.contains($0["skuId"]?.string ?? "") }
        licenses += assignment.added.map { ["skuId": .string($0.sku), "disabledPlans": $0.disabledPlans] }
        let changes: [String: JSONValue] = [
            "assignedLicenses": .array(licenses), "licenseProcessingState": ["state": "QueuedForProcessing"],
        ]
        directory.apply(.update(index, changes), at: now)
    }

    /// Members of a group with licenses get them a little later.
    func processLicenses(in directory: inout TenantDirectory, _ now: Date) {
        for group in directory.licenseQueue.due(at: now, delay: settings.groupLicenseDelay) {
            processLicenses(of: group, in: &directory, now)
        }
    }

    private func processLicenses(of group: EntryIndex, in directory: inout TenantDirectory, _ now: Date) {
        guard let work = directory.licenseQueue.work[group] else { return }
        let entry = directory[group]
        let licenses = entry.deletedAt == nil ? entry.value("assignedLicenses").array ?? [] : []
        // If a user got no seat, one may be free by now.
        let isWhole = work.isWhole || entry.value("hasMembersWithLicenseErrors") == true
        let users = isWhole ? work.users.union(directory.targets(.members, of: group)) : work.users
        var hasErrors = false
        // Nested groups do not pass licenses on.
        for user in users.sorted() where directory[user].kind == .user && directory[user].deletedAt == nil {
            let wanted = directory.isLinked(.members, from: group, to: user) ? licenses : []
            if !hand(wanted, of: entry.id, to: user, in: &directory, now) { hasErrors = true }
        }
        let done: [String: JSONValue] = [
            "licenseProcessingState": ["state": "ProcessingComplete"], "hasMembersWithLicenseErrors": .bool(hasErrors),
        ]
        directory.apply(.update(group, done), at: now)
    }

    /// Gives a user the licenses of a group, and removes those that the group had given before.
    ///
    /// - Returns: whether there were enough seats.
    private func hand(
        _ licenses: [JSONValue],
        of group: String,
        to user: EntryIndex,
        in directory: inout TenantDirectory,
        _ now: Date
    ) -> Bool {
        let before = directory[user].properties["licenseAssignmentStates"]?.array ?? []
        let (former, others) = (
            before.filter { $0["assignedByGroup"] == .string(group) },
            before.filter { $0["assignedByGroup"] != .string(group) }
        )
        let states = licenses.map { license in
            let sku = license["skuId"]?.string ?? ""
            let plans = license["disabledPlans"] ?? []
            let error = hasSeat(sku, for: directory[user], in: directory) ? nil : "CountViolation"
            let state = Self.state(sku, plans, group: .string(group), error: error, now)
            return former.first { Self.isSame($0, state) } ?? state
        }
        if states != former { setStates(others + states, of: user, in: &directory, now) }
        return states.allSatisfy { $0["error"] == "None" }
    }

    /// Whether two states differ only in their dates.
    private static func isSame(_ one: JSONValue, _ other: JSONValue) -> Bool {
        one.object?.filter { $0.key != "lastUpdatedDateTime" }
            == other.object?.filter { $0.key != "lastUpdatedDateTime" }
    }
}

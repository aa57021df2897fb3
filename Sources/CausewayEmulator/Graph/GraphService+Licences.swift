import CausewayJSON
import Foundation
import Synchronization

// Licences of users, at once, and of groups, in the background.

/// Groups whose licences are to be brought to their members.
struct LicenceQueue: Sendable {
    var due: [EntryIndex: Date] = [:]
    /// Who has licences from a group.
    var holders: [EntryIndex: Set<EntryIndex>] = [:]
}

extension GraphService {
    // MARK: Reading

    func subscribedSkus(_ call: GraphCall, _ base: String) throws(GraphProblem) -> GraphReply {
        guard call.method == "GET" else { throw .methodNotAllowed }
        let used = directory.withLock { $0.licenceCounts }
        let values = settings.subscriptions.map { subscription in
            [
                "id": .string("\(settings.id)_\(subscription.skuID)"), "skuId": .string(subscription.skuID),
                "skuPartNumber": .string(subscription.partNumber), "capabilityStatus": "Enabled", "appliesTo": "User",
                "consumedUnits": .integer(Int64(used[subscription.skuID] ?? 0)),
                "prepaidUnits": [
                    "enabled": .integer(Int64(subscription.seats)), "suspended": 0, "warning": 0, "lockedOut": 0,
                ],
                "servicePlans": .array(subscription.plans.map { ["servicePlanId": .string($0)] }),
            ] as JSONValue
        }
        return .ok(["@odata.context": .string("\(base)/$metadata#subscribedSkus"), "value": .array(values)])
    }

    func licenceDetails(_ address: GraphPath.Segment, _ call: GraphCall, _ base: String) throws(GraphProblem)
        -> GraphReply
    {
        guard call.method == "GET" else { throw .methodNotAllowed }
        let assigned = try directory.withLock { directory throws(GraphProblem) in
            directory[try find(.user, address, in: directory)].value("assignedLicenses").array ?? []
        }
        let values = assigned.compactMap { licence in
            settings.subscriptions.first { .string($0.skuID) == licence["skuId"] }
        }.map { subscription in
            [
                "id": .string(subscription.skuID), "skuId": .string(subscription.skuID),
                "skuPartNumber": .string(subscription.partNumber), "servicePlans": [],
            ] as JSONValue
        }
        return .ok(["@odata.context": .string("\(base)/$metadata#licenseDetails"), "value": .array(values)])
    }

    // MARK: Assigning

    /// What is asked of `assignLicense`.
    private struct Assignment {
        let added: [(sku: String, disabledPlans: JSONValue)]
        let removed: Set<String>
    }

    func assignLicence(_ kind: EntryKind, _ address: GraphPath.Segment, _ call: GraphCall, _ base: String)
        throws(GraphProblem) -> GraphReply
    {
        guard call.method == "POST" else { throw .methodNotAllowed }
        let assignment = try assignment(call)
        let now = clock.now()
        let entry = try directory.withLock { directory throws(GraphProblem) in
            let index = try find(kind, address, in: directory)
            try checkAssignable(index, call.caller, in: directory)
            if kind == .user { try assign(assignment, toUser: index, in: &directory, now) }
            if kind == .group { assign(assignment, toGroup: index, in: &directory, now) }
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
        for licence in body["addLicenses"]?.array ?? [] {
            let sku = licence["skuId"]?.string?.lowercased() ?? ""
            guard settings.subscriptions.contains(where: { $0.skuID.lowercased() == sku }) else {
                throw .badRequest("License \(sku) does not correspond to a valid company License.")
            }
            added.append((sku, licence["disabledPlans"] ?? []))
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
        let seats = settings.subscriptions.first { $0.skuID.lowercased() == sku }?.seats ?? 0
        return isHolder || directory.licenceCounts[sku] ?? 0 < seats
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

    /// The licences that a user has follow from how they were assigned.
    private func setStates(
        _ states: [JSONValue],
        of index: EntryIndex,
        in directory: inout TenantDirectory,
        _ now: Date
    ) {
        var licences: [String: JSONValue] = [:]
        for state in states where state["state"] == "Active" {
            licences[state["skuId"]?.string ?? ""] = [
                "skuId": state["skuId"] ?? .null, "disabledPlans": state["disabledPlans"] ?? [],
            ]
        }
        let changes: [String: JSONValue] = [
            "licenseAssignmentStates": states.isEmpty ? .null : .array(states),
            "assignedLicenses": licences.isEmpty ? .null : .array(licences.sorted { $0.key < $1.key }.map(\.value)),
        ]
        directory.apply(.update(index, changes), at: now)
    }

    // MARK: Groups

    private func assign(
        _ assignment: Assignment,
        toGroup index: EntryIndex,
        in directory: inout TenantDirectory,
        _ now: Date
    ) {
        var licences = directory[index].value("assignedLicenses").array ?? []
        let gone = assignment.removed.union(assignment.added.map(\.sku))
        licences.removeAll { gone.contains($0["skuId"]?.string ?? "") }
        licences += assignment.added.map { ["skuId": .string($0.sku), "disabledPlans": $0.disabledPlans] }
        let changes: [String: JSONValue] = [
            "assignedLicenses": .array(licences), "licenseProcessingState": ["state": "QueuedForProcessing"],
        ]
        directory.apply(.update(index, changes), at: now)
        licences.isEmpty ? enqueue(index, now) : enqueueLicences(of: index, in: directory, now)
    }

    /// Members of a group with licences get them a little later.
    func enqueueLicences(of group: EntryIndex, in directory: TenantDirectory, _ now: Date) {
        if directory[group].value("assignedLicenses").array?.isEmpty == false { enqueue(group, now) }
    }

    private func enqueue(_ group: EntryIndex, _ now: Date) {
        licences.withLock { $0.due[group] = now.addingTimeInterval(settings.groupLicenceDelay) }
    }

    func processLicences(in directory: inout TenantDirectory, _ now: Date) {
        let due = licences.withLock { queue in
            let due = queue.due.filter { $0.value <= now }.keys.sorted()
            for group in due { queue.due[group] = nil }
            return due
        }
        for group in due where directory[group].deletedAt == nil { processLicences(of: group, in: &directory, now) }
    }

    private func processLicences(of group: EntryIndex, in directory: inout TenantDirectory, _ now: Date) {
        let id = JSONValue.string(directory[group].id)
        let wanted = directory[group].value("assignedLicenses").array ?? []
        // Nested groups do not carry licences.
        let members = Set(directory.targets(.members, of: group).filter { directory[$0].kind == .user })
        let holders = licences.withLock { $0.holders[group] ?? [] }
        var hasErrors = false
        for user in members.union(holders).sorted() where directory[user].deletedAt == nil {
            var states = directory[user].properties["licenseAssignmentStates"]?.array ?? []
            states.removeAll { $0["assignedByGroup"] == id }
            for licence in members.contains(user) ? wanted : [] {
                let sku = licence["skuId"]?.string ?? ""
                let error = hasSeat(sku, for: directory[user], in: directory) ? nil : "CountViolation"
                if error != nil { hasErrors = true }
                states.append(Self.state(sku, licence["disabledPlans"] ?? [], group: id, error: error, now))
            }
            setStates(states, of: user, in: &directory, now)
        }
        licences.withLock { $0.holders[group] = wanted.isEmpty ? nil : members }
        let done: [String: JSONValue] = [
            "licenseProcessingState": ["state": "ProcessingComplete"], "hasMembersWithLicenseErrors": .bool(hasErrors),
        ]
        directory.apply(.update(group, done), at: now)
    }
}

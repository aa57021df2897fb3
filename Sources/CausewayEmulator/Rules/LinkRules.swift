import CausewayJSON

/// What may be linked to what (Graph, "Add members", "Add owners", group resource).
enum LinkRules {
    private static let ownerLimit = 100

    /// Checks new members or owners of a group, all or nothing.
    ///
    /// - Parameters:
    ///   - group: nil for a group that is about to be created.
    ///   - properties: the group's.
    ///   - isSeed: whether the links were created long ago, by means other than Graph.
    /// - Throws: ``GraphProblem`` for the first that is not allowed.
    static func check(
        _ targets: [EntryIndex],
        _ relation: Relation,
        of group: EntryIndex?,
        _ properties: [String: JSONValue],
        in directory: TenantDirectory,
        refusesCycles: Bool,
        isSeed: Bool = false
    ) throws(GraphProblem) {
        guard !targets.isEmpty else { return }
        if !isSeed { try checkManual(properties, relation) }
        for target in targets { try checkKind(directory[target], relation, GroupRules.isUnified(properties)) }
        guard Set(targets).count == targets.count else { throw .linksExist(relation) }
        let present = group.map { directory.linkCount(relation, of: $0) } ?? 0
        if let group { try check(targets, relation, ofPresent: group, in: directory, refusesCycles: refusesCycles) }
        if relation == .owners, present + targets.count > ownerLimit { throw .tooManyOwners(present + targets.count) }
    }

    private static func check(
        _ targets: [EntryIndex],
        _ relation: Relation,
        ofPresent group: EntryIndex,
        in directory: TenantDirectory,
        refusesCycles: Bool
    ) throws(GraphProblem) {
        for target in targets {
            guard !directory.isLinked(relation, from: group, to: target) else { throw .linksExist(relation) }
            guard target != group else { throw .badRequest("A group cannot be a member of itself.") }
            if refusesCycles, relation == .members, isBelow(group, target, directory) {
                throw .badRequest("Adding this member would make the group a member of itself.")
            }
        }
    }

    /// The members of some groups cannot be changed through Graph.
    static func checkManual(_ group: [String: JSONValue], _ relation: Relation) throws(GraphProblem) {
        if relation == .members, group["groupTypes"]?.array?.contains("DynamicMembership") == true {
            throw .badRequest("Cannot change the members of a group with dynamic membership.")
        }
        if group["onPremisesSyncEnabled"] == true { throw .synced(target: relation.name) }
        if GroupRules.isHeldByExchange(group) { throw .heldByExchange }
    }

    private static func checkKind(_ target: DirectoryEntry, _ relation: Relation, _ isUnified: Bool)
        throws(GraphProblem)
    {
        switch (relation, target.kind) {
        case (.members, .user), (.owners, .user), (.owners, .servicePrincipal): return
        case (.members, .servicePrincipal) where !isUnified: return
        case (.members, .group) where !isUnified && !GroupRules.isUnified(target.properties): return
        default:
            throw GraphProblem(
                status: 400,
                code: "Request_BadRequest",
                message:
                    "The group does not accept an object of the type '\(target.kind.resourceName)' among its '\(relation.name)'."
            )
        }
    }

    private static func isBelow(_ group: EntryIndex, _ top: EntryIndex, _ directory: TenantDirectory) -> Bool {
        directory.closure(top, { directory.targets(.members, of: $0) }, { directory[$0].deletedAt == nil })
            .contains(group)
    }
}

extension GraphProblem {
    fileprivate static func tooManyOwners(_ count: Int) -> GraphProblem {
        GraphProblem(
            status: 403,
            code: "Directory_QuotaExceeded",
            message:
                "Unable to perform operation as '\(count)' would exceed the maximum quota count '100' for forward-link 'owners'."
        )
    }
}

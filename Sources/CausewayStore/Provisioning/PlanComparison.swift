package import CausewayJSON
package import CausewayModel

/// The differences between two plans, by what a person sees of their actions.
package struct PlanComparison: Hashable, Sendable {
    /// How many actions only the newer plan has, and the first of them.
    package let addedCount: Int
    package let added: [Action]
    /// How many actions only the older plan has, and the first of them.
    package let removedCount: Int
    package let removed: [Action]
    /// How many actions both have.
    package let commonCount: Int

    package init(addedCount: Int, added: [Action], removedCount: Int, removed: [Action], commonCount: Int) {
        self.addedCount = addedCount
        self.added = added
        self.removedCount = removedCount
        self.removed = removed
        self.commonCount = commonCount
    }

    /// Whether both plans do the same.
    package var isSame: Bool { addedCount == 0 && removedCount == 0 }
}

extension Transaction {
    /// Compares the plans of two runs. The database does it, so the size of the plans does not matter.
    ///
    /// - Parameter limit: how many actions of either side are returned.
    /// - Throws: ``StoreError`` of code `conflict` if one of them was made before plans could be compared.
    package func comparePlans(_ older: RunID, _ newer: RunID, limit: Int) throws -> PlanComparison {
        for run in [older, newer] { try requireFingerprints(run) }
        let all = try count("SELECT COUNT(*) AS count FROM actions WHERE run_id = ?", SQLValue(newer))
        let added = try difference(newer, from: older, limit)
        let removed = try difference(older, from: newer, limit)
        return PlanComparison(
            addedCount: added.count,
            added: added.first,
            removedCount: removed.count,
            removed: removed.first,
            commonCount: all - added.count
        )
    }

    /// Actions of one run that another does not have.
    private func difference(_ run: RunID, from other: RunID, _ limit: Int) throws -> (count: Int, first: [Action]) {
        let rows = """
            FROM actions a WHERE a.run_id = ?
                AND NOT EXISTS (SELECT 1 FROM actions b WHERE b.run_id = ? AND b.fingerprint = a.fingerprint)
            """
        let count = try count("SELECT COUNT(*) AS count \(rows)", SQLValue(run), SQLValue(other))
        guard count > 0 else { return (0, []) }
        let first = try all(
            "SELECT \(Self.actionColumns) \(rows) ORDER BY sequence LIMIT ?",
            SQLValue(run),
            SQLValue(other),
            .integer(Int64(limit))
        ) { try storedAction($0).action }
        return (count, first)
    }

    private func requireFingerprints(_ run: RunID) throws {
        guard try exists("SELECT 1 FROM actions WHERE run_id = ? AND fingerprint = '' LIMIT 1", SQLValue(run)) else {
            return
        }
        throw StoreError(
            .conflict,
            "Run \(run.text) was planned by an earlier version of Causeway and cannot be compared; plan again."
        )
    }
}

extension PlanComparison {
    /// The comparison as JSON.
    package var json: JSONValue {
        func list(_ actions: [Action]) -> JSONValue {
            .array(actions.map { StoredAction(action: $0, outcome: Outcome(.planned)).json })
        }
        return [
            "same": .bool(isSame), "common": .integer(Int64(commonCount)), "added": .integer(Int64(addedCount)),
            "removed": .integer(Int64(removedCount)), "added_actions": list(added), "removed_actions": list(removed),
        ]
    }
}

package import CausewayModel

/// A node and what it works on.
package struct NodeReport: Hashable, Sendable {
    package let node: Node
    package let state: NodeState
    /// The runs whose leases it holds, by the names of their providers.
    package let work: [NodeWork]
}

/// A run that a node works on.
package struct NodeWork: Hashable, Sendable {
    package let run: RunID
    package let provider: ProviderID
    package let providerName: String
}

extension Transaction {
    private static let nodeColumns = "id, name, version, owner, is_draining, started_at_ms, seen_at_ms"

    /// Adds a node, and removes those whose processes have ended.
    ///
    /// - Parameter isGone: whether the process that a node names is known to have ended.
    package func addNode(id: String, name: String, version: String, owner: String, isGone: (String) -> Bool) throws {
        let time = try leaseTime()
        try removeGoneNodes(isGone: isGone, at: time)
        try execute(
            "INSERT INTO nodes (\(Self.nodeColumns)) VALUES (?, ?, ?, ?, ?, ?, ?)",
            .text(id),
            .text(name),
            .text(version),
            .text(owner),
            .bool(false),
            SQLValue(time),
            SQLValue(time)
        )
    }

    /// Records a sign of life of a node. It is a write of a single row (``Store/writeRows(_:)``).
    ///
    /// - Returns: false if the node is not known.
    package func noteLife(of id: String) throws -> Bool {
        let known = try executeAndCount(
            "UPDATE nodes SET seen_at_ms = ? WHERE id = ?",
            SQLValue(try leaseTime()),
            .text(id)
        )
        return known > 0
    }

    /// Removes nodes whose processes have ended, and those that were silent for a day.
    private func removeGoneNodes(isGone: (String) -> Bool, at time: Timestamp) throws {
        for node in try nodes() where isGone(node.owner) || node.seenAt + Node.memory < time {
            try removeNode(node.id)
        }
    }

    /// Removes a node that ends.
    package func removeNode(_ id: String) throws { try execute("DELETE FROM nodes WHERE id = ?", .text(id)) }

    private func nodes() throws -> [Node] {
        try all("SELECT \(Self.nodeColumns) FROM nodes ORDER BY name, started_at_ms, id") { row in
            Node(
                id: try row.text("id"),
                name: try row.text("name"),
                version: try row.text("version"),
                owner: try row.text("owner"),
                isDraining: try row.bool("is_draining"),
                startedAt: try row.timestamp("started_at_ms"),
                seenAt: try row.timestamp("seen_at_ms")
            )
        }
    }

    /// All nodes and what they do, by their names.
    package func nodeReports() throws -> [NodeReport] {
        let time = try leaseTime()
        let held = try all(
            """
            SELECT l.owner, l.run_id, l.provider_id, p.name FROM run_leases l JOIN providers p ON p.id = l.provider_id
            WHERE l.expires_at_ms > ? ORDER BY p.name
            """,
            SQLValue(time)
        ) { row in
            let (run, provider): (RunID, ProviderID) = (try row.id("run_id"), try row.id("provider_id"))
            let work = NodeWork(run: run, provider: provider, providerName: try row.text("name"))
            return (owner: try row.text("owner"), work: work)
        }
        return try nodes().filter { $0.seenAt + Node.memory >= time }.map { node in
            NodeReport(
                node: node,
                state: node.state(at: time),
                work: held.filter { $0.owner == node.owner }.map { $0.work }
            )
        }
    }

    /// Lets the nodes with a name take up no new work, or work again.
    ///
    /// - Returns: how many have that name.
    /// - Throws: ``StoreError`` of code `notFound` if there is none.
    @discardableResult
    package func setDraining(_ isDraining: Bool, nodesNamed name: String) throws -> Int {
        let count = try executeAndCount(
            "UPDATE nodes SET is_draining = ? WHERE name = ?",
            .bool(isDraining),
            .text(name)
        )
        guard count > 0 else { throw StoreError.notFound("node", name) }
        return count
    }
}

/// A server that works on the database; several can share one.
package struct Node: Hashable, Sendable {
    /// Identifies its process: after a restart it is another node.
    package let id: String
    /// The name of its host, or the name that it was given. Two nodes may have the same name.
    package let name: String
    /// The program's version.
    package let version: String
    /// Its process, in the form that leases use.
    package let owner: String
    /// Whether it starts no new work.
    package var isDraining: Bool
    /// By the database's clock.
    package let startedAt: Timestamp
    /// When it last said that it is alive, by the database's clock.
    package var seenAt: Timestamp

    /// How often a node says that it is alive.
    package static let beat: Duration = .seconds(5)
    /// A node that has not said so for this long is silent.
    package static let patience: Duration = .seconds(30)
    /// A node that has not said so for this long is no longer listed.
    package static let memory: Duration = .seconds(86_400)
    /// The longest name, in characters.
    package static let longestName = 255

    package init(
        id: String,
        name: String,
        version: String,
        owner: String,
        isDraining: Bool = false,
        startedAt: Timestamp,
        seenAt: Timestamp
    ) {
        (self.id, self.name, self.version, self.owner) = (id, name, version, owner)
        (self.isDraining, self.startedAt, self.seenAt) = (isDraining, startedAt, seenAt)
    }

    /// What it is doing.
    ///
    /// - Parameter time: by the database's clock.
    package func state(at time: Timestamp) -> NodeState {
        if seenAt + Self.patience < time { return .silent }
        return isDraining ? .draining : .working
    }
}

/// Whether a node takes part in the work.
package enum NodeState: String, Sendable, CaseIterable {
    /// It starts new work.
    case working
    /// It finishes its current runs, and starts no new work.
    case draining
    /// It has not said that it is alive: it was killed, or has lost its network. Others take over its runs.
    case silent
}

/// A server at work on the database; several can share one.
package struct Node: Hashable, Sendable {
    /// Of this process; a restart makes another node.
    package let id: String
    /// The name of its host, or the one that it was given. Two nodes may have the same.
    package let name: String
    /// The program's version.
    package let version: String
    /// Names its process, as leases do.
    package let owner: String
    /// Whether it takes up no new work.
    package var isDraining: Bool
    /// By the database's clock.
    package let startedAt: Timestamp
    /// Its last sign of life, by the database's clock.
    package var seenAt: Timestamp

    /// How often a node gives a sign of life.
    package static let beat: Duration = .seconds(5)
    /// Without one for this long, it counts as silent.
    package static let patience: Duration = .seconds(30)
    /// Without one for this long, it is forgotten.
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
    /// It takes up work.
    case working
    /// It finishes what it has, and takes up nothing new.
    case draining
    /// There is no sign of life: it was stopped, or has lost its network. Others take over what it did.
    case silent
}

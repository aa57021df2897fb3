import CausewayMapping
import CausewayModel
package import CausewayStore

/// The mappings that come with the product: kept in the store as they were delivered. Of several programs on a database, the newest
/// one counts: an older one that starts during an upgrade changes nothing.
package struct ManagedMappings: Sendable {
    private let store: Store
    private let delivered: [PropertyMapping]
    private let revision: Int64

    package init(store: Store) {
        self.init(store: store, delivered: MappingLibrary.managed, revision: MappingLibrary.revision)
    }

    /// - Parameter revision: of the mappings; a higher one replaces a lower one.
    init(store: Store, delivered: [PropertyMapping], revision: Int64) {
        (self.store, self.delivered, self.revision) = (store, delivered, revision)
    }

    /// Stores those that are missing or changed; nothing is written if all is well, or if a newer program has stored its own. If a
    /// mapping of an administrator has the name already, the delivered one is left out.
    ///
    /// - Returns: the names of those left out.
    @discardableResult
    package func install() async throws -> [String] {
        let found = try await store.read { try look(in: $0) }
        guard found.isDue else { return found.left }
        return try await store.write { transaction in
            // Another node may have been faster.
            let found = try look(in: transaction)
            for mapping in found.missing {
                try transaction.saveManagedMapping(
                    mapping.managed ?? mapping.name,
                    name: mapping.name,
                    expression: mapping.expression
                )
            }
            if found.isDue { try transaction.setMappingRevision(revision) }
            return found.left
        }
    }

    /// Which mappings must be stored.
    private struct Finding: Sendable {
        var missing: [PropertyMapping] = []
        /// The names of those left out.
        var left: [String] = []
        var isDue = false
    }

    private func look(in transaction: Transaction) throws -> Finding {
        let newest = try transaction.mappingRevision()
        guard newest <= revision else { return Finding() }
        let present = try transaction.mappings()
        let stored = Dictionary(present.compactMap { one in one.managed.map { ($0, one) } }, uniquingKeysWith: { $1 })
        let taken = Set(present.filter { $0.managed == nil }.map(\.name))
        let wanted = delivered.filter { mapping in
            let stored = mapping.managed.flatMap { stored[$0] }
            return stored?.expression != mapping.expression || stored?.name != mapping.name
        }
        let missing = wanted.filter { !taken.contains($0.name) }
        return Finding(
            missing: missing,
            left: wanted.filter { taken.contains($0.name) }.map(\.name),
            isDue: !missing.isEmpty || newest < revision
        )
    }
}

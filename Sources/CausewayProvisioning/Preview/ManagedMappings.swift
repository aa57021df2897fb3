import CausewayMapping
import CausewayModel
package import CausewayStore

/// The mappings that come with the product: kept in the store as they were delivered.
package struct ManagedMappings: Sendable {
    private let store: Store

    package init(store: Store) { self.store = store }

    /// Stores those that are missing or changed; nothing is written if all is well. If a mapping of an
    /// administrator has the name already, the delivered one is left out.
    ///
    /// - Returns: the names of those left out.
    @discardableResult
    package func install() async throws -> [String] {
        let all = MappingLibrary.managed
        let present = try await store.read { try $0.mappings() }
        let delivered = Dictionary(
            present.compactMap { one in one.managed.map { ($0, one) } },
            uniquingKeysWith: { $1 }
        )
        let taken = Set(present.filter { $0.managed == nil }.map(\.name))
        let wanted = all.filter { mapping in
            let stored = mapping.managed.flatMap { delivered[$0] }
            return stored?.expression != mapping.expression || stored?.name != mapping.name
        }
        let (left, missing) = (wanted.filter { taken.contains($0.name) }, wanted.filter { !taken.contains($0.name) })
        guard !missing.isEmpty else { return left.map(\.name) }
        try await store.write { transaction in
            for mapping in missing {
                try transaction.saveManagedMapping(
                    mapping.managed ?? mapping.name,
                    name: mapping.name,
                    expression: mapping.expression
                )
            }
        }
        return left.map(\.name)
    }
}

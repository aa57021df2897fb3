package import CausewayStore
package import Foundation

extension Store {
    /// Says that a node is alive that is no process, as if it ran on another machine.
    ///
    /// - Parameter name: of the node, and of its owner.
    package func beat(asNode name: String, id: UUID) async throws {
        try await write { transaction in
            guard try !transaction.noteLife(of: id.uuidString.lowercased()) else { return }
            try transaction.addNode(
                id: id.uuidString.lowercased(),
                name: name,
                version: "1.0",
                owner: "process of \(name)",
                isGone: { _ in false }
            )
        }
    }
}

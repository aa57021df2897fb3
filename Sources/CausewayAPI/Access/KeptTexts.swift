package import CausewayModel
import CausewayStore
import Foundation

/// Texts that pages show later, to the one for whom they are kept. They are sealed in the database, so any node finds them.
package struct KeptTexts: Sendable {
    let store: Store

    /// Keeps a text.
    ///
    /// - Parameter owner: what a later request must have: a name, or a key that cannot be guessed.
    /// - Returns: the key with which it is found. It cannot be guessed.
    package func keep(_ text: String, as kind: KeptTextKind, of owner: String) async throws -> String {
        let key = UUID().uuidString.lowercased()
        try await store.write { transaction in
            try transaction.keep(
                Secret(text),
                as: kind,
                keyHash: AccessKey.hash(key),
                ownerHash: AccessKey.hash(owner)
            )
        }
        return key
    }

    /// - Returns: nil for another owner's text, and for one that is no longer kept.
    package func text(_ key: String, _ kind: KeptTextKind, of owner: String) async throws -> String? {
        try await store.read { transaction in
            try transaction.keptText(kind, keyHash: AccessKey.hash(key), ownerHash: AccessKey.hash(owner))?.revealed
        }
    }

    /// Whether anything is kept for an owner.
    package func hasText(_ kind: KeptTextKind, of owner: String) async throws -> Bool {
        try await store.read { try $0.hasKeptText(kind, ownerHash: AccessKey.hash(owner)) }
    }
}

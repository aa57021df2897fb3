package import CausewayModel
import Crypto
import Foundation

/// Seals secrets before they are stored (AES-256 in Galois/Counter Mode) and opens them again.
package struct SecretBox: Sendable {
    private let key: SymmetricKey

    /// A box whose key is derived from a passphrase or random text of at least 16 characters.
    ///
    /// - Throws: ``StoreError`` if the text is too short to protect anything.
    package init(keyText: Secret) throws(StoreError) {
        let text = keyText.revealed.trimmingCharacters(in: .whitespacesAndNewlines)
        guard text.count >= 16 else {
            throw StoreError(.secretKey, "The secret key is shorter than 16 characters; use a longer random text.")
        }
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Data(text.utf8)),
            info: Data("causeway secrets at rest".utf8),
            outputByteCount: 32
        )
    }

    /// Bytes of an empty secret, sealed: the nonce and the tag.
    static let leastBytes = 12 + 16

    /// A code with which this server recognizes a text that it wrote itself (HMAC-SHA-256, with a separate key).
    func authenticationCode(of text: String) -> [UInt8] {
        let own = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key,
            info: Data("causeway authentication codes".utf8),
            outputByteCount: 32
        )
        return Array(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: own))
    }

    func seal(_ secret: Secret) throws -> [UInt8] {
        let box = try AES.GCM.seal(Data(secret.revealed.utf8), using: key)
        return Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
    }

    func open(_ sealed: [UInt8]) throws(StoreError) -> Secret {
        do {
            let bytes = try AES.GCM.open(AES.GCM.SealedBox(combined: Data(sealed)), using: key)
            return Secret(String(decoding: bytes, as: UTF8.self))
        } catch {
            throw StoreError(
                .secretKey,
                "A stored secret cannot be opened: the secret key is not the one it was sealed with. Start with the previous key "
                    + "(CAUSEWAY_SECRET_KEY or the file secret.key in the data folder), or enter the secret again."
            )
        }
    }
}

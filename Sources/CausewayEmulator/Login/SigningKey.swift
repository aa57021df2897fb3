import CausewayJSON
import Crypto
import CryptoExtras
import Foundation
import Synchronization

/// The key that signs access tokens (RFC 7515, RS256). A reader of the key set can verify a token.
final class SigningKey: Sendable {
    /// All tenants share it, as in Entra: it is created when it is first needed, which takes a tenth of a second, and once.
    static let ofThisProgram = SigningKey()

    private let made = Mutex<_RSA.Signing.PrivateKey?>(nil)

    private func key() throws -> _RSA.Signing.PrivateKey {
        try made.withLock { made in
            if let made { return made }
            let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
            made = key
            return key
        }
    }

    /// A signed JWT of these claims. Tokens of version 1 name their key twice (Microsoft identity platform, "Access tokens").
    func sign(_ claims: JSONValue) throws -> String {
        let key = try key()
        let id = JSONValue.string(Self.id(of: key.publicKey))
        let header: JSONValue = ["typ": "JWT", "alg": "RS256", "x5t": id, "kid": id]
        let signed = "\(header.bytes.base64URL).\(claims.bytes.base64URL)"
        let digest = SHA256.hash(data: Data(signed.utf8))
        let signature = try key.signature(for: digest, padding: .insecurePKCS1v1_5)
        return "\(signed).\(signature.rawRepresentation.base64URL)"
    }

    /// The key set (RFC 7517).
    func keySet() throws -> JSONValue {
        let key = try key().publicKey
        let id = JSONValue.string(Self.id(of: key))
        let numbers = try key.getKeyPrimitives()
        return [
            "keys": [
                [
                    "kty": "RSA", "use": "sig", "kid": id, "x5t": id, "n": .string(numbers.modulus.base64URL),
                    "e": .string(numbers.publicExponent.base64URL),
                ]
            ]
        ]
    }

    private static func id(of key: _RSA.Signing.PublicKey) -> String {
        Array(SHA256.hash(data: key.derRepresentation).prefix(20)).base64URL
    }
}

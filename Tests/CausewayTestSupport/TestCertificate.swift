package import CausewayJSON
import CausewayModel
import Crypto
import CryptoExtras
package import Foundation
import SwiftASN1
import X509

/// A certificate that a test creates, and signatures with its key.
package struct TestCertificate: Sendable {
    package let certificatePEM: String
    package let keyPEM: String
    /// Only of the public key.
    package let publicKeyPEM: String
    /// The SHA-1 digest in hexadecimal digits, as the portal shows it.
    package var thumbprint: String { Insecure.SHA1.hash(data: der).hexadecimalText }
    private let key: _RSA.Signing.PrivateKey
    private let der: [UInt8]

    /// - Parameter notAfter: when it expires.
    package init(notAfter: Date = Date(timeIntervalSinceNow: 86_400)) throws {
        key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let name = try DistinguishedName { CommonName("Causeway test") }
        let certificate = try Certificate(
            version: .v3,
            serialNumber: .init(),
            publicKey: .init(key.publicKey),
            notValidBefore: Date(timeIntervalSinceNow: -86_400 * 400),
            notValidAfter: notAfter,
            issuer: name,
            subject: name,
            signatureAlgorithm: .sha256WithRSAEncryption,
            extensions: .init(),
            issuerPrivateKey: .init(key)
        )
        var serializer = DER.Serializer()
        try certificate.serialize(into: &serializer)
        der = serializer.serializedBytes
        certificatePEM = PEMDocument(type: "CERTIFICATE", derBytes: der).pemString
        keyPEM = key.pkcs8PEMRepresentation
        publicKeyPEM = key.publicKey.pemRepresentation
    }

    /// A JWT over claims.
    ///
    /// - Parameter isPSS: PS256 with a SHA-256 thumbprint, or the older RS256 with a SHA-1 one.
    package func assertion(_ claims: [String: JSONValue], isPSS: Bool = true) throws -> String {
        var header: [String: JSONValue] = ["typ": "JWT", "alg": isPSS ? "PS256" : "RS256"]
        if isPSS {
            header["x5t#S256"] = .string(Self.base64URL(Data(SHA256.hash(data: der))))
        } else {
            header["x5t"] = .string(Self.base64URL(Data(Insecure.SHA1.hash(data: der))))
        }
        let parts = [JSONValue.object(header), .object(claims)].map { Self.base64URL(Data($0.bytes)) }
        let signed = parts.joined(separator: ".")
        let digest = SHA256.hash(data: Data(signed.utf8))
        let signature = try key.signature(for: digest, padding: isPSS ? .PSS : .insecurePKCS1v1_5)
        return "\(signed).\(Self.base64URL(signature.rawRepresentation))"
    }

    private static func base64URL(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

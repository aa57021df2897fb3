import CausewayJSON
import Crypto
import CryptoExtras
package import Foundation
import SwiftASN1
import X509

/// A certificate with its private key, which signs assertions instead of a secret (Microsoft identity platform, "Certificate
/// credentials"). It prints as its thumbprint.
package struct ClientCertificate: Sendable, CustomStringConvertible, CustomReflectable {
    private let key: _RSA.Signing.PrivateKey
    private let thumbprint: String
    /// When it expires.
    package let notAfter: Date

    /// How long an assertion is valid; Microsoft advises five to ten minutes.
    private static let lifetime = 300.0

    /// - Parameter pem: the certificate and its RSA key, in any order, as `openssl` writes them.
    /// - Throws: ``CertificateError`` that says what is missing.
    package init(pem: String) throws(CertificateError) {
        guard let documents = try? PEMDocument.parseMultiple(pemString: pem), !documents.isEmpty else {
            throw CertificateError(
                description: "The certificate is not PEM text, which has lines such as -----BEGIN CERTIFICATE-----. "
                    + "To convert a PFX file: openssl pkcs12 -in FILE.pfx -out FILE.pem -nodes"
            )
        }
        guard let leaf = documents.first(where: { $0.discriminator == "CERTIFICATE" }) else {
            throw CertificateError(description: "The PEM text contains no CERTIFICATE; add it to the key.")
        }
        guard let secret = documents.first(where: { $0.discriminator.hasSuffix("PRIVATE KEY") }) else {
            throw CertificateError(
                description: "The PEM text contains no PRIVATE KEY; add it to the certificate."
            )
        }
        let certificate: Certificate
        do {
            certificate = try Certificate(derEncoded: leaf.derBytes)
            key = try _RSA.Signing.PrivateKey(pemRepresentation: secret.pemString)
        } catch {
            throw CertificateError(
                description: "The certificate or its key cannot be read; the key must be RSA and without a passphrase."
            )
        }
        guard Certificate.PublicKey(key.publicKey) == certificate.publicKey else {
            throw CertificateError(description: "The private key does not belong to the certificate.")
        }
        notAfter = certificate.notValidAfter
        thumbprint = Data(SHA256.hash(data: leaf.derBytes)).base64URL
    }

    /// A new assertion.
    ///
    /// - Throws: ``LoginError`` if the certificate has expired.
    func assertion(clientID: String, audience: String, now: Date) throws(LoginError) -> String {
        guard now < notAfter else {
            throw LoginError(
                code: .wrongCredential,
                sentence: "The client certificate has expired (\(notAfter.formatted(.iso8601))).",
                remedy: "Create a new one, add it to the app registration and enter it in the provider."
            )
        }
        let time = Int64(now.timeIntervalSince1970)
        let header: JSONValue = ["alg": "PS256", "typ": "JWT", "x5t#S256": .string(thumbprint)]
        let claims: JSONValue = [
            "aud": .string(audience), "iss": .string(clientID), "sub": .string(clientID),
            "jti": .string(UUID().uuidString.lowercased()), "nbf": .integer(time), "iat": .integer(time),
            "exp": .integer(time + Int64(Self.lifetime)),
        ]
        let signed = "\(Data(header.bytes).base64URL).\(Data(claims.bytes).base64URL)"
        let digest = SHA256.hash(data: Data(signed.utf8))
        guard let signature = try? key.signature(for: digest, padding: .PSS) else {
            throw LoginError(
                code: .wrongCredential,
                sentence: "The certificate's key cannot sign.",
                remedy: "Use an RSA key of 2048 bits or more."
            )
        }
        return "\(signed).\(signature.rawRepresentation.base64URL)"
    }

    package var description: String { "certificate \(thumbprint)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why a certificate cannot be used, in one sentence.
package struct CertificateError: Error, Equatable, CustomStringConvertible {
    package let description: String
}

extension Data {
    /// Base64url without padding (RFC 4648, section 5).
    fileprivate var base64URL: String {
        base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

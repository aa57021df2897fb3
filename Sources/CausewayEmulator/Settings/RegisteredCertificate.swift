import CausewayJSON
import Crypto
import CryptoExtras
import Foundation
import SwiftASN1
import X509

/// A certificate of an app registration: its key, and the two thumbprints by which assertions name it.
struct RegisteredCertificate: Sendable {
    let key: _RSA.Signing.PublicKey
    let thumbprints: Set<String>
    let notAfter: Date

    /// - Throws: ``EmulatorError`` if the text is not a certificate with an RSA key.
    init(pem: String) throws(EmulatorError) {
        do {
            // The certificates of its issuers may follow it.
            guard let document = try PEMDocument.parseMultiple(pemString: pem).first else { throw Self.unreadable }
            let certificate = try Certificate(derEncoded: document.derBytes)
            key = try _RSA.Signing.PublicKey(derRepresentation: certificate.publicKey.subjectPublicKeyInfoBytes)
            thumbprints = [
                SHA256.hash(data: document.derBytes).base64URL, Insecure.SHA1.hash(data: document.derBytes).base64URL,
            ]
            notAfter = certificate.notValidAfter
        } catch {
            throw Self.unreadable
        }
    }

    private static let unreadable = EmulatorError(
        description: "A certificate of an application is not a PEM certificate with an RSA key."
    )

    /// Whether an assertion names this certificate: by a thumbprint, or by including it before those of its issuers (RFC 7515,
    /// section 4.1.6).
    func isNamed(by header: JSONValue) -> Bool {
        var names = ["x5t#S256", "x5t"].compactMap { header[$0]?.string?.replacing("=", with: "") }
        if let brought = header["x5c"]?.array?.first?.string.flatMap({ Data(base64Encoded: $0) }) {
            names.append(SHA256.hash(data: brought).base64URL)
        }
        return names.contains(where: thumbprints.contains)
    }
}

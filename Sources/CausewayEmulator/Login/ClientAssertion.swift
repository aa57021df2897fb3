import CausewayJSON
import Crypto
import CryptoExtras
import Foundation
import SwiftASN1
import X509

/// A signed JWT that stands for a secret (RFC 7523; Microsoft identity platform, "Certificate credentials").
struct ClientAssertion: Sendable {
    let header: JSONValue
    let claims: JSONValue
    private let signed: Data
    private let signature: Data

    static let type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    /// - Returns: nil where the text is no signed JWT.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let header = Data(base64URL: parts[0]), let claims = Data(base64URL: parts[1]),
            let signature = Data(base64URL: parts[2]), let headerJSON = try? JSONValue(parsing: header),
            let claimsJSON = try? JSONValue(parsing: claims)
        else { return nil }
        self.header = headerJSON
        self.claims = claimsJSON
        self.signature = signature
        signed = Data("\(parts[0]).\(parts[1])".utf8)
    }

    func isSigned(by key: _RSA.Signing.PublicKey) -> Bool {
        guard let signature = Optional(_RSA.Signing.RSASignature(rawRepresentation: signature)) else { return false }
        let digest = SHA256.hash(data: signed)
        switch header["alg"]?.string {
        case "PS256": return key.isValidSignature(signature, for: digest, padding: .PSS)
        case "RS256": return key.isValidSignature(signature, for: digest, padding: .insecurePKCS1v1_5)
        default: return false
        }
    }

    /// Whether the moment lies in the assertion's time; the service allows clocks to differ by five minutes.
    func isValid(at date: Date) -> Bool {
        let time = date.timeIntervalSince1970
        let end = claims["exp"]?.double ?? 0
        let start = claims["nbf"]?.double ?? claims["iat"]?.double ?? 0
        return time < end + Self.tolerance && time >= start - Self.tolerance
    }

    private static let tolerance = 300.0
}

/// A certificate of an app registration: its key, and the two thumbprints by which assertions name it.
struct RegisteredCertificate: Sendable {
    let key: _RSA.Signing.PublicKey
    let thumbprints: Set<String>
    let notAfter: Date

    /// - Throws: ``EmulatorError`` where the text is no certificate with an RSA key.
    init(pem: String) throws(EmulatorError) {
        do {
            // Those that vouch for it may stand behind it.
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
        description: "A certificate of an application is no PEM certificate with an RSA key."
    )

    /// Whether an assertion names this certificate: by a thumbprint, or by bringing it, before those that vouch for it (RFC 7515,
    /// section 4.1.6).
    func isNamed(by header: JSONValue) -> Bool {
        var names = ["x5t#S256", "x5t"].compactMap { header[$0]?.string?.replacing("=", with: "") }
        if let brought = header["x5c"]?.array?.first?.string.flatMap({ Data(base64Encoded: $0) }) {
            names.append(SHA256.hash(data: brought).base64URL)
        }
        return names.contains(where: thumbprints.contains)
    }
}

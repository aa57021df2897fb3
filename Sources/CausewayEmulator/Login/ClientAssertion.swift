import CausewayJSON
import Crypto
import CryptoExtras
import Foundation
import SwiftASN1
import X509

/// A signed JWT instead of a secret (RFC 7523; Microsoft identity platform, "Certificate credentials").
struct ClientAssertion: Sendable {
    let header: JSONValue
    let claims: JSONValue
    private let signed: Data
    private let signature: Data

    static let type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    /// - Returns: nil if the text is not a signed JWT.
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

    /// Whether the moment is within the assertion's time; the service allows clocks to differ by five minutes.
    func isValid(at date: Date) -> Bool {
        let time = date.timeIntervalSince1970
        let end = claims["exp"]?.double ?? 0
        let start = claims["nbf"]?.double ?? claims["iat"]?.double ?? 0
        return time < end + Self.tolerance && time >= start - Self.tolerance
    }

    private static let tolerance = 300.0
}

import Crypto
import Foundation

/// Codes of authenticator applications (TOTP, RFC 6238): six digits, thirty seconds, SHA-1.
package struct OneTimePassword: Sendable {
    static let period: Int64 = 30
    private let secret: [UInt8]

    /// - Parameter base32: the secret as authenticator applications take it (RFC 4648, section 6); nil if it is invalid.
    init?(base32: String) {
        guard let bytes = Self.decode(base32), !bytes.isEmpty else { return nil }
        secret = bytes
    }

    /// A new secret of 160 bits, in base 32.
    static func randomSecret() -> String {
        var generator = SystemRandomNumberGenerator()
        return encode((0..<20).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    /// The address from which authenticators read a secret (Google's Key URI Format).
    package static func address(username: String, secret: String) -> String {
        let label = "Causeway:\(username)".addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "Causeway"
        return "otpauth://totp/\(label)?secret=\(secret)&issuer=Causeway"
    }

    /// The code of a step (RFC 4226, section 5.3).
    func code(step: Int64) -> String {
        let counter = withUnsafeBytes(of: UInt64(bitPattern: step).bigEndian) { Data($0) }
        let digest = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
        let offset = Int(digest[19] & 15)
        let number = digest[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let digits = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// The step that a code belongs to: the present one, or a neighboring one for clocks that differ; nil for a wrong code, and for a
    /// code of a step up to `last`, since a code counts once.
    func step(of code: String, at seconds: Int64, after last: Int64) -> Int64? {
        let present = seconds / Self.period
        return (present - 1...present + 1).first { $0 > last && AccessKey.areEqual(self.code(step: $0), code) }
    }

    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    private static func encode(_ bytes: [UInt8]) -> String {
        var (text, buffer, bits) = ([UInt8](), 0, 0)
        for byte in bytes {
            buffer = buffer << 8 | Int(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(letters[buffer >> bits & 31])
            }
            buffer &= 0xFFF
        }
        if bits > 0 { text.append(letters[buffer << (5 - bits) & 31]) }
        return String(decoding: text, as: UTF8.self)
    }

    private static func decode(_ text: String) -> [UInt8]? {
        var (bytes, buffer, bits) = ([UInt8](), 0, 0)
        for letter in text.uppercased().utf8 where letter != UInt8(ascii: "=") {
            guard let value = letters.firstIndex(of: letter) else { return nil }
            buffer = buffer << 5 | value
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(buffer >> bits & 255))
            }
            buffer &= 0xFFF
        }
        return bytes
    }
}

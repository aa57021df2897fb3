package import CausewayJSON
import CausewayModel
import Crypto

/// A short text that identifies a value.
package enum Fingerprint {
    /// SHA-256 of the value as JSON with sorted members, in hexadecimal digits.
    package static func text(of value: JSONValue) -> String { SHA256.hash(data: value.bytes).hexadecimalText }
}

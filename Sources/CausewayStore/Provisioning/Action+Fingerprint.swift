import CausewayJSON
package import CausewayModel
import Crypto

extension Action {
    /// Distinguishes actions by what a person sees of them: what is done to which object, why, and every value.
    ///
    /// The place in the plan, the outcome and the secrets are left out: two plans that do the same have the same fingerprints,
    /// and the random password of an account differs each time.
    package var fingerprint: String {
        let content: JSONValue = [
            "verb": .string(verb.rawValue), "kind": .string(kind.rawValue), "object": JSONValue(object?.id),
            "entra_id": JSONValue(entraID?.rawValue), "reason": .string(reason.rawValue),
            "changes": .array(changes.sorted { $0.attribute < $1.attribute }.map(\.json)),
            "members": JSONValue(members.map(\.json.text).sorted()),
        ]
        return SHA256.hash(data: content.bytes).hexadecimalText
    }
}

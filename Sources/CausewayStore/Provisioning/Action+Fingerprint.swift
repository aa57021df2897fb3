import CausewayJSON
package import CausewayModel
import Crypto

extension Action {
    /// Tells two actions apart by what a person sees of them: what is done to which object, why, and every value.
    ///
    /// Its place in the plan, its outcome and its secrets are left out: two plans that do the same have the same fingerprints,
    /// and the random password of an account is another each time.
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

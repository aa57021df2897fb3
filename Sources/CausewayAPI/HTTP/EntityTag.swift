import CausewayJSON
import CausewayModel
import Crypto

/// The tag of a state of an object, by which a client says what it has seen (RFC 9110, section 8.8.3).
struct EntityTag: Sendable {
    /// As the header `ETag` has it, in quotation marks.
    let text: String

    /// - Parameter json: the answer that the client gets.
    init(of json: JSONValue) {
        text = "\"\(SHA256.hash(data: json.withoutLastSync.bytes).prefix(12).hexadecimalText)\""
    }
}

extension JSONValue {
    /// Without what no client changes: a sync that begins meanwhile keeps nobody from changing its provider.
    fileprivate var withoutLastSync: JSONValue {
        guard case .object(var members) = self, members.removeValue(forKey: "last_sync") != nil else { return self }
        return .object(members)
    }
}

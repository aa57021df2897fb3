import CausewayJSON
import CausewayModel
import Crypto

/// The entity tag of an object's state. With it, a client says which state it has read (RFC 9110, section 8.8.3).
struct EntityTag: Sendable {
    /// The value of the header `ETag`, in quotation marks.
    let text: String

    /// - Parameter json: the answer to the client.
    init(of json: JSONValue) {
        text = "\"\(SHA256.hash(data: json.withoutLastSync.bytes).prefix(12).hexadecimalText)\""
    }
}

extension JSONValue {
    /// Without the last sync, which no client changes: a client can change a provider even if a sync began in between.
    fileprivate var withoutLastSync: JSONValue {
        guard case .object(var members) = self, members.removeValue(forKey: "last_sync") != nil else { return self }
        return .object(members)
    }
}

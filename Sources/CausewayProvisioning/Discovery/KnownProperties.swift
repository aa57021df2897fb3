import CausewayJSON
import CausewayModel

/// What is kept of an Entra object: Graph's properties without those that say nothing.
enum KnownProperties {
    static func properties(from members: [String: JSONValue]) -> [String: JSONValue] {
        members.filter { name, _ in name != "id" && !name.hasPrefix("@odata.") }.compactMapValues(MirrorObject.kept)
    }
}

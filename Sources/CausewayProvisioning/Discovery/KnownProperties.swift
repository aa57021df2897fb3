import CausewayJSON
import CausewayModel

/// What the mirror keeps of an Entra object: Graph's properties without those that carry no information.
enum KnownProperties {
    static func properties(from members: [String: JSONValue]) -> [String: JSONValue] {
        members.filter { name, _ in name != "id" && !name.hasPrefix("@odata.") }.compactMapValues(MirrorObject.kept)
    }
}

import CausewayJSON

/// What is kept of an Entra object: Graph's properties without those that say nothing.
enum Known {
    static func properties(from members: [String: JSONValue]) -> [String: JSONValue] {
        members.filter { name, value in
            name != "id" && !name.hasPrefix("@odata.") && !value.isNull && value != .array([])
        }
    }
}

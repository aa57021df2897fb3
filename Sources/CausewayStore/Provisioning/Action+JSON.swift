package import CausewayJSON
package import CausewayModel

extension AttributeChange {
    /// As it is stored and exported.
    package var json: JSONValue {
        var members: [String: JSONValue] = ["attribute": .string(attribute), "new": new]
        members["old"] = old
        return .object(members)
    }

    init?(_ json: JSONValue) {
        guard let attribute = json["attribute"]?.string, let new = json["new"] else { return nil }
        self.init(attribute: attribute, old: json["old"], new: new)
    }
}

extension MemberReference {
    /// As it is stored and exported.
    package var json: JSONValue {
        switch self {
        case .local(let object): [.string(object.kind.rawValue), .string(object.id)]
        case .remote(let id): ["entra", .string(id.rawValue)]
        }
    }

    init?(_ json: JSONValue) {
        guard let parts = json.array, parts.count == 2, let word = parts[0].string, let id = parts[1].string else {
            return nil
        }
        if word == "entra" {
            self = .remote(EntraObjectID(id))
        } else if let kind = ObjectKind(rawValue: word), let object = ObjectReference(kind: kind, id: id) {
            self = .local(object)
        } else {
            return nil
        }
    }
}

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

extension StoredAction {
    /// The action with its outcome, as JSON.
    package var json: JSONValue {
        [
            "sequence": .integer(action.sequence), "action": .string(action.verb.rawValue),
            "kind": .string(action.kind.rawValue), "name": .string(action.name),
            "object": JSONValue(action.object?.id), "entra_id": JSONValue(action.entraID?.rawValue),
            "reason": .string(action.reason.rawValue), "detail": .string(action.detail),
            "destructive": .bool(action.isDestructive), "asks_first": .bool(action.asksFirst),
            "changes": .array(
                action.changes.map { ["attribute": .string($0.attribute), "old": $0.old ?? .null, "new": $0.new] }
            ),
            "members": .integer(Int64(action.members.count)), "outcome": .string(outcome.status.rawValue),
            "message": .string(outcome.message), "remedy": .string(outcome.remedy),
            "attribute": JSONValue(outcome.attribute),
        ]
    }
}

extension ActionCount {
    /// The count as JSON.
    package var json: JSONValue {
        [
            "action": .string(verb.rawValue), "kind": .string(kind.rawValue), "outcome": .string(status.rawValue),
            "count": .integer(Int64(count)), "links": .integer(Int64(links)),
        ]
    }
}

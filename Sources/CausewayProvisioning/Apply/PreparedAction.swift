import CausewayGraph
import CausewayJSON
import CausewayModel

/// An action that is ready to be sent: every local object in it has been replaced by its Entra id.
struct PreparedAction: Sendable {
    let action: Action
    /// The Entra object that it changes; nil for a creation.
    let entraID: EntraObjectID?
    let members: [EntraObjectID]
    let request: GraphRequest
}

extension PreparedAction {
    /// Prepares an action.
    ///
    /// - Parameters:
    ///   - graph: Graph's URL with its version, for references.
    ///   - selection: the properties to read of an object that is looked for.
    ///   - ids: the Entra ids of the local objects in it.
    /// - Returns: nil if the object has no Entra object, because its creation failed.
    init?(_ action: Action, graph: String, selection: [String], ids: ResolvedObjects) {
        let entraID: EntraObjectID?
        if action.verb == .create {
            entraID = nil
        } else {
            guard let id = ids.target(of: action) else { return nil }
            entraID = id
        }
        let members = action.members.compactMap(ids.member)
        guard let request = Self.request(action, entraID, members, graph, selection) else { return nil }
        self.init(action: action, entraID: entraID, members: members, request: request)
    }

    fileprivate static func request(
        _ action: Action,
        _ entraID: EntraObjectID?,
        _ members: [EntraObjectID],
        _ graph: String,
        _ selection: [String]
    ) -> GraphRequest? {
        let collection = "/\(action.kind.collection)"
        let path = "\(collection)/\(entraID?.rawValue.urlEncoded ?? "")"
        switch action.verb {
        case .create:
            var body = action.body.filter { !$0.value.isNull }
            if !members.isEmpty { body["members@odata.bind"] = references(members, graph) }
            let lookup = action.lookup(selection)
            return GraphRequest(
                .post,
                collection,
                body: .object(body),
                repetition: lookup.map(GraphRequest.Repetition.afterLooking)
            )
        case .update, .suspend, .reactivate:
            return GraphRequest(.patch, path, body: .object(action.body), repetition: .harmless)
        case .delete: return GraphRequest(.delete, path, repetition: .harmless)
        case .addMembers:
            guard !members.isEmpty else { return nil }
            let body: JSONValue = ["members@odata.bind": references(members, graph)]
            return GraphRequest(.patch, path, body: body, repetition: .harmless)
        case .removeMember:
            guard let member = members.first else { return nil }
            return GraphRequest(.delete, "\(path)/members/\(member.rawValue.urlEncoded)/$ref", repetition: .harmless)
        case .setManager:
            guard let manager = members.first else { return nil }
            let body: JSONValue = ["@odata.id": .string("\(graph)/users/\(manager.rawValue)")]
            return GraphRequest(.put, "\(path)/manager/$ref", body: body, repetition: .harmless)
        case .removeManager: return GraphRequest(.delete, "\(path)/manager/$ref", repetition: .harmless)
        case .restore: return restoration(action, entraID, selection)
        case .link, .unlink, .skip: return nil
        }
    }

    /// Restores an object from the recycle bin (Graph, restore deletedItems). Graph would refuse a name that others have since taken, so a
    /// user is restored under the current name and without addresses that are taken.
    private static func restoration(_ action: Action, _ entraID: EntraObjectID?, _ selection: [String]) -> GraphRequest?
    {
        guard let id = entraID?.rawValue.urlEncoded else { return nil }
        var body: [String: JSONValue] = [:]
        if action.kind == .user { body["autoReconcileProxyConflict"] = true }
        if let name = action.known["userPrincipalName"] { body["newUserPrincipalName"] = name }
        return GraphRequest(
            .post,
            "/directory/deletedItems/\(id)/restore",
            body: body.isEmpty ? nil : .object(body),
            repetition: action.lookup(selection).map(GraphRequest.Repetition.afterLooking)
        )
    }

    private static func references(_ members: [EntraObjectID], _ graph: String) -> JSONValue {
        JSONValue(members.map { "\(graph)/directoryObjects/\($0.rawValue)" })
    }
}

extension SyncSession {
    /// A creation without some of what it was to send.
    ///
    /// - Parameter members: the members to send with it.
    func prepared(_ action: Action, without names: Set<String>, members: [EntraObjectID]) -> PreparedAction? {
        let action = action.with(changes: action.changes.filter { !names.contains($0.attribute) })
        let selection = selection(action.kind)
        return PreparedAction.request(action, nil, members, graph.baseURL, selection).map {
            PreparedAction(action: action, entraID: nil, members: members, request: $0)
        }
    }
}

extension Action {
    /// A line of the plan that says that Entra ID refuses a part of the object.
    func refused(_ change: AttributeChange?, at entraID: EntraObjectID?) -> Action {
        Action(
            phase: phase,
            verb: .skip,
            kind: kind,
            object: object,
            name: name,
            entraID: entraID,
            reason: .refused,
            changes: change.map { [$0] } ?? []
        )
    }

    /// The attributes to send, with secrets in their places.
    var body: [String: JSONValue] {
        var body = known
        for (path, secret) in secrets {
            let names = path.split(separator: ".").map(String.init)
            guard let first = names.first, let value = body[first] else { continue }
            body[first] = value.replacing(names.dropFirst(), with: .string(secret.revealed))
        }
        return body
    }

    /// The attributes as the plan shows them, with secrets masked.
    var known: [String: JSONValue] {
        Dictionary(changes.map { ($0.attribute, $0.new) }, uniquingKeysWith: { $1 })
    }
}

extension JSONValue {
    /// The value with the part at a path replaced; a number in the path counts list elements from 0.
    fileprivate func replacing(_ path: ArraySlice<String>, with value: JSONValue) -> JSONValue {
        guard let name = path.first else { return value }
        switch self {
        case .object(var members):
            members[name] = (members[name] ?? .null).replacing(path.dropFirst(), with: value)
            return .object(members)
        case .array(var elements):
            guard let index = Int(name), elements.indices.contains(index) else { return self }
            elements[index] = elements[index].replacing(path.dropFirst(), with: value)
            return .array(elements)
        default: return self
        }
    }
}

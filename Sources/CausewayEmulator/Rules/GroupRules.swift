import CausewayGraphTypes
import CausewayJSON

/// What Graph demands of groups beyond types.
///
/// Source: Graph, "Create group", "Update group", the group resource's property descriptions.
struct GroupRules: Sendable {
    let types: PropertyTypeRules
    let resource: GraphResourceRules
    let domains: VerifiedDomains

    /// The most links that one request may carry, owners and members together.
    static let linkLimit = 20

    /// Checks a body for a new group, without links.
    ///
    /// - Parameter isSeed: whether the group was created long ago, perhaps by Exchange.
    /// - Returns: the properties that the group gets, including defaults.
    func creation(_ body: [String: JSONValue], isSeed: Bool = false) throws(GraphProblem) -> [String: JSONValue] {
        for name in resource.requiredOnCreate where (body[name] ?? .null).isNull {
            throw .missing(name, ofResource: EntryKind.group.resourceName)
        }
        for (name, value) in body.sorted(by: { $0.key < $1.key }) {
            guard !resource.notSettableOnCreate.contains(name) else { throw .invalidValue(name, of: .group) }
            try types.check(name, value)
        }
        try checkKind(body, isSeed: isSeed)
        try checkValues(body)
        var properties = body.filter { !$0.value.isNull }
        properties["groupTypes"] = body["groupTypes"] ?? []
        if body["mailEnabled"] == true, let nickname = body["mailNickname"]?.string {
            properties["mail"] = .string("\(nickname)@\(domains.standard)")
            properties["proxyAddresses"] = [.string("SMTP:\(nickname)@\(domains.standard)")]
        }
        properties["visibility"] = properties["visibility"] ?? (Self.isUnified(body) ? "Public" : "Private")
        return properties
    }

    /// Checks a body of changes, without links.
    ///
    /// - Parameter isUpsert: whether the body might have created the group, so that it contains what only a creation sets.
    func change(_ body: [String: JSONValue], of present: [String: JSONValue], isUpsert: Bool) throws(GraphProblem) {
        if present["onPremisesSyncEnabled"] == true, let name = body.keys.min() { throw .synced(target: name) }
        if Self.isHeldByExchange(present), !body.isEmpty { throw .heldByExchange }
        if let name = resource.mustBePatchedAlone.intersection(body.keys).min(), body.count > 1 {
            throw .badRequest(
                "The property '\(name)' must be updated in a request of its own.",
                detail: "InvalidValue",
                target: name
            )
        }
        for (name, value) in body.sorted(by: { $0.key < $1.key }) {
            if isUpsert, present[name] == value { continue }
            try types.checkChange(name, value, updatable: resource.updatable)
            if resource.writeOnce.contains(name), let set = present[name], set != value {
                throw .badRequest(
                    "Property '\(name)' cannot be changed once it is set.",
                    detail: "InvalidValue",
                    target: name
                )
            }
        }
        try checkValues(body)
        // The page for updates is stricter with nicknames, and hidden members are only for new groups.
        if body["mailNickname"]?.string?.contains(".") == true { throw .invalidValue("mailNickname", of: .group) }
        let isHidden = body["visibility"] == Self.hiddenMembership
        if isHidden, present["visibility"] != Self.hiddenMembership { throw .invalidValue("visibility", of: .group) }
    }

    /// A body of changes without values that are already set: clients send back the id and the kind of the group, as the example of
    /// Graph's page "Update group" does.
    static func withoutUnchanged(_ body: [String: JSONValue], of group: DirectoryEntry) -> [String: JSONValue] {
        body.filter { name, value in
            !["id", "mailEnabled", "groupTypes"].contains(name) || group.value(name) != value
        }
    }

    static func isUnified(_ properties: [String: JSONValue]) -> Bool {
        properties["groupTypes"]?.array?.contains("Unified") == true
    }

    static func isRoleAssignable(_ properties: [String: JSONValue]) -> Bool {
        properties["isAssignableToRole"] == true
    }

    /// Exchange manages distribution lists and mail-enabled security groups: Graph only reads them (Graph, "Overview of groups").
    static func isHeldByExchange(_ properties: [String: JSONValue]) -> Bool {
        properties["mailEnabled"] == true && !isUnified(properties)
    }

    /// Distribution lists and mail-enabled security groups cannot be created through Graph.
    private func checkKind(_ body: [String: JSONValue], isSeed: Bool) throws(GraphProblem) {
        let isMailEnabled = body["mailEnabled"] == true
        if isMailEnabled != Self.isUnified(body), !(isSeed && isMailEnabled) { throw .denied }
        if !isMailEnabled, body["securityEnabled"] == false { throw .invalidValue("securityEnabled", of: .group) }
        guard Self.isRoleAssignable(body) else { return }
        if body["securityEnabled"] != true || body["groupTypes"]?.array?.contains("DynamicMembership") == true {
            throw .invalidValue("isAssignableToRole", of: .group)
        }
    }

    private static let hiddenMembership: JSONValue = "HiddenMembership"
    private static let visibilities: [JSONValue] = ["Private", "Public", hiddenMembership, .null]
    private static let kinds: [JSONValue] = ["Unified", "DynamicMembership"]

    private func checkValues(_ body: [String: JSONValue]) throws(GraphProblem) {
        if let name = body["mailNickname"]?.string, !name.isNickname { throw .invalidValue("mailNickname", of: .group) }
        guard Self.visibilities.contains(body["visibility"] ?? .null) else {
            throw .invalidValue("visibility", of: .group)
        }
        guard body["groupTypes"]?.array?.allSatisfy(Self.kinds.contains) ?? true else {
            throw .invalidValue("groupTypes", of: .group)
        }
    }
}

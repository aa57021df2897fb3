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

    /// Checks a body for a new group, links left out.
    ///
    /// - Returns: the properties that the group gets, defaults included.
    func creation(_ body: [String: JSONValue]) throws(GraphProblem) -> [String: JSONValue] {
        for (name, value) in body.sorted(by: { $0.key < $1.key }) {
            guard !resource.notSettableOnCreate.contains(name) else { throw .invalidValue(name, of: .group) }
            try types.check(name, value)
        }
        for name in resource.requiredOnCreate where (body[name] ?? .null).isNull {
            throw .badRequest(
                "A value is required for property '\(name)' of resource 'Group'.",
                detail: "PropertyRequired",
                target: name
            )
        }
        try checkKind(body)
        try checkValues(body)
        var properties = body.filter { !$0.value.isNull }
        properties["groupTypes"] = body["groupTypes"] ?? []
        if Self.isUnified(body), let nickname = body["mailNickname"]?.string {
            properties["mail"] = .string("\(nickname)@\(domains.standard)")
            properties["proxyAddresses"] = [.string("SMTP:\(nickname)@\(domains.standard)")]
        }
        properties["visibility"] = body["visibility"] ?? (Self.isUnified(body) ? "Public" : "Private")
        return properties
    }

    /// Checks a body of changes, links left out.
    func change(_ body: [String: JSONValue], of present: [String: JSONValue]) throws(GraphProblem) {
        if present["onPremisesSyncEnabled"] == true, let name = body.keys.min() { throw .synced(target: name) }
        if let name = resource.mustBePatchedAlone.intersection(body.keys).min(), body.count > 1 {
            throw .badRequest(
                "The property '\(name)' must be updated in a request of its own.",
                detail: "InvalidValue",
                target: name
            )
        }
        for (name, value) in body.sorted(by: { $0.key < $1.key }) {
            try types.check(name, value)
            if resource.settableOnlyOnCreate.contains(name), present[name] != value {
                throw .invalidValue(name, of: .group)
            }
            if resource.writeOnce.contains(name), let set = present[name], set != value {
                throw .badRequest(
                    "Property '\(name)' cannot be changed once it is set.",
                    detail: "InvalidValue",
                    target: name
                )
            }
        }
        try checkValues(body)
    }

    static func isUnified(_ properties: [String: JSONValue]) -> Bool {
        properties["groupTypes"]?.array?.contains("Unified") == true
    }

    static func isRoleAssignable(_ properties: [String: JSONValue]) -> Bool {
        properties["isAssignableToRole"] == true
    }

    /// Distribution lists and mail-enabled security groups cannot be made through Graph.
    private func checkKind(_ body: [String: JSONValue]) throws(GraphProblem) {
        let isMailEnabled = body["mailEnabled"] == true
        if isMailEnabled != Self.isUnified(body) { throw .denied }
        if !isMailEnabled, body["securityEnabled"] == false { throw .invalidValue("securityEnabled", of: .group) }
        guard Self.isRoleAssignable(body) else { return }
        if body["securityEnabled"] != true || body["groupTypes"]?.array?.contains("DynamicMembership") == true {
            throw .invalidValue("isAssignableToRole", of: .group)
        }
    }

    private func checkValues(_ body: [String: JSONValue]) throws(GraphProblem) {
        guard let name = body["mailNickname"]?.string else { return }
        guard name.isNickname else { throw .invalidValue("mailNickname", of: .group) }
    }
}

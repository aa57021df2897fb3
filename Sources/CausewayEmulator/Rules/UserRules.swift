import CausewayGraphTypes
import CausewayJSON

/// What Graph demands of users beyond types: required properties, names, domains, passwords, identities.
///
/// Source: Graph, "Create user", "Update user", the user resource's property descriptions.
struct UserRules: Sendable {
    let types: PropertyTypeRules
    let resource: GraphResourceRules
    let domains: VerifiedDomains
    let bannedPasswords: [String]

    /// Checks a body for a new user.
    ///
    /// - Returns: the properties that the account gets, defaults included.
    func creation(_ body: [String: JSONValue]) throws(GraphProblem) -> [String: JSONValue] {
        for (name, value) in body.sorted(by: { $0.key < $1.key }) {
            guard !resource.notSettableOnCreate.contains(name) else { throw .invalidValue(name, of: .user) }
            try types.check(name, value)
        }
        try checkRequired(body)
        try checkValues(body)
        var properties = body.filter { !$0.value.isNull }
        properties["passwordProfile"] = nil
        return properties
    }

    /// Checks a body of changes.
    func change(_ body: [String: JSONValue], of present: [String: JSONValue]) throws(GraphProblem) {
        let alone = resource.mustBePatchedAlone.intersection(body.keys)
        if let name = alone.min(), body.count > 1 {
            throw .badRequest(
                "The property '\(name)' must be updated in a request of its own.",
                detail: "InvalidValue",
                target: name
            )
        }
        for (name, value) in body.sorted(by: { $0.key < $1.key }) {
            if resource.notUpdatableAppOnly.contains(name) { throw .denied }
            try types.check(name, value)
        }
        if present["onPremisesSyncEnabled"] == true, let name = body.keys.filter({ $0 != "usageLocation" }).min() {
            throw .synced(target: name)
        }
        try checkValues(body)
    }

    /// With identities the list of what is required shrinks: a federated one needs none of it.
    private func checkRequired(_ body: [String: JSONValue]) throws(GraphProblem) {
        let identities = body["identities"]?.array ?? []
        guard identities.isEmpty else { return try checkRequired(withIdentities: identities, body) }
        for name in resource.requiredOnCreate where (body[name] ?? .null).isNull { throw missing(name) }
        guard body["passwordProfile"]?["password"]?.string != nil else { throw missing("passwordProfile") }
        let domain = body["userPrincipalName"]?.string?.domain ?? ""
        if domains.isFederated(domain), (body["onPremisesImmutableId"] ?? .null).isNull {
            throw missing("onPremisesImmutableId")
        }
    }

    private func checkRequired(withIdentities identities: [JSONValue], _ body: [String: JSONValue]) throws(GraphProblem)
    {
        let isLocal = identities.contains { ["emailAddress", "userName"].contains($0["signInType"]?.string ?? "") }
        if (body["displayName"] ?? .null).isNull { throw missing("displayName") }
        guard isLocal else { return }
        guard body["passwordProfile"]?["password"]?.string != nil else { throw missing("passwordProfile") }
        guard body["passwordPolicies"]?.string?.contains("DisablePasswordExpiration") == true else {
            throw .invalidValue("passwordPolicies", of: .user)
        }
    }

    private func missing(_ name: String) -> GraphProblem {
        .badRequest(
            "A value is required for property '\(name)' of resource 'User'.",
            detail: "PropertyRequired",
            target: name
        )
    }

    private func checkValues(_ body: [String: JSONValue]) throws(GraphProblem) {
        if let name = body["userPrincipalName"]?.string { try checkPrincipalName(name) }
        if let name = body["mailNickname"]?.string, !name.isNickname { throw .invalidValue("mailNickname", of: .user) }
        if let id = body["onPremisesImmutableId"]?.string, id.contains(where: { $0 == "$" || $0 == "_" }) {
            throw .invalidValue("onPremisesImmutableId", of: .user)
        }
        if let mail = body["mail"] { try checkMail(mail, "mail") }
        for mail in body["otherMails"]?.array ?? [] { try checkMail(mail, "otherMails") }
        if let type = body["userType"]?.string, !["member", "guest"].contains(type.lowercased()) {
            throw .invalidValue("userType", of: .user)
        }
        if let place = body["usageLocation"]?.string,
            place.count != 2 || !place.allSatisfy({ $0.isASCII && $0.isLetter })
        {
            throw .invalidValue("usageLocation", of: .user)
        }
        if let password = body["passwordProfile"]?["password"]?.string { try checkPassword(password) }
        for identity in body["identities"]?.array ?? [] { try checkIdentity(identity) }
    }

    private static let principalSigns = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'.-_!#^~")

    /// Checks a principal name alone.
    func checkName(_ name: String) throws(GraphProblem) { try checkPrincipalName(name) }

    private func checkPrincipalName(_ name: String) throws(GraphProblem) {
        let parts = name.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[0].count), (1...48).contains(parts[1].count),
            parts[0].allSatisfy(Self.principalSigns.contains), !parts[0].hasSuffix(".")
        else { throw .invalidValue("userPrincipalName", of: .user) }
        guard domains.contains(String(parts[1])) else {
            throw .badRequest(
                "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain "
                    + "names in your organization.",
                detail: "InvalidValue",
                target: "userPrincipalName"
            )
        }
    }

    private func checkMail(_ value: JSONValue, _ property: String) throws(GraphProblem) {
        guard let text = value.string, text.allSatisfy(\.isASCII), !text.domain.isEmpty, !text.contains(" ") else {
            throw .invalidValue(property, of: .user)
        }
    }

    /// 8 to 256 characters of ASCII, of three of the four classes.
    private func checkPassword(_ password: String) throws(GraphProblem) {
        let classes: [(Character) -> Bool] = [
            \.isUppercase, \.isLowercase, \.isNumber, { !$0.isLetter && !$0.isNumber },
        ]
        let used = classes.count { isIn in password.contains { isIn($0) } }
        let isBanned = bannedPasswords.contains { $0.lowercased() == password.lowercased() }
        guard (8...256).contains(password.count), password.allSatisfy(\.isASCII), used >= 3, !isBanned else {
            throw .badRequest(
                "The specified password does not comply with password complexity requirements. Please provide a different "
                    + "password.",
                detail: "InvalidValue",
                target: "passwordProfile"
            )
        }
    }

    private func checkIdentity(_ identity: JSONValue) throws(GraphProblem) {
        guard let type = identity["signInType"]?.string, !type.isEmpty,
            let issuer = identity["issuer"]?.string, (1...512).contains(issuer.count),
            let assigned = identity["issuerAssignedId"]?.string, (1...64).contains(assigned.count)
        else { throw .invalidValue("identities", of: .user) }
    }
}

/// The tenant's verified domains.
struct VerifiedDomains: Sendable {
    struct Domain: Sendable {
        let name: String
        let isInitial: Bool
        let isDefault: Bool
        let isFederated: Bool
    }

    let all: [Domain]

    var initial: String { all.first { $0.isInitial }?.name ?? "" }
    var standard: String { all.first { $0.isDefault }?.name ?? initial }

    /// Sub-domains of a verified domain are verified with it.
    func contains(_ name: String) -> Bool {
        let name = name.lowercased()
        return all.contains { name == $0.name || name.hasSuffix(".\($0.name)") }
    }

    func isFederated(_ name: String) -> Bool { all.contains { $0.name == name.lowercased() && $0.isFederated } }
}

extension String {
    /// What follows the only `@`; empty where there is none or more.
    var domain: String {
        let parts = split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty ? String(parts[1]) : ""
    }

    /// ASCII without the signs that mail addresses have a use for.
    var isNickname: Bool {
        count <= 64 && utf8.allSatisfy { $0 > 32 && $0 < 127 && !"@()\\[]\";:<>,".utf8.contains($0) }
    }
}

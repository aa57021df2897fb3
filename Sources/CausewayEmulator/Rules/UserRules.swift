import CausewayGraphTypes
import CausewayJSON

/// What Graph demands of users beyond types: required properties, names, domains, passwords.
///
/// Source: Graph, "Create user", "Update user", the user resource's property descriptions.
struct UserRules: Sendable {
    let types: PropertyTypeRules
    let resource: GraphResourceRules
    let domains: VerifiedDomains
    let bannedPasswords: [String]

    /// Checks a body for a new user.
    ///
    /// - Returns: the properties that the account gets, including defaults.
    func creation(_ body: [String: JSONValue]) throws(GraphProblem) -> [String: JSONValue] {
        try checkRequired(body)
        for (name, value) in body.sorted(by: { $0.key < $1.key }) {
            guard !resource.notSettableOnCreate.contains(name) else { throw .invalidValue(name, of: .user) }
            try types.check(name, value)
        }
        try checkValues(body)
        try IdentityRules(domains: domains).checkCreation(
            body["identities"]?.array ?? [],
            principalName: body["userPrincipalName"] ?? .null
        )
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
            try types.checkChange(name, value, updatable: resource.updatable)
        }
        if present["onPremisesSyncEnabled"] == true, let name = body.keys.filter({ $0 != "usageLocation" }).min() {
            throw .synced(target: name)
        }
        try checkValues(body)
        if let identities = body["identities"]?.array {
            let name = body["userPrincipalName"] ?? present["userPrincipalName"] ?? .null
            let former = present["identities"]?.array ?? []
            try IdentityRules(domains: domains).checkChange(identities, of: former, principalName: name)
        }
    }

    /// With identities, fewer properties are required: a federated identity requires none.
    private func checkRequired(_ body: [String: JSONValue]) throws(GraphProblem) {
        let identities = (body["identities"]?.array ?? []).filter { IdentityKind($0) != .principalName }
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
        if (body["displayName"] ?? .null).isNull { throw missing("displayName") }
        guard identities.contains(where: { IdentityKind($0) == .local }) else { return }
        guard body["passwordProfile"]?["password"]?.string != nil else { throw missing("passwordProfile") }
        guard body["passwordPolicies"]?.string?.contains("DisablePasswordExpiration") == true else {
            throw .invalidValue("passwordPolicies", of: .user)
        }
    }

    private func missing(_ name: String) -> GraphProblem { .missing(name, ofResource: EntryKind.user.resourceName) }

    private func checkValues(_ body: [String: JSONValue]) throws(GraphProblem) {
        if let name = body["userPrincipalName"]?.string { try checkPrincipalName(name) }
        if let name = body["mailNickname"]?.string, !name.isNickname { throw .invalidValue("mailNickname", of: .user) }
        if let id = body["onPremisesImmutableId"]?.string, id.contains(where: { $0 == "$" || $0 == "_" }) {
            throw .invalidValue("onPremisesImmutableId", of: .user)
        }
        if let mail = body["mail"] { try checkMail(mail, "mail") }
        for mail in body["otherMails"]?.array ?? [] { try checkMail(mail, "otherMails") }
        try FixedWords.check(body)
        try CertificateUserIDs.check(body)
        if let language = body["preferredLanguage"]?.string, language.wholeMatch(of: #/[a-z]{2}-[A-Z]{2}/#) == nil {
            throw .invalidValue("preferredLanguage", of: .user)
        }
        if let policies = body["passwordPolicies"]?.string, !Self.passwordPolicies.contains(policies) {
            throw .invalidValue("passwordPolicies", of: .user)
        }
        if let password = body["passwordProfile"]?["password"]?.string { try checkPassword(password) }
        for identity in body["identities"]?.array ?? [] { try IdentityRules(domains: domains).check(identity) }
    }

    private static let passwordPolicies: Set<String> = [
        "None", "DisablePasswordExpiration", "DisableStrongPassword",
        "DisablePasswordExpiration, DisableStrongPassword",
        "DisableStrongPassword, DisablePasswordExpiration",
    ]

    private static let principalSigns = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'.-_!#^~")

    /// Checks only a principal name.
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
}

extension String {
    /// The part after the only `@`; empty if there is none or more than one.
    var domain: String {
        let parts = split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty ? String(parts[1]) : ""
    }

    /// ASCII without the characters that have a meaning in mail addresses.
    var isNickname: Bool {
        count <= 64 && utf8.allSatisfy { $0 > 32 && $0 < 127 && !"@()\\[]\";:<>,".utf8.contains($0) }
    }
}

import CausewayJSON

/// What Entra demands of the values of single properties beyond their type and length (Graph, user and group: naming rules).
///
/// Told before anything is sent, since Graph's own refusal of such a value often says less.
enum ValueRules {
    /// - Parameter properties: by Graph's names.
    /// - Throws: ``PropertyFault`` for the first value that Entra would refuse.
    static func check(_ properties: [String: JSONValue]) throws(PropertyFault) {
        for name in properties.keys.sorted() {
            guard let rule = rules[name], let value = properties[name], !value.isNull else { continue }
            if let fault = rule(value) { throw fault }
        }
    }

    private static let rules: [String: @Sendable (JSONValue) -> PropertyFault?] = [
        "userPrincipalName": { $0.string.flatMap(principalName) },
        "mailNickname": { $0.string.flatMap(nickname) },
        "mail": { $0.string.flatMap { mail($0, "mail") } },
        "otherMails": { $0.array?.lazy.compactMap { $0.string.flatMap { mail($0, "otherMails") } }.first },
        "onPremisesImmutableId": { $0.string.flatMap(immutableID) },
        "passwordProfile": { $0["password"]?.string.flatMap(password) },
        "passwordPolicies": { $0.string.flatMap(passwordPolicies) },
        "identities": { $0.array?.lazy.compactMap(identity).first },
        "usageLocation": { $0.string.flatMap(usageLocation) },
    ]

    private static let nameCharacters = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'.-_!#^~")
    private static let nicknameRefused = Set("@()\\[]\";:<>, ")

    private static func principalName(_ name: String) -> PropertyFault? {
        let parts = name.split(separator: "@", omittingEmptySubsequences: false)
        func fault(_ message: String, _ remedy: String) -> PropertyFault {
            PropertyFault(attribute: "userPrincipalName", message: "'\(name)' \(message)", remedy: remedy)
        }
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            return fault("is no user principal name.", "Give one name, one '@' and a verified domain.")
        }
        if let refused = parts[0].first(where: { !nameCharacters.contains($0) }) {
            return fault(
                "has the character '\(refused)'; Entra takes letters without accents, digits and ' . - _ ! # ^ ~ before the '@'.",
                "Replace it in the mapping, for instance with regex_replace or by transliteration."
            )
        }
        guard parts[0].last != "." else { return fault("has a '.' directly before the '@'.", "Remove it.") }
        // A guest's own name, which Entra made of its address, may be longer.
        guard parts[0].count <= 64 || parts[0].contains("#EXT#"), parts[1].count <= 48 else {
            return fault("is too long; Entra takes 64 characters before the '@' and 48 after it.", "Shorten it.")
        }
        return nil
    }

    private static func nickname(_ name: String) -> PropertyFault? {
        guard let refused = name.first(where: { !$0.isASCII || nicknameRefused.contains($0) }) else { return nil }
        return PropertyFault(
            attribute: "mailNickname",
            message:
                "'\(name)' has the character '\(refused == " " ? "space" : String(refused))', which Entra does not take there.",
            remedy: "Use slugify(…), or replace it in the mapping."
        )
    }

    private static func mail(_ address: String, _ attribute: String) -> PropertyFault? {
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        let isAddress = parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && !address.contains(" ")
        if isAddress, address.allSatisfy(\.isASCII) { return nil }
        return PropertyFault(
            attribute: attribute,
            message: "'\(address)' is no address that Entra takes: one '@', no spaces, no accents.",
            remedy: "Correct the address in the directory, or leave it out in the mapping."
        )
    }

    private static func immutableID(_ id: String) -> PropertyFault? {
        guard let refused = id.first(where: { "$_".contains($0) }) else { return nil }
        return PropertyFault(
            attribute: "onPremisesImmutableId",
            message: "'\(id)' has the character '\(refused)', which Entra does not take in an immutable id.",
            remedy: "Use request.user.uid, or another value without '$' and '_'."
        )
    }

    /// Does not repeat the password.
    private static func password(_ password: String) -> PropertyFault? {
        let classes: [(Character) -> Bool] = [
            { $0.isUppercase }, { $0.isLowercase }, { $0.isNumber }, { !$0.isLetter && !$0.isNumber },
        ]
        let count = classes.count { holds in password.contains(where: holds) }
        if (8...256).contains(password.count), count >= 3, password.allSatisfy(\.isASCII) { return nil }
        return PropertyFault(
            attribute: "passwordProfile.password",
            message:
                "the password does not meet Entra's rules: 8 to 256 ASCII characters of three classes out of capital letters, "
                + "small letters, digits and others.",
            remedy: "Use request.user.password, which meets them."
        )
    }

    private static let knownPolicies: Set<String> = ["None", "DisablePasswordExpiration", "DisableStrongPassword"]

    private static func passwordPolicies(_ text: String) -> PropertyFault? {
        let names = text.split(separator: ",").map { String($0.trimmingPrefix(while: \.isWhitespace)) }
        guard let unknown = names.first(where: { !knownPolicies.contains($0) }) else { return nil }
        return PropertyFault(
            attribute: "passwordPolicies",
            message: "'\(unknown)' is no password policy.",
            remedy: "Entra knows \(knownPolicies.sorted().joined(separator: ", "))."
        )
    }

    private static func identity(_ identity: JSONValue) -> PropertyFault? {
        func fault(_ message: String, _ remedy: String) -> PropertyFault {
            PropertyFault(attribute: "identities", message: message, remedy: remedy)
        }
        for name in ["signInType", "issuer", "issuerAssignedId"] where (identity[name]?.string ?? "").isEmpty {
            return fault("an identity has no '\(name)'.", "Give sign_in_type, issuer and issuer_assigned_id.")
        }
        guard let id = identity["issuerAssignedId"]?.string, id.count <= 64 else {
            return fault(
                "an identity's issuerAssignedId is longer than 64 characters.",
                "Shorten it, or leave the identity out."
            )
        }
        guard identity["signInType"] == "userName" else { return nil }
        let isName =
            id.first.map { $0.isASCII && ($0.isLetter || $0.isNumber) } == true
            && id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
        return isName ? nil : fault("'\(id)' is no user name to sign in with.", "Use letters, digits, '-' and '_'.")
    }

    private static func usageLocation(_ code: String) -> PropertyFault? {
        if code.count == 2, code.allSatisfy({ $0.isASCII && $0.isLetter }) { return nil }
        return PropertyFault(
            attribute: "usageLocation",
            message: "'\(code)' is no country.",
            remedy: "Give the two letters of ISO 3166, such as DE."
        )
    }
}

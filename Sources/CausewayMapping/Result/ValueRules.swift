import CausewayJSON

/// What Entra demands of the values of single properties beyond their type and length (Graph, user and group: naming rules).
///
/// Told before anything is sent, since Graph's own refusal of such a value often says less.
enum ValueRules {
    /// Tells what is wrong with a value; nil where nothing is.
    typealias Rule = @Sendable (JSONValue) -> PropertyFault?

    /// - Parameter name: the property's name at Graph.
    /// - Returns: nil where Entra demands no more than type and length.
    static func rule(for name: String) -> Rule? { rules[name] }

    private static let rules: [String: Rule] = [
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

    // Names are looked at byte by byte: this runs for every object of every sync, and what is allowed is ASCII.

    private static let nameCharacters = CharacterTable(lettersDigitsAnd: "'.-_!#^~")
    private static let nicknameCharacters = CharacterTable(allASCIIBut: "@()\\[]\";:<>, ")
    private static let idCharacters = CharacterTable(allASCIIBut: "$_")
    private static let addressCharacters = CharacterTable(allASCIIBut: " ")

    private static func principalName(_ name: String) -> PropertyFault? {
        func fault(_ message: String, _ remedy: String) -> PropertyFault {
            PropertyFault(attribute: "userPrincipalName", message: "'\(name)' \(message)", remedy: remedy)
        }
        guard let at = name.utf8.firstIndex(of: UInt8(ascii: "@")), at > name.startIndex else {
            return fault("is no user principal name.", "Give one name, one '@' and a verified domain.")
        }
        let (local, domain) = (name[..<at], name[name.utf8.index(after: at)...])
        guard !domain.isEmpty, !domain.utf8.contains(UInt8(ascii: "@")) else {
            return fault("is no user principal name.", "Give one name, one '@' and a verified domain.")
        }
        if let refused = nameCharacters.firstRefused(in: local) {
            return fault(
                "has the character '\(refused)'; Entra takes letters without accents, digits and ' . - _ ! # ^ ~ before the '@'.",
                "Replace it in the mapping, for instance with regex_replace or by transliteration."
            )
        }
        guard local.utf8.last != UInt8(ascii: ".") else {
            return fault("has a '.' directly before the '@'.", "Remove it.")
        }
        // A guest's own name, which Entra made of its address, may be longer.
        guard local.utf8.count <= 64 || local.contains("#EXT#"), domain.utf8.count <= 48 else {
            return fault("is too long; Entra takes 64 characters before the '@' and 48 after it.", "Shorten it.")
        }
        return nil
    }

    private static func nickname(_ name: String) -> PropertyFault? {
        guard let refused = nicknameCharacters.firstRefused(in: name[...]) else { return nil }
        return PropertyFault(
            attribute: "mailNickname",
            message:
                "'\(name)' has the character '\(refused == " " ? "space" : refused)', which Entra does not take there.",
            remedy: "Use slugify(…), or replace it in the mapping."
        )
    }

    private static func mail(_ address: String, _ attribute: String) -> PropertyFault? {
        let bytes = address.utf8
        let at = UInt8(ascii: "@")
        let isAddress = bytes.count { $0 == at } == 1 && bytes.first != at && bytes.last != at
        if isAddress, addressCharacters.firstRefused(in: address[...]) == nil { return nil }
        return PropertyFault(
            attribute: attribute,
            message: "'\(address)' is no address that Entra takes: one '@', no spaces, no accents.",
            remedy: "Correct the address in the directory, or leave it out in the mapping."
        )
    }

    private static func immutableID(_ id: String) -> PropertyFault? {
        guard let refused = idCharacters.firstRefused(in: id[...], allowsUnicode: true) else { return nil }
        return PropertyFault(
            attribute: "onPremisesImmutableId",
            message: "'\(id)' has the character '\(refused)', which Entra does not take in an immutable id.",
            remedy: "Use request.user.uid, or another value without '$' and '_'."
        )
    }

    /// Does not repeat the password.
    private static func password(_ password: String) -> PropertyFault? {
        var classes: Set<Int> = []
        for byte in password.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): classes.insert(0)
            case UInt8(ascii: "a")...UInt8(ascii: "z"): classes.insert(1)
            case UInt8(ascii: "0")...UInt8(ascii: "9"): classes.insert(2)
            default: classes.insert(3)
            }
        }
        let isASCII = password.utf8.allSatisfy { $0 < 128 }
        if (8...256).contains(password.utf8.count), classes.count >= 3, isASCII { return nil }
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

/// Which ASCII characters a name may have.
private struct CharacterTable: Sendable {
    private var allowed: [Bool]

    init(lettersDigitsAnd others: String) {
        allowed = (0..<128).map { code in
            let letter = Character(Unicode.Scalar(UInt8(code)))
            return letter.isLetter || letter.isNumber || others.contains(letter)
        }
    }

    init(allASCIIBut refused: String) {
        allowed = (0..<128).map { !refused.utf8.contains(UInt8($0)) }
    }

    /// The first character that a text may not have.
    func firstRefused(in text: Substring, allowsUnicode: Bool = false) -> String? {
        guard text.utf8.contains(where: { $0 < 128 ? !allowed[Int($0)] : !allowsUnicode }) else { return nil }
        return text.unicodeScalars.first { $0.isASCII ? !allowed[Int($0.value)] : !allowsUnicode }.map { String($0) }
    }
}

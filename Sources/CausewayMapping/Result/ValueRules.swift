import CausewayJSON

/// What Entra demands of the values of single properties beyond their type and length (Graph, user and group: naming rules).
///
/// Checked before anything is sent, because Graph's own refusal of such a value often says less.
enum ValueRules {
    /// Says what is wrong with a value; nil if nothing is.
    typealias Rule = @Sendable (JSONValue) -> PropertyFault?

    /// - Parameter name: the property's name at Graph.
    /// - Returns: nil if Entra demands only type and length.
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
    ]

    // Names are checked byte by byte: this runs for every object of every sync, and what is allowed is ASCII.

    private static let nameCharacters = CharacterTable(lettersDigitsAnd: "'.-_!#^~")
    private static let nicknameCharacters = CharacterTable(allASCIIBut: "@()\\[]\";:<>, ")
    private static let idCharacters = CharacterTable(allASCIIBut: "$_")
    private static let addressCharacters = CharacterTable(allASCIIBut: " ")

    private static func principalName(_ name: String) -> PropertyFault? {
        func fault(_ rule: String, _ complaint: String, _ remedy: String) -> PropertyFault {
            PropertyFault("userPrincipalName", name, rule: rule, complaint, remedy: remedy)
        }
        let form = ("form", "is not a user principal name.", "Use one name, one '@' and a verified domain.")
        guard let at = name.utf8.firstIndex(of: UInt8(ascii: "@")), at > name.startIndex else {
            return fault(form.0, form.1, form.2)
        }
        let (local, domain) = (name[..<at], name[name.utf8.index(after: at)...])
        guard !domain.isEmpty, !domain.utf8.contains(UInt8(ascii: "@")) else { return fault(form.0, form.1, form.2) }
        if let refused = nameCharacters.firstRefused(in: local) {
            let remedy =
                "Before the '@', use letters without accents, digits and ' . - _ ! # ^ ~. Replace the others in the mapping, for "
                + "instance with regex_replace or by transliteration."
            return refusal("userPrincipalName", name, of: refused, remedy: remedy)
        }
        guard local.utf8.last != UInt8(ascii: ".") else {
            return fault("final-dot", "has a '.' directly before the '@', which Entra ID does not allow.", "Remove it.")
        }
        // A guest's own name, which Entra derived from its address, may be longer.
        guard local.utf8.count <= 64 || local.contains("#EXT#"), domain.utf8.count <= 48 else {
            return fault(
                "length",
                "is too long; Entra ID takes 64 characters before the '@' and 48 after it.",
                "Shorten it."
            )
        }
        return nil
    }

    /// A value with a character that its attribute may not have. Characters beyond ASCII share one rule, since they are many.
    private static func refusal(_ attribute: String, _ value: String, of character: String, remedy: String)
        -> PropertyFault
    {
        let isASCII = character.unicodeScalars.allSatisfy(\.isASCII)
        let name =
            switch character {
            case " ": "a space"
            case let letter where letter.unicodeScalars.allSatisfy({ $0.properties.generalCategory == .control }):
                "a control character"
            default: "'\(character)'"
            }
        let others = "contains letters beyond the English alphabet, which Entra ID does not allow."
        return PropertyFault(
            attribute,
            value,
            rule: isASCII ? "character:\(character)" : "character:beyond-ascii",
            "contains \(name), which Entra ID does not allow.",
            general: isASCII ? nil : others,
            remedy: remedy
        )
    }

    private static func nickname(_ name: String) -> PropertyFault? {
        guard let refused = nicknameCharacters.firstRefused(in: name[...]) else { return nil }
        return refusal("mailNickname", name, of: refused, remedy: "Use mail_nickname(…), or replace it in the mapping.")
    }

    private static func mail(_ address: String, _ attribute: String) -> PropertyFault? {
        let bytes = address.utf8
        let at = UInt8(ascii: "@")
        let isAddress = bytes.count { $0 == at } == 1 && bytes.first != at && bytes.last != at
        if isAddress, addressCharacters.firstRefused(in: address[...]) == nil { return nil }
        return PropertyFault(
            attribute,
            address,
            rule: "form",
            "is not an address that Entra ID takes: one '@', no spaces, no accents.",
            remedy: "Correct the address in the directory, or leave it out in the mapping."
        )
    }

    private static func immutableID(_ id: String) -> PropertyFault? {
        guard let refused = idCharacters.firstRefused(in: id[...], allowsUnicode: true) else { return nil }
        return refusal(
            "onPremisesImmutableId",
            id,
            of: refused,
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
            "passwordProfile.password",
            rule: "strength",
            "does not meet Entra ID's rules: 8 to 256 ASCII characters of three classes out of capital letters, small letters, "
                + "digits and others.",
            remedy: "Use request.user.password, which meets them."
        )
    }

    private static let knownPolicies: Set<String> = ["None", "DisablePasswordExpiration", "DisableStrongPassword"]

    private static func passwordPolicies(_ text: String) -> PropertyFault? {
        let names = text.split(separator: ",").map { String($0.trimmingPrefix(while: \.isWhitespace)) }
        guard let unknown = names.first(where: { !knownPolicies.contains($0) }) else { return nil }
        return PropertyFault(
            "passwordPolicies",
            unknown,
            rule: "enumeration",
            "is not a password policy.",
            remedy: "Entra ID knows \(knownPolicies.sorted().joined(separator: ", "))."
        )
    }

    private static func identity(_ identity: JSONValue) -> PropertyFault? {
        func fault(_ rule: String, _ complaint: String, _ remedy: String, _ value: String? = nil) -> PropertyFault {
            PropertyFault("identities", value, rule: rule, complaint, remedy: remedy)
        }
        for name in ["signInType", "issuer", "issuerAssignedId"] where (identity[name]?.string ?? "").isEmpty {
            return fault(
                "missing:\(name)",
                "has an element without \(name).",
                "Return sign_in_type, issuer and issuer_assigned_id."
            )
        }
        guard let id = identity["issuerAssignedId"]?.string, id.count <= 64 else {
            return fault(
                "length",
                "has an issuerAssignedId of more than 64 characters.",
                "Shorten it, or leave the identity out."
            )
        }
        guard identity["signInType"] == "userName" else { return nil }
        let isName =
            id.first.map { $0.isASCII && ($0.isLetter || $0.isNumber) } == true
            && id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
        return isName
            ? nil : fault("user-name", "is not a user name to sign in with.", "Use letters, digits, '-' and '_'.", id)
    }
}

/// Which ASCII characters a name may have.
private struct CharacterTable: Sendable {
    /// A bit for each of the characters 0 to 63, and 64 to 127.
    private let bits: (UInt64, UInt64)

    init(lettersDigitsAnd others: String) {
        self.init {
            let letter = Character(Unicode.Scalar($0))
            return letter.isLetter || letter.isNumber || others.contains(letter)
        }
    }

    init(allASCIIBut refused: String) { self.init { !refused.utf8.contains($0) } }

    private init(_ allows: (UInt8) -> Bool) {
        func bits(from first: UInt8) -> UInt64 {
            (0..<64).reduce(0) { allows(first + $1) ? $0 | 1 << UInt64($1) : $0 }
        }
        self.bits = (bits(from: 0), bits(from: 64))
    }

    private func allows(_ byte: UInt8) -> Bool { (byte < 64 ? bits.0 >> byte : bits.1 >> (byte - 64)) & 1 == 1 }

    /// The first character that a text may not have.
    func firstRefused(in text: Substring, allowsUnicode: Bool = false) -> String? {
        var text = text
        let isRefused = text.withUTF8 { $0.contains { $0 < 128 ? !allows($0) : !allowsUnicode } }
        guard isRefused else { return nil }
        return text.unicodeScalars.first { $0.isASCII ? !allows(UInt8($0.value)) : !allowsUnicode }.map { String($0) }
    }
}

package import CausewayJSON

/// A value that only one present object of a tenant may have, in the form in which Entra compares it.
///
/// Sources: Graph, the resource pages of user (userPrincipalName, onPremisesImmutableId, proxyAddresses, identities) and group
/// (mailNickname of Microsoft 365 groups, uniqueName). `mailNickname` of users and of security groups is not unique.
package struct UniqueValue: Hashable, Sendable {
    /// Where a value is unique: users and groups share addresses.
    package enum Property: String, Sendable, CaseIterable {
        case userPrincipalName, onPremisesImmutableId
        /// The primary address; it is unique among all proxy addresses.
        case mail
        case identities, mailNickname, uniqueName
    }

    package let property: Property
    /// Without letter case, except for the keys that Graph stores as they were written.
    package let text: String

    package init(_ property: Property, _ text: String) {
        self.property = property
        self.text = [.onPremisesImmutableId, .uniqueName].contains(property) ? text : text.lowercased()
    }

    /// The unique values in a Graph property of an object.
    ///
    /// - Parameters:
    ///   - name: the property.
    ///   - isMicrosoft365: whether the object is a Microsoft 365 group, whose nickname is unique.
    package static func values(
        of name: String,
        _ value: JSONValue?,
        kind: ObjectKind,
        isMicrosoft365: Bool
    ) -> Set<UniqueValue> {
        guard let property = Property(rawValue: name), isUnique(property, kind, isMicrosoft365) else { return [] }
        if property == .identities {
            return Set((value?.array ?? []).compactMap(UniqueValue.init(identity:)))
        }
        guard let text = value?.string, !text.isEmpty else { return [] }
        return [UniqueValue(property, text)]
    }

    private static func isUnique(_ property: Property, _ kind: ObjectKind, _ isMicrosoft365: Bool) -> Bool {
        switch property {
        case .mail: true
        case .userPrincipalName, .onPremisesImmutableId, .identities: kind == .user
        case .uniqueName: kind == .group
        case .mailNickname: isMicrosoft365
        }
    }

    /// The entry that mirrors the user principal name adds nothing.
    private init?(identity: JSONValue) {
        guard identity["signInType"]?.string != "userPrincipalName", let issuer = identity["issuer"]?.string,
            let assigned = identity["issuerAssignedId"]?.string
        else { return nil }
        self.init(.identities, issuer + Self.separator + assigned)
    }

    private static let separator = " "

    /// The address of a federated `mail` identity, if it is one.
    package var mailIdentity: String? {
        let prefix = "mail" + Self.separator
        guard property == .identities, text.hasPrefix(prefix) else { return nil }
        return String(text.dropFirst(prefix.count))
    }

    /// The value in words: `userPrincipalName 'ada@example.com'`.
    package var phrase: String { "\(property.rawValue) '\(text)'" }

    /// Whether an object cannot be created without it. An account without its address is better than none.
    package var isVital: Bool { property != .mail }
}

extension JSONValue {
    /// Whether a group's `groupTypes` make it a Microsoft 365 group.
    package var areTypesOfMicrosoft365: Bool { array?.contains("Unified") ?? false }
}

import CausewayJSON

/// A value that only one present object of the tenant may have, in the form in which it is compared.
enum UniqueKey: Hashable, Sendable {
    case userPrincipalName(String)
    case immutableID(String)
    case uniqueName(String)
    /// Of service principals.
    case applicationID(String)
    /// Without its `smtp:`; users and groups share these.
    case proxyAddress(String)
    case identity(issuer: String, assigned: String)
    /// With its prefix, whose letter case counts.
    case certificateUserID(String)
    /// Only of Microsoft 365 groups.
    case mailNickname(String)

    /// The property that Graph names in the error.
    var property: String {
        switch self {
        case .userPrincipalName: "userPrincipalName"
        case .immutableID: "onPremisesImmutableId"
        case .uniqueName: "uniqueName"
        case .applicationID: "appId"
        case .proxyAddress: "proxyAddresses"
        case .identity: "identities"
        case .certificateUserID: "certificateUserIds"
        case .mailNickname: "mailNickname"
        }
    }

    /// Every unique value of an object.
    static func keys(of entry: DirectoryEntry) -> [UniqueKey] {
        let values = entry.properties
        var keys: [UniqueKey] = []
        if let name = values["userPrincipalName"]?.string { keys.append(.userPrincipalName(name.lowercased())) }
        if let id = values["onPremisesImmutableId"]?.string { keys.append(.immutableID(id.lowercased())) }
        if let name = values["uniqueName"]?.string { keys.append(.uniqueName(name.lowercased())) }
        if entry.kind == .servicePrincipal, let id = values["appId"]?.string {
            keys.append(.applicationID(id.lowercased()))
        }
        // Before the addresses that are derived from it, so that a conflict names what was given.
        if values["groupTypes"]?.array?.contains("Unified") == true, let name = values["mailNickname"]?.string {
            keys.append(.mailNickname(name.lowercased()))
        }
        for address in values["proxyAddresses"]?.array ?? [] {
            guard let text = address.string?.lowercased(), text.hasPrefix("smtp:") else { continue }
            keys.append(.proxyAddress(String(text.dropFirst("smtp:".count))))
        }
        for identity in values["identities"]?.array ?? [] {
            guard let issuer = identity["issuer"]?.string, let assigned = identity["issuerAssignedId"]?.string else {
                continue
            }
            keys.append(.identity(issuer: issuer.lowercased(), assigned: assigned.lowercased()))
        }
        keys += certificateUserIDs(of: values).map(UniqueKey.certificateUserID)
        return keys
    }

    /// The identifiers that bind a user with these properties to certificates.
    static func certificateUserIDs(of properties: [String: JSONValue]) -> [String] {
        (properties["authorizationInfo"]?["certificateUserIds"]?.array ?? []).compactMap(\.string)
    }
}

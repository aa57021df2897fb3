extension GraphCall {
    /// The operation without its keys, as fault rules and counts name it: `PATCH /groups/{id}`.
    var operation: String {
        let names = path.segments.map { segment in
            switch segment {
            case .name(let name): Self.isKnown(name) ? name : "{id}"
            case .key: "{key}"
            }
        }
        return "\(method) /\(names.joined(separator: "/"))"
    }

    /// The path as it was sent, including keys.
    var pathText: String {
        path.segments.map { if case .name = $0 { "/\($0)" } else { "\($0)" } }.joined()
    }

    static func isKnown(_ name: String) -> Bool {
        name.hasPrefix("$") || name.hasPrefix("microsoft.graph.") || names.contains(name)
    }

    /// A name in a path as it is documented, since Graph accepts it in any letter case; nil for a key.
    static func spelling(of name: String) -> String? { spellings[name.lowercased()] }

    private static let spellings = Dictionary(
        names.union(["$batch", "$count", LinkForm.referenceName, "$value"]).map { ($0.lowercased(), $0) },
        uniquingKeysWith: { first, _ in first }
    )

    /// Every name in the paths of Graph that this tenant serves; anything else is a key.
    private static let names: Set<String> = [
        "organization", "domains", "users", "groups", "servicePrincipals", "directoryObjects", "directory",
        "deletedItems", "invitations", "subscribedSkus", "members", "owners", "manager", "transitiveMembers",
        "memberOf",
        "transitiveMemberOf", "ownedObjects", "directReports", "delta", "getByIds", "assignLicense", "licenseDetails",
        "revokeSignInSessions", "checkMemberGroups", "getMemberGroups", "checkMemberObjects", "getMemberObjects",
        "restore", "me", "photo",
    ]
}

/// What a call costs in Graph's two currencies (Graph, "Throttling limits", identity and access, 2026-02).
struct CallCost: Sendable, Equatable {
    let units: Double
    let writes: Double

    init(units: Double, writes: Double) { (self.units, self.writes) = (units, writes) }

    init(of call: GraphCall) {
        let isRead = call.method == "GET" || Self.readingPosts[call.names.last ?? ""] != nil
        guard isRead else {
            self.init(units: 1, writes: 1)
            return
        }
        var units = Self.base(call)
        if call.option("select") != nil { units -= call.names.last == "getByIds" ? 3 : 1 }
        if call.option("expand") != nil { units += 1 }
        if let top = call.option("top").flatMap({ Int($0) }), top < 20 { units -= 1 }
        self.init(units: max(1, units), writes: 0)
    }

    /// POST requests that only read.
    private static let readingPosts: [String: Double] = [
        "getByIds": 5, "checkMemberGroups": 4, "checkMemberObjects": 4, "isMemberOf": 4, "getMemberGroups": 2,
        "getMemberObjects": 2,
    ]

    private static func base(_ call: GraphCall) -> Double {
        // A list costs the same whatever it shows of its objects.
        let names = call.names.filter { !$0.hasPrefix("microsoft.graph.") && $0 != LinkForm.referenceName }
        if let last = names.last, let units = readingPosts[last] { return units }
        return switch (names.first, call.path.segments.count, names.last) {
        case ("users", 1, _): 2
        case ("groups", _, "members"): 3
        case ("groups", _, "transitiveMembers"): 5
        case ("users", _, "memberOf"), ("users", _, "transitiveMemberOf"), ("users", _, "ownedObjects"),
            ("users", _, "licenseDetails"):
            2
        case ("subscribedSkus", _, _): 3
        case ("domains", _, "domainNameReferences"): 4
        case ("applications", _, _), ("oauth2PermissionGrants", _, _), ("servicePrincipals", _, "appRoleAssignments"): 2
        default: 1
        }
    }
}

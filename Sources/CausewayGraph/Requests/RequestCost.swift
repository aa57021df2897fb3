/// What a request costs at Graph's limits for identity and access (Graph, "Throttling limits", 2026-02).
package struct RequestCost: Hashable, Sendable {
    package let resourceUnits: Int
    package let writes: Int

    package init(resourceUnits: Int, writes: Int) {
        self.resourceUnits = resourceUnits
        self.writes = writes
    }

    package static let read = RequestCost(resourceUnits: 1, writes: 0)
    package static let write = RequestCost(resourceUnits: 1, writes: 1)
    static let free = RequestCost(resourceUnits: 0, writes: 0)

    static func + (one: RequestCost, other: RequestCost) -> RequestCost {
        RequestCost(resourceUnits: one.resourceUnits + other.resourceUnits, writes: one.writes + other.writes)
    }
}

extension GraphRequest {
    /// Whether it is charged as a write: everything except `GET`, and except `POST`s that only query.
    var isWrite: Bool { method != .get && !(method == .post && Self.asking[lastName] != nil) }

    /// What Graph charges for it.
    package var cost: RequestCost {
        guard !isWrite else { return .write }
        let query = path.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        let options = query.split(separator: "&")
        var units = Self.asking[lastName] ?? listUnits
        if options.contains(where: { $0.hasPrefix("$select=") }) { units -= lastName == "getByIds" ? 3 : 1 }
        if options.contains(where: { $0.hasPrefix("$expand=") }) { units += 1 }
        let top = options.first { $0.hasPrefix("$top=") }.flatMap { Int($0.dropFirst("$top=".count)) }
        if let top, top < 20 { units -= 1 }
        return RequestCost(resourceUnits: max(1, units), writes: 0)
    }

    /// `POST` requests that only query.
    private static let asking: [String: Int] = [
        "getByIds": 5, "checkMemberGroups": 4, "checkMemberObjects": 4, "isMemberOf": 4, "getMemberGroups": 2,
        "getMemberObjects": 2,
    ]

    /// Whether it is answered with a page of a listing.
    var isList: Bool {
        let names = names
        return method == .get && (names.last == "delta" || names.last == "members" || names.count == 1)
    }

    private var names: [Substring] { path.prefix { $0 != "?" }.split(separator: "/") }
    private var lastName: String { names.last.map(String.init) ?? "" }

    private var listUnits: Int {
        let names = names.filter { !$0.hasPrefix("microsoft.graph.") }
        return switch (names.first, names.count, names.last) {
        case ("users", 1, _): 2
        case ("users", 3, "memberOf"), ("users", 3, "transitiveMemberOf"), ("users", 3, "ownedObjects"),
            ("users", 3, "licenseDetails"):
            2
        case ("groups", 3, "members"), ("subscribedSkus", _, _): 3
        case ("groups", 3, "transitiveMembers"): 5
        case ("applications", _, _), ("oauth2PermissionGrants", _, _): 2
        default: 1
        }
    }
}

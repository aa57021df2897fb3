/// Which operators `$filter` supports, and what `$orderby` supports, by properties (Graph, "Advanced query capabilities on Microsoft Entra
/// ID objects", the tables of its sections on filters and sorting).
///
/// The table of filters is that of the page's later versions, which has columns for `eq`, `startsWith`, `ge`, `le` and null; lines that
/// only earlier versions have are here as well. The page also says: `in` behaves like `eq`; `ne`, `not` and `endsWith`
/// are always advanced.
enum QueryTable {
    /// A property's line: what each operator requires; nil if the page names none.
    struct Row: Sendable {
        var eq: QuerySupport?
        var startsWith: QuerySupport?
        /// `ge` and `le`
        var order: QuerySupport?
        /// Comparing with null.
        var null: QuerySupport?
    }

    /// - Parameter kind: nil if kinds are mixed.
    static func filtering(_ property: String, of kind: EntryKind?) -> Row? {
        guard let kind else { return EntryKind.allCases.lazy.compactMap { filters[$0]?[property] }.first }
        return filters[kind]?[property]
    }

    /// - Parameter kind: nil if kinds are mixed.
    static func sorting(_ property: String, of kind: EntryKind?) -> QuerySupport? {
        guard let kind else { return EntryKind.allCases.lazy.compactMap { orders[$0]?[property] }.first }
        return orders[kind]?[property]
    }

    /// Up to which number a list or a relation may be counted in `$filter`, by `eq` and `ne`, always as an advanced query (Graph, the same
    /// page, the tables of "`$count` of a collection in a filter expression": `eq Count 0` and `eq Count 1`).
    ///
    /// - Parameter kind: nil if kinds are mixed.
    /// - Returns: nil for what cannot be counted there.
    static func counting(_ name: String, of kind: EntryKind?) -> Int64? {
        guard let kind else { return EntryKind.allCases.lazy.compactMap { counts[$0]?[name] }.first }
        return counts[kind]?[name]
    }

    /// The relations whose links can be counted.
    static func countedRelations(of kind: EntryKind) -> Set<String> { relationsByKind[kind] ?? [] }

    static func isCountedRelation(_ name: String) -> Bool { relationsByKind.values.contains { $0.contains(name) } }

    /// Graph, resource types user, group and service principal, "Relationships": `/$count eq 0`, `ne 0`, `eq 1`, `ne 1`. The tables of the
    /// page name `ownedObjects` only of users.
    private static let relationsByKind: [EntryKind: Set<String>] = [
        .user: ["ownedObjects"], .group: ["owners"], .servicePrincipal: ["ownedObjects", "owners"],
    ]

    private static let counts: [EntryKind: [String: Int64]] = [
        .user: counts(["assignedLicenses", "onPremisesProvisioningErrors", "otherMails", "proxyAddresses"], of: .user),
        .group: counts(["assignedLicenses", "onPremisesProvisioningErrors", "proxyAddresses"], of: .group),
        .servicePrincipal: counts([], of: .servicePrincipal),
    ]

    /// Lists are empty or not; a relation may also have one link.
    private static func counts(_ lists: [String], of kind: EntryKind) -> [String: Int64] {
        let pairs = lists.map { ($0, Int64(0)) } + countedRelations(of: kind).map { ($0, Int64(1)) }
        return Dictionary(pairs, uniquingKeysWith: { $1 })
    }

    private static let orders: [EntryKind: [String: QuerySupport]] = [
        .user: [
            "displayName": .byDefault, "userPrincipalName": .byDefault, "createdDateTime": .advanced,
            "deletedDateTime": .advanced,
        ],
        .group: ["displayName": .byDefault, "deletedDateTime": .advanced],
        .servicePrincipal: [
            "displayName": .advanced, "createdDateTime": .advanced, "deletedDateTime": .advanced,
        ],
    ]

    private static let filters: [EntryKind: [String: Row]] = [
        .user: rows(common + users), .group: rows(common + groups), .servicePrincipal: rows(common + servicePrincipals),
    ]

    private static func rows(_ groups: [([String], Row)]) -> [String: Row] {
        let pairs = groups.flatMap { names, row in names.map { ($0, row) } }
        return Dictionary(pairs, uniquingKeysWith: { $1 })
    }

    private static let common: [([String], Row)] = [
        (["id"], Row(eq: .byDefault)), (["deletedDateTime"], Row(eq: .byDefault, order: .byDefault)),
        (["onPremisesProvisioningErrors"], Row(eq: .byDefault)),
        (["onPremisesSyncEnabled"], Row(eq: .byDefault, null: .advanced)),
        (["onPremisesLastSyncDateTime"], Row(eq: .byDefault, order: .byDefault)),
        (["onPremisesSamAccountName"], Row(eq: .advanced, startsWith: .advanced)),
        // The table says that `eq` is not supported, the properties' descriptions that it is, and Graph refuses it by default.
        (["onPremisesSecurityIdentifier"], Row(eq: .advanced, null: .advanced)),
        (["displayName"], Row(eq: .byDefault, startsWith: .byDefault, null: .advanced)),
    ]

    private static let users: [([String], Row)] = [
        (
            ["city", "country", "department", "givenName", "jobTitle", "mail", "mailNickname"]
                + ["state", "surname", "usageLocation"],
            Row(eq: .byDefault, startsWith: .byDefault, null: .advanced)
        ),
        (
            ["companyName", "faxNumber", "mobilePhone", "officeLocation", "postalCode"]
                + ["preferredLanguage", "streetAddress"],
            Row(eq: .advanced, startsWith: .advanced, null: .advanced)
        ),
        (
            ["accountEnabled", "ageGroup", "assignedLicenses", "consentProvidedForMinor", "creationType"]
                + ["externalUserState", "isResourceAccount"],
            Row(eq: .byDefault)
        ),
        (["userPrincipalName"], Row(eq: .byDefault, startsWith: .byDefault)),
        (["userType"], Row(eq: .byDefault, null: .advanced)),
        (["employeeId"], Row(eq: .byDefault, null: .advanced)),
        (["identities"], Row(eq: .byDefault, null: .byDefault)),
        (["externalUserStateChangeDateTime"], Row(eq: .byDefault, order: .byDefault)),
        (["employeeHireDate", "employeeLeaveDateTime"], Row(eq: .advanced, order: .advanced)),
        (
            ["assignedPlans", "employeeOrgData", "employeeType", "provisionedPlans", "showInAddressList"],
            Row(eq: .advanced)
        ),
        (["onPremisesExtensionAttributes", "passwordProfile"], Row(eq: .advanced, null: .advanced)),
        (["authorizationInfo"], Row(eq: .advanced, startsWith: .advanced)),
        (["passwordPolicies"], Row(null: .advanced)),
        // By default in later versions of the table, advanced in earlier ones.
        (["onPremisesImmutableId"], Row(eq: .disputed)),
        // Advanced in the table, while Microsoft's answers to questions show it by default (learn.microsoft.com, question 499031).
        (["createdDateTime"], Row(eq: .disputed, order: .disputed)),
        (["businessPhones"], Row(eq: .byDefault)), (["signInActivity"], Row(eq: .byDefault, order: .byDefault)),
        (
            ["imAddresses", "onPremisesUserPrincipalName", "otherMails", "proxyAddresses"],
            Row(eq: .byDefault, startsWith: .byDefault, order: .byDefault)
        ),
    ]

    private static let groups: [([String], Row)] = [
        (["mail", "mailNickname"], Row(eq: .byDefault, startsWith: .byDefault, null: .advanced)),
        (["classification", "membershipRule"], Row(eq: .byDefault, startsWith: .byDefault)),
        (["preferredLanguage"], Row(eq: .advanced, startsWith: .advanced, null: .advanced)),
        (["description"], Row(eq: .advanced, startsWith: .advanced)),
        (["assignedLicenses", "mailEnabled", "securityEnabled"], Row(eq: .byDefault)),
        (["hasMembersWithLicenseErrors"], Row(eq: .byDefault, null: .byDefault)),
        (["renewedDateTime"], Row(eq: .byDefault, order: .byDefault)),
        (["expirationDateTime"], Row(eq: .advanced, order: .advanced)),
        // Not in the table; the examples of "List groups" and "Use the $filter query parameter" have them by default.
        (["groupTypes", "isAssignableToRole"], Row(eq: .byDefault)),
        (["proxyAddresses"], Row(eq: .byDefault, startsWith: .byDefault, order: .byDefault)),
    ]

    private static let servicePrincipals: [([String], Row)] = [
        (["accountEnabled", "appId", "applicationTemplateId"], Row(eq: .byDefault)),
        (["appOwnerOrganizationId", "appRoleAssignmentRequired"], Row(eq: .advanced)),
        (["description"], Row(eq: .advanced, startsWith: .advanced)), (["info"], Row(eq: .advanced, null: .advanced)),
        (["keyCredentials"], Row(eq: .advanced, order: .advanced)),
        // Not in the table; "Use the $filter query parameter" and "List servicePrincipals" have them by default.
        (["servicePrincipalNames", "servicePrincipalType", "tags"], Row(eq: .byDefault, startsWith: .byDefault)),
    ]
}

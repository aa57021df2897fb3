/// What a full sync needs to know of the last one, to evaluate only what can have changed since.
package struct Evaluation: Hashable, Sendable {
    /// Identifies what the plans of all objects depend on: settings, mappings, the tenant's domains, the program.
    package let basis: String
    /// When everything was last evaluated and compared.
    package let comparedAt: Timestamp
    /// Whether direct sync has since handled changes of any kind, or of groups themselves, so that mappings which look things up in the
    /// directory may return something else.
    package var usersChanged = false
    package var groupsChanged = false

    package init(basis: String, comparedAt: Timestamp) { (self.basis, self.comparedAt) = (basis, comparedAt) }
}

/// Why an object is evaluated in the next full sync although nothing about it has changed in the directory.
package enum UnsettledCause: String, Sendable, CaseIterable {
    /// What is known of its Entra object, or its link, has changed.
    case tenant
    /// Its last run left something to do, or wrote what its mappings look at.
    case outcome
    /// The account of the user may have become another one, or the user another name: whose manager it was is evaluated. The record names
    /// the account.
    case manager
    /// Its mappings look up groups.
    case asksForGroups = "asks_for_groups"
    /// Its mappings look up users or memberships.
    case asksForUsers = "asks_for_users"
    /// Its mappings depend on the time or on chance, or record events.
    case always
}

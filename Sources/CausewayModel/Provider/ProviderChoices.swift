/// What happens in Entra when an object is deleted in the directory (authentik's `OutgoingSyncDeleteAction`).
package enum DeleteAction: String, FieldWord {
    case doNothing = "do_nothing"
    case delete
    /// Disables the account; for groups it acts like ``doNothing``.
    case suspend
}

/// Microsoft's clouds; see Graph's page on national cloud deployments.
package enum Cloud: String, FieldWord {
    case global
    case usGovernment = "us_gov"
    case usGovernmentDoD = "us_gov_dod"
    case china
    /// Hosts given by the administrator.
    case custom
}

/// How the provider proves its identity to the tenant.
package enum CredentialKind: String, FieldWord {
    case clientSecret = "client_secret"
    case certificate, federated
}

/// What happens in Entra when an object leaves the scope without being deleted.
package enum ScopeExitAction: String, FieldWord {
    case followDeleteAction = "follow_delete_action"
    case suspend, keep
}

/// What a group that is a member of another group is in Entra.
package enum NestedGroups: String, FieldWord {
    /// It is a member group in Entra too.
    case keep
    /// Its users become members of the outer group.
    case flatten
}

/// What a sync does about drift.
package enum DriftPolicy: String, FieldWord {
    case restore, report, accept
}

/// The property by which the account of a user without a link is found in Entra.
package enum UserMatchRule: String, FieldWord {
    case immutableID = "immutable_id"
    case userPrincipalName = "user_principal_name"
    /// The mail address, or that of a federated `mail` identity.
    case mail
}

/// The property that shows that an account without a link belonged to the same person.
package enum SamePersonKey: String, FieldWord {
    case immutableID = "immutable_id"
    case employeeID = "employee_id"
    case userPrincipalName = "user_principal_name"
    /// The mail address, or that of a federated `mail` identity.
    case mail
}

/// The property by which a group without a link is found in Entra.
package enum GroupMatchRule: String, FieldWord {
    case uniqueName = "unique_name"
    case displayName = "display_name"
}

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

/// How the provider proves who it is to the tenant.
package enum CredentialKind: String, FieldWord {
    case clientSecret = "client_secret"
    case certificate, federated
}

/// What happens in Entra when an object leaves the scope without being deleted.
package enum ScopeExitAction: String, FieldWord {
    case followDeleteAction = "follow_delete_action"
    case suspend, keep
}

/// What becomes of a group within a group.
package enum NestedGroups: String, FieldWord {
    /// A member group in Entra too.
    case keep
    /// Its users become members of the outer group.
    case flatten
}

/// What is done about changes that others made in Entra.
package enum DriftPolicy: String, FieldWord {
    case restore, report, accept
}

/// By what an account that has no link is looked for in Entra.
package enum UserMatchRule: String, FieldWord {
    case immutableID = "immutable_id"
    case userPrincipalName = "user_principal_name"
    /// The mail address, or that of a federated `mail` identity.
    case mail
}

/// By what somebody is known to be who an account belonged to that is nobody's now.
package enum SamePersonKey: String, FieldWord {
    case immutableID = "immutable_id"
    case employeeID = "employee_id"
    case userPrincipalName = "user_principal_name"
    /// The mail address, or that of a federated `mail` identity.
    case mail
}

/// By what a group that has no link is looked for in Entra.
package enum GroupMatchRule: String, FieldWord {
    case uniqueName = "unique_name"
    case displayName = "display_name"
}

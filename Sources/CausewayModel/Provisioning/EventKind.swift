/// The actions of the events that Causeway records: authentik's words where it has one, and Causeway's own.
package enum EventKind: String, CaseIterable, Sendable {
    case created = "model_created"
    case updated = "model_updated"
    case deleted = "model_deleted"
    case imported = "custom_import"
    case passwordSet = "password_set"
    case secretView = "secret_view"
    case secretRotate = "secret_rotate"
    case login, logout
    case loginFailed = "login_failed"
    /// Too many failed sign-ins: further ones are refused for a while.
    case lockout = "custom_lockout"
    case lockoutLifted = "custom_lockout_lifted"
    /// A command made a link that signs a browser in once.
    case signInLinkCreated = "custom_sign_in_link_created"
    /// A person asks for a run.
    case runRequested = "system_task_execution"
    case runCanceled = "custom_run_canceled"
    case runFailed = "system_task_exception"
    case fullSyncEnded = "custom_full_sync_ended"
    case approvalRequired = "approval_required"
    case approvalGranted = "approval_granted"
    case approvalRejected = "approval_rejected"
    case approvalVoid = "approval_void"
    case failuresBegan = "custom_failures_began"
    case failuresEnded = "custom_failures_ended"
    case quarantineBegan = "custom_quarantine_began"
    case quarantineEnded = "custom_quarantine_ended"
    case mappingFailed = "property_mapping_exception"
    case configurationError = "configuration_error"
    /// A comparison of everything found what syncs before had not noticed: a defect.
    case changesMissed = "custom_changes_missed"
    case clockPutBack = "custom_clock_put_back"
    /// What was too old or too much was deleted.
    case trimmed = "custom_trimmed"
    /// The database was restored from a backup.
    case restored = "custom_restored"

    /// The part of a chart that counts an action.
    package enum Area: String, CaseIterable, Sendable {
        case changes, runs, access, problems
    }

    package var area: Area {
        switch self {
        case .created, .updated, .deleted, .imported, .passwordSet, .secretView, .secretRotate: .changes
        case .login, .logout, .lockoutLifted, .signInLinkCreated: .access
        case .runRequested, .runCanceled, .fullSyncEnded, .approvalRequired, .approvalGranted, .approvalRejected,
            .failuresEnded,
            .quarantineEnded, .trimmed:
            .runs
        case .loginFailed, .lockout, .runFailed, .approvalVoid, .failuresBegan, .quarantineBegan, .mappingFailed,
            .configurationError, .changesMissed, .clockPutBack, .restored:
            .problems
        }
    }

    /// The area of any action; one that is not Causeway's, such as a mapping's, belongs to the runs.
    package static func area(of action: String) -> Area { EventKind(rawValue: action)?.area ?? .runs }
}

import CausewayJSON
import CausewayModel

/// The names of events, as strict clients know them.
enum EventAction {
    static let all = [
        "login", "login_failed", "logout", "user_write", "user_offboarded", "suspicious_request", "password_set",
        "secret_view", "secret_rotate", "invitation_used", "authorize_application", "source_linked",
        "impersonation_started", "impersonation_ended", "flow_execution", "policy_execution", "policy_exception",
        "property_mapping_exception", "system_task_execution", "system_task_exception", "system_exception",
        "configuration_error", "configuration_warning", "model_created", "model_updated", "model_deleted", "email_sent",
        "update_available", "export_ready", "review_initiated", "review_overdue", "review_attested", "review_completed",
        "access_request_created", "access_request_approved", "access_request_denied", "access_request_revoked",
        "custom_",
    ]

    /// Another name is a custom one; strict clients refuse what they do not know.
    static func known(_ action: String) -> String { all.contains(action) ? action : "custom_" }

    /// The context, with the full name if clients only know that it is a custom one.
    static func context(of event: Event) -> [String: JSONValue] {
        guard !all.contains(event.action) else { return event.context }
        return event.context.merging(["custom_action": .string(event.action)]) { present, _ in present }
    }
}

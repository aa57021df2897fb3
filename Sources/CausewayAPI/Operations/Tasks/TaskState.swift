import CausewayModel

/// A run's status as authentik's tasks name it.
enum TaskState {
    static func state(_ status: RunStatus) -> String {
        switch status {
        case .discovering, .planning, .applying: "running"
        case .failed: "rejected"
        default: "done"
        }
    }

    static func aggregated(_ status: RunStatus) -> String {
        switch status {
        case .discovering, .planning, .applying: "running"
        case .succeeded, .planned, .approved: "info"
        case .awaitingApproval, .warning, .interrupted, .canceled, .rejected, .superseded, .expired: "warning"
        case .failed: "error"
        }
    }
}

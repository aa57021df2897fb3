import CausewayModel

/// Whether a run waits for a decision, and may still be approved or rejected. Pure.
struct ApprovalEligibility {
    /// How long a run waits.
    let lifetime: Duration

    /// Why a run cannot be decided about.
    enum Obstacle: Equatable {
        /// It waited too long, which is not recorded yet.
        case overdue(String)
        case other(String)

        var sentence: String {
            switch self {
            case .overdue(let sentence), .other(let sentence): sentence
            }
        }
    }

    /// Why the run cannot be approved or rejected; nil if it can.
    func obstacle(to run: Run, now: Timestamp) -> Obstacle? {
        let name = "Run \(run.id.text)"
        switch run.status {
        case .awaitingApproval:
            guard (run.finishedAt ?? run.startedAt) + lifetime <= now else { return nil }
            return .overdue("\(name) waited too long for approval; run a sync and approve what it holds back.")
        case .superseded:
            return .other("\(name) is out of date. \(run.message)")
        case .expired: return .other("\(name) waited too long for approval; run a sync to plan again.")
        case .approved: return .other("\(name) has been approved already. \(run.message)")
        case .rejected: return .other("\(name) has been rejected; run a sync to plan again. \(run.message)")
        case .planned: return .other("\(name) is only a plan and holds nothing back; apply it instead.")
        case .discovering, .planning, .applying, .succeeded, .warning, .failed, .interrupted, .canceled:
            return .other("\(name) does not wait for approval; its status is '\(run.status.rawValue)'.")
        }
    }
}

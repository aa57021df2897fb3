import CausewayModel

/// The point of a sync at which its process is killed.
enum KillPoint: Sendable {
    /// This many milliseconds after the run began to read the tenant, or to plan.
    case status(RunStatus, milliseconds: Int)
    /// This many milliseconds after the first action of a phase was marked as sent.
    case phase(ActionPhase, milliseconds: Int)
    /// When the tenant has executed this many more writes and has stopped answering.
    case silence(writes: Int)

    private static let phases = ActionPhase.allCases.filter { $0 != .links }

    static func any(_ source: inout ChangeSource) -> KillPoint {
        switch source.number(in: 0...(phases.count + 2)) {
        case 0: .status(.discovering, milliseconds: source.number(in: 0...300))
        case 1: .status(.planning, milliseconds: source.number(in: 0...40))
        case 2: .silence(writes: source.number(in: 1...12))
        case let place: .phase(phases[place - 3], milliseconds: source.number(in: 0...30))
        }
    }

    var delay: Duration {
        switch self {
        case .status(_, let milliseconds), .phase(_, let milliseconds): .milliseconds(milliseconds)
        case .silence: .zero
        }
    }

    /// Whether a run has reached or passed it.
    func isReached(by run: CrashedDatabase.LastRun) -> Bool {
        switch self {
        case .status(.discovering, _): true
        case .status: run.status != RunStatus.discovering.rawValue
        case .phase(let phase, _): (run.phase?.rawValue ?? -1) >= phase.rawValue
        case .silence: false
        }
    }
}

extension CrashedDatabase.LastRun {
    /// The point in a word.
    var place: String { phase.map { "\($0)" } ?? status }
}

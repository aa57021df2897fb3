import CausewayModel
import CausewayProvisioning
import Foundation
import Synchronization

/// Shows the progress of long work, with its rate and the remaining time: one line that is redrawn on a terminal, a
/// plain line now and then elsewhere.
final class ProgressLine: Sendable {
    private struct State {
        var label = ""
        var began = ContinuousClock.now
        var drawn: ContinuousClock.Instant?
        var done = 0
        var total: Int?
        /// Whether the work sends writes.
        var isWriting = false
        var rate = RateWindow()
        var pace: RunPace?
        var isLineOpen = false
    }

    private let terminal: Terminal
    private let state = Mutex(State())
    private let clock = ContinuousClock()

    /// - Parameter terminal: the terminal of standard error.
    init(terminal: Terminal) { self.terminal = terminal }

    /// Records progress; draws if enough time has passed since the last drawing.
    ///
    /// - Parameter isWriting: whether the work sends writes, which Graph limits.
    func show(_ label: String, done: Int, total: Int?, isWriting: Bool = false) {
        state.withLock { state in
            if label != state.label { begin(label, &state) }
            state.done = done
            state.total = total
            state.isWriting = isWriting
            state.rate.note(done, at: (clock.now - state.began).seconds)
            let pause: Duration = terminal.isInteractive ? .milliseconds(100) : .seconds(5)
            let isDue = state.drawn.map { clock.now - $0 >= pause } ?? terminal.isInteractive
            if isDue { draw(&state) }
        }
    }

    /// Records how Graph's limits hold the work back, and draws the line again, so that it does not stand still while the work waits.
    func note(_ pace: RunPace) {
        state.withLock { state in
            state.pace = pace
            if state.isLineOpen { draw(&state) }
        }
    }

    /// Ends the line, with the last figures on it.
    func finish() {
        state.withLock { state in
            close(&state)
            state.label = ""
        }
    }

    private func begin(_ label: String, _ state: inout State) {
        close(&state)
        let pace = state.pace
        state = State(label: label, began: clock.now, drawn: terminal.isInteractive ? nil : clock.now)
        state.pace = pace
    }

    private func close(_ state: inout State) {
        guard !state.label.isEmpty else { return }
        draw(&state)
        if state.isLineOpen { write("\n") }
    }

    private func draw(_ state: inout State) {
        state.drawn = clock.now
        let text = ProgressText(
            label: state.label,
            done: state.done,
            total: state.total,
            rate: state.rate.perSecond,
            pace: state.isWriting ? state.pace : state.pace?.withoutWrites
        )
        if terminal.isInteractive {
            write("\r" + text.line(width: terminal.width).padded(to: max(terminal.width - 1, 0)))
            state.isLineOpen = true
        } else {
            write(text.line(width: 0) + "\n")
        }
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}

extension ProgressLine {
    /// An observer that shows the steps of a run.
    var observer: ProgressObserver {
        { [self] progress in
            let step = progress.step
            show(step.label, done: progress.done, total: progress.total, isWriting: step.isWriting)
        }
    }
}

extension SyncProgress.Step {
    fileprivate var isWriting: Bool {
        if case .applying = self { return true }
        return false
    }

    /// The label next to the bar.
    var label: String {
        switch self {
        case .readingUsers: "Reading users"
        case .readingGroups: "Reading groups"
        case .planningUsers: "Planning users"
        case .planningGroups: "Planning groups"
        case .planningMembers: "Planning members"
        case .applying(let phase): "Applying \(phase.label)"
        }
    }
}

extension ActionPhase {
    fileprivate var label: String {
        switch self {
        case .links: "links"
        case .users: "users"
        case .groups: "groups"
        case .references: "managers"
        case .memberships: "members"
        case .removals: "removals"
        case .suspensions: "suspends"
        case .releases, .deletions: "deletes"
        }
    }
}

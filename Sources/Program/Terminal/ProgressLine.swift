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
        var isLineOpen = false
    }

    private let terminal: Terminal
    private let state = Mutex(State())
    private let clock = ContinuousClock()

    /// - Parameter terminal: the terminal of standard error.
    init(terminal: Terminal) { self.terminal = terminal }

    /// Records progress; draws if enough time has passed since the last drawing.
    func show(_ label: String, done: Int, total: Int?) {
        state.withLock { state in
            if label != state.label { begin(label, &state) }
            state.done = done
            state.total = total
            let pause: Duration = terminal.isInteractive ? .milliseconds(100) : .seconds(5)
            let isDue = state.drawn.map { clock.now - $0 >= pause } ?? terminal.isInteractive
            if isDue { draw(&state) }
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
        state = State(label: label, began: clock.now, drawn: terminal.isInteractive ? nil : clock.now)
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
            elapsed: (clock.now - state.began).seconds
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

/// The text of a progress line. Pure.
struct ProgressText {
    let label: String
    let done: Int
    let total: Int?
    /// Seconds.
    let elapsed: Double

    private static let barWidth = 24

    /// - Parameter width: columns to fit into; 0 for no bar and no limit.
    func line(width: Int) -> String {
        var parts = [label.padded(to: 18)]
        if width > 0, let share { parts.append(bar(share)) }
        parts.append(total.map { "\(done) of \($0)" } ?? "\(done)")
        if elapsed > 0.5, done > 0 { parts.append("\(Int(Double(done) / elapsed))/s") }
        if let left = secondsLeft, left >= 1 { parts.append("\(Self.clockText(left)) left") }
        let text = parts.joined(separator: "  ")
        return width > 0 ? text.cut(to: width - 1) : text
    }

    private var share: Double? {
        guard let total, total > 0 else { return nil }
        return min(1, Double(done) / Double(total))
    }

    private var secondsLeft: Double? {
        guard let share, share > 0, share < 1, elapsed > 1 else { return nil }
        return elapsed / share - elapsed
    }

    private func bar(_ share: Double) -> String {
        let full = Int(share * Double(Self.barWidth))
        return String(repeating: "█", count: full) + String(repeating: "░", count: Self.barWidth - full)
    }

    static func clockText(_ seconds: Double) -> String {
        if seconds < 10 { return String(format: "%.1f s", seconds) }
        let whole = Int(seconds.rounded())
        return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
    }
}

extension ProgressLine {
    /// An observer that shows the steps of a run.
    var observer: ProgressObserver {
        { [self] progress in show(progress.step.label, done: progress.done, total: progress.total) }
    }
}

extension SyncProgress.Step {
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

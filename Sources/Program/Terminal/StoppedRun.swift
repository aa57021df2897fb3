import ArgumentParser
import CausewayModel

/// A run that Ctrl-C or SIGTERM stopped: the exit status, what was done, and what happens next.
struct StoppedRun {
    let exitCode: ExitCode
    let sentences: [String]

    /// - Parameter counts: of the run's actions.
    init(_ interruption: Interruption, of provider: String, trigger: RunTrigger, counts: [ActionCount]) {
        exitCode = interruption.exitCode
        guard trigger != .preview else {
            sentences = ["Stopped. A plan sends nothing to the tenant.", "Make it again: causeway plan '\(provider)'"]
            return
        }
        func sum(_ statuses: Set<OutcomeStatus>) -> Int {
            counts.filter { statuses.contains($0.status) }.reduce(0) { $0 + $1.count }
        }
        let (done, open, left) = (sum([.applied, .unchanged]), sum([.sent]), sum([.planned, .retry]))
        let failed = sum([.failed])
        let next = "The next sync continues: causeway sync '\(provider)'"
        guard done + open + failed > 0 else {
            sentences = ["Stopped before anything was sent to the tenant.", next]
            return
        }
        func verb(_ count: Int, _ one: String, _ many: String) -> String { count == 1 ? one : many }
        var facts = ["\(done.counted("action")) \(verb(done, "is", "are")) done"]
        if failed > 0 { facts.append("\(failed) failed") }
        facts.append("\(left) \(verb(left, "is", "are")) left")
        if open > 0 {
            facts.append(
                "\(open) \(verb(open, "was sent and has", "were sent and have")) no answer yet; the next sync looks for "
                    + "\(verb(open, "it", "them")) first"
            )
        }
        sentences = ["Stopped: " + facts.joined(separator: ", ") + ".", next]
    }
}

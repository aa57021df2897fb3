/// A person's wish that a run in progress ends.
package struct RunCancellation: Hashable, Sendable {
    package let run: RunID
    package let requestedBy: String
    package let requestedAt: Timestamp

    package init(run: RunID, requestedBy: String, requestedAt: Timestamp) {
        self.run = run
        self.requestedBy = requestedBy
        self.requestedAt = requestedAt
    }

    /// What the run says about its end: what was done, and what happens next.
    ///
    /// - Parameters:
    ///   - settled: how many of its actions were settled.
    ///   - left: how many were not begun.
    ///   - sends: whether the run was to send anything.
    ///   - isFirst: whether no full sync of the provider has finished yet.
    package func sentence(settled: Int, left: Int, sends: Bool, isFirst: Bool) -> String {
        guard sends else { return "Canceled by \(requestedBy). This run sends nothing." }
        let next = isFirst ? "The next sync that you start does what is left." : "The next full sync does what is left."
        guard settled > 0 else { return "Canceled by \(requestedBy) before anything was sent. \(next)" }
        return "Canceled by \(requestedBy) after \(settled) of \(settled + left) actions. \(next)"
    }
}

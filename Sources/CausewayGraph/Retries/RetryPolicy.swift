/// How often, and after what pauses, something is tried again. Pure.
package struct RetryPolicy: Sendable {
    /// How often something that was made just now is looked for again where Graph does not show it: some seconds in all. What takes
    /// longer is for whoever asked to try again, since others wait meanwhile.
    let looksForNew = 3
    /// Tries in all, the first included, where Graph or the network is in trouble. Being throttled does not count.
    package let attempts: Int
    /// The first pause; it doubles from one try to the next.
    package let firstPause: Duration
    /// The longest pause of our own choosing; Graph may ask for longer ones.
    package let longestPause: Duration
    /// How long a request may take from first to last, with all that is waited for.
    package let patience: Duration

    package init(
        attempts: Int = 6,
        firstPause: Duration = .milliseconds(500),
        longestPause: Duration = .seconds(30),
        patience: Duration = .seconds(900)
    ) {
        self.attempts = attempts
        self.firstPause = firstPause
        self.longestPause = longestPause
        self.patience = patience
    }

    /// The pause before the next try, or nil when it is time to give up.
    ///
    /// What Graph asks for comes first; otherwise the pause doubles, spread at random between half and all of it, so that many
    /// who failed together do not come back together.
    ///
    /// - Parameter random: from 0 to 1.
    func pause(
        afterAttempt attempt: Int,
        retryAfter: Duration?,
        random: Double = .random(in: 0...1)
    ) -> Duration? {
        guard attempt < attempts else { return nil }
        if let retryAfter { return retryAfter + firstPause * random }
        return doubled(firstPause, attempt) * (0.5 + random / 2)
    }

    /// The pause before looking again for something that was written and does not show yet, or nil when it is time to give up.
    /// It starts at twice the first pause, for replication takes its time.
    func pauseUntilVisible(afterLook look: Int, random: Double = .random(in: 0...1)) -> Duration? {
        guard look <= attempts else { return nil }
        return doubled(firstPause * 2, look) * (0.75 + random / 4)
    }

    private func doubled(_ pause: Duration, _ times: Int) -> Duration {
        min(pause * Double(1 << min(max(0, times - 1), 16)), longestPause)
    }
}

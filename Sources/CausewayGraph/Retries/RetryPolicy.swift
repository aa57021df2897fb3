/// How often, and after what pauses, a request is tried again. Pure.
package struct RetryPolicy: Sendable {
    /// How often a new object is looked for again if Graph does not show it: some seconds in all. After that the
    /// caller tries again, since other requests wait during that time.
    let lookupsForNew = 3
    /// Tries in all, including the first, if Graph or the network fails. Throttling does not count.
    package let attempts: Int
    /// The first pause; it doubles from one try to the next.
    package let firstPause: Duration
    /// The longest pause of the client's own; Graph may ask for longer ones.
    package let longestPause: Duration
    /// How long a request may take from first to last, including all pauses.
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
    /// What Graph asks for takes precedence; otherwise the pause doubles, and a random value between half and all of it is used, so that
    /// many requests that failed together do not return together.
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

    /// The pause before looking again for something that was written and is not visible yet, or nil when it is time to give up.
    /// It starts at twice the first pause, because replication takes time.
    func pauseUntilVisible(afterLookup lookup: Int, random: Double = .random(in: 0...1)) -> Duration? {
        guard lookup <= attempts else { return nil }
        return doubled(firstPause * 2, lookup) * (0.75 + random / 4)
    }

    private func doubled(_ pause: Duration, _ times: Int) -> Duration {
        min(pause * Double(1 << min(max(0, times - 1), 16)), longestPause)
    }
}

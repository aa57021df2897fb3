/// How often, and after what pauses, something is tried again. Pure.
package struct RetryPolicy: Sendable {
    /// Tries in all, the first included.
    package let attempts: Int
    /// The first pause; it doubles from one try to the next.
    package let firstPause: Duration
    /// The longest pause of our own choosing; Graph may ask for longer ones.
    package let longestPause: Duration

    package init(attempts: Int = 6, firstPause: Duration = .milliseconds(500), longestPause: Duration = .seconds(30)) {
        self.attempts = attempts
        self.firstPause = firstPause
        self.longestPause = longestPause
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
        let doubled = firstPause * Double(1 << min(attempt - 1, 16))
        return min(doubled, longestPause) * (0.5 + random / 2)
    }

    /// Whether a request that failed this way may be sent again.
    func mayRepeat(_ request: GraphRequest, after failure: GraphFailure) -> Bool {
        switch failure.kind {
        case .throttled, .unauthorised, .referenceNotFound: true
        // Without an answer of Graph's own the request may have been carried out; 503 says that it was not.
        case .unavailable: failure.status == 503 || failure.status == 0 || request.repetition == .harmless
        case .unanswered: request.repetition == .harmless
        default: false
        }
    }
}

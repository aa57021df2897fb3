package import CausewayModel

/// A run that was started and continues independently of the caller.
package struct RunHandle: Sendable {
    /// The run as it was stored when it began.
    package let run: Run
    private let ends: AsyncStream<Result<Run, any Error>>
    private let end: AsyncStream<Result<Run, any Error>>.Continuation

    init(_ run: Run) {
        self.run = run
        (ends, end) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Waits for the end of the run. Only one caller may wait, once.
    ///
    /// - Returns: the run as it ended; failures of single objects are in its actions.
    /// - Throws: what ended the run as a whole, or `CancellationError` if the caller is canceled; the run then continues.
    package func result() async throws -> Run {
        for await end in ends { return try end.get() }
        throw CancellationError()
    }

    func finish(_ result: Result<Run, any Error>) {
        end.yield(result)
        end.finish()
    }
}

import CausewayModel

/// Measures time.
enum Stopwatch {
    /// How many seconds something takes.
    static func seconds(_ work: () async throws -> Void) async throws -> Double {
        let began = ContinuousClock.now
        try await work()
        return (ContinuousClock.now - began).seconds
    }
}

/// How many requests may be under way at once, found out from how long they take: more while answers come as fast as the
/// fastest did, fewer when they start to queue somewhere. Pure.
struct ConcurrencyWindow: Sendable {
    private(set) var limit: Double
    private let range: ClosedRange<Double>
    /// The fastest answer, slowly forgotten, since networks change.
    private var fastest: Duration?

    /// Answers slower than this many times the fastest mean that requests queue.
    private static let slowness = 3.0
    private static let forgetting = 1.01

    init(start: Double = 8, range: ClosedRange<Double> = 2...32) {
        limit = start
        self.range = range
    }

    /// Takes note of an answer.
    mutating func record(_ latency: Duration) {
        let best = min(fastest.map { $0 * Self.forgetting } ?? latency, latency)
        fastest = best
        let next = latency > best * Self.slowness ? limit * 0.9 : limit + 1 / limit
        limit = min(max(next, range.lowerBound), range.upperBound)
    }

    /// Takes note that no answer came, or one that says that the service is overloaded.
    mutating func recordTrouble() { limit = max(limit / 2, range.lowerBound) }
}

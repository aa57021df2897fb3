/// What makes the durations of requests comparable.
struct ExchangeShape: Hashable, Sendable {
    let method: GraphRequest.Method
    /// Entries of a batch; 1 for a single request.
    let entries: Int
    let isList: Bool
}

/// How many requests may be in flight at once, derived from how long they take: more while answers come as fast as the
/// fastest of their shape, fewer when they start to queue somewhere. Pure.
struct ConcurrencyWindow: Sendable {
    private(set) var limit: Double
    private let range: ClosedRange<Double>
    /// The fastest answer of each shape, slowly forgotten, since networks change.
    private var fastest: [ExchangeShape: Duration] = [:]

    /// Answers slower than this many times the fastest mean that requests queue.
    private static let slowness = 3.0
    private static let forgetting = 1.01

    init(start: Double = 8, range: ClosedRange<Double> = 2...32) {
        limit = start
        self.range = range
    }

    /// Records an answer.
    ///
    /// - Parameter isFull: whether as many were in flight as allowed; otherwise it says nothing about more.
    mutating func record(_ latency: Duration, _ shape: ExchangeShape, isFull: Bool) {
        let best = min(fastest[shape].map { $0 * Self.forgetting } ?? latency, latency)
        fastest[shape] = best
        let isSlow = latency > best * Self.slowness
        guard isSlow || isFull else { return }
        let next = isSlow ? limit * 0.9 : limit + 1 / limit
        limit = min(max(next, range.lowerBound), range.upperBound)
    }

    /// Records that no answer came, or one that says that the service is overloaded.
    mutating func recordTrouble() { limit = max(limit / 2, range.lowerBound) }
}

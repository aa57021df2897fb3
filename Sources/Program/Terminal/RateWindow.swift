/// How fast work goes: what was done in the last seconds. What was done before the first look does not count. Pure.
struct RateWindow {
    private var looks: [(seconds: Double, done: Int)] = []

    /// Longer than the pauses between batches of a run that waits for Graph.
    private static let length = 20.0
    private static let shortest = 0.5

    /// - Parameter seconds: since any point in time, the same at each look.
    mutating func note(_ done: Int, at seconds: Double) {
        // One look in a quarter of a second is enough.
        if looks.count > 1, let last = looks.last, let before = looks.dropLast().last,
            last.seconds - before.seconds < 0.25
        {
            looks.removeLast()
        }
        looks.append((seconds, done))
        while looks.count > 2, seconds - looks[1].seconds >= Self.length { looks.removeFirst() }
    }

    /// Nil if too little time has passed, or if nothing was done.
    var perSecond: Double? {
        guard let first = looks.first, let last = looks.last, last.seconds - first.seconds >= Self.shortest,
            last.done > first.done
        else { return nil }
        return Double(last.done - first.done) / (last.seconds - first.seconds)
    }
}

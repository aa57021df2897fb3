/// Pending requests, and the next batch to send. A pure value: callers pass the current time.
///
/// A request waits for earlier ones that write the same object. Reads and writes go into separate batches, because their pacing is
/// separate.
struct BatchQueue: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What may share a batch.
    enum Kind: Hashable, Sendable, CaseIterable {
        case reads, writes
    }

    /// A request to send.
    struct Entry: Sendable {
        let ticket: Int
        let request: GraphRequest
    }

    /// A request that has not ended yet.
    private struct OpenRequest: Sendable {
        var request: GraphRequest
        let subjects: [String]
        var isDelayed = false
    }

    private var open: [Int: OpenRequest] = [:]
    /// Tickets of requests that are ready, by kind; repetitions come first.
    private var ready: [Kind: ReadyLine] = [:]
    private var delayed: [(due: Instant, ticket: Int)] = []
    /// For each object that is written, the tickets that write it, in order.
    private var lines: [String: [Int]] = [:]

    /// Adds a request.
    mutating func add(_ ticket: Int, _ request: GraphRequest) {
        let subjects = Array(Set(request.subjects))
        open[ticket] = OpenRequest(request: request, subjects: subjects)
        for subject in subjects { lines[subject, default: []].append(ticket) }
        admit(ticket)
    }

    /// Puts a request back that was taken: what to send for it next, and when.
    mutating func again(_ ticket: Int, _ request: GraphRequest, due: Instant) {
        guard open[ticket] != nil else { return }
        open[ticket]?.request = request
        open[ticket]?.isDelayed = true
        delayed.append((due, ticket))
    }

    /// Takes the next batch of what is ready.
    mutating func take(_ kind: Kind) -> [Entry] {
        var entries: [Entry] = []
        while entries.count < GraphBatch.limit, let ticket = ready[kind]?.popFirst() {
            // A request that was abandoned is no longer there.
            if let request = open[ticket]?.request { entries.append(Entry(ticket: ticket, request: request)) }
        }
        return entries
    }

    /// When a deferred request may go; nil if none waits for a time.
    var nextDue: Instant? { delayed.map(\.due).min() }

    /// Ends a request, and releases those that waited for it.
    mutating func finish(_ ticket: Int) {
        guard let entry = open.removeValue(forKey: ticket) else { return }
        if entry.isDelayed { delayed.removeAll { $0.ticket == ticket } }
        for subject in entry.subjects { leaveLine(subject, ticket) }
    }

    private mutating func leaveLine(_ subject: String, _ ticket: Int) {
        guard var line = lines[subject], let index = line.firstIndex(of: ticket) else { return }
        line.remove(at: index)
        lines[subject] = line.isEmpty ? nil : line
        if index == 0, let next = line.first { admit(next) }
    }

    /// Makes a request ready if nothing blocks it.
    private mutating func admit(_ ticket: Int) {
        guard let entry = open[ticket], entry.subjects.allSatisfy({ lines[$0]?.first == ticket }) else { return }
        ready[Self.kind(entry.request), default: ReadyLine()].append(ticket)
    }

    /// Makes deferred requests of all kinds ready whose time has come. The caller takes all kinds afterwards: what this makes
    /// ready has no ``nextDue`` any more.
    mutating func wake(_ now: Instant) {
        let due = delayed.filter { $0.due <= now }
        guard !due.isEmpty else { return }
        delayed.removeAll { $0.due <= now }
        for (_, ticket) in due {
            guard let entry = open[ticket] else { continue }
            open[ticket]?.isDelayed = false
            ready[Self.kind(entry.request), default: ReadyLine()].appendUrgent(ticket)
        }
    }

    private static func kind(_ request: GraphRequest) -> Kind { request.isWrite ? .writes : .reads }
}

/// First in, first out, with a separate queue for repetitions.
private struct ReadyLine: Sendable {
    private var urgent: [Int] = []
    private var line: [Int] = []
    private var first = 0

    mutating func append(_ ticket: Int) { line.append(ticket) }
    mutating func appendUrgent(_ ticket: Int) { urgent.append(ticket) }

    mutating func popFirst() -> Int? {
        if !urgent.isEmpty { return urgent.removeFirst() }
        guard first < line.count else { return nil }
        defer { compact() }
        first += 1
        return line[first - 1]
    }

    private mutating func compact() {
        guard first > 1000, first * 2 > line.count else { return }
        line.removeFirst(first)
        first = 0
    }
}

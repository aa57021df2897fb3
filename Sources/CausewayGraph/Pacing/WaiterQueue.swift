/// Tasks that wait for the same thing, in the order in which they came. An actor keeps it; whoever is taken out must be resumed.
struct WaiterQueue<Value: Sendable> {
    typealias Continuation = CheckedContinuation<Value, any Error>

    private var line: [(id: Int, continuation: Continuation)] = []
    private var count = 0

    var length: Int { line.count }

    /// A name for somebody who is about to join.
    mutating func nextID() -> Int {
        count += 1
        return count
    }

    mutating func join(_ id: Int, _ continuation: Continuation) { line.append((id, continuation)) }

    mutating func popFirst() -> Continuation? { line.isEmpty ? nil : line.removeFirst().continuation }

    /// Takes out one who gives up; nil where it is not in the line any more.
    mutating func leave(_ id: Int) -> Continuation? {
        line.firstIndex { $0.id == id }.map { line.remove(at: $0).continuation }
    }
}

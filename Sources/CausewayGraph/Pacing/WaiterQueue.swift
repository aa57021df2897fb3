/// Tasks that wait for the same thing, in their order. Must be actor-isolated. Callers resume every task that they remove.
struct WaiterQueue<Value: Sendable> {
    typealias Continuation = CheckedContinuation<Value, any Error>

    private var line: [(id: Int, continuation: Continuation)] = []
    private var count = 0

    var length: Int { line.count }

    /// An identity for a task that is about to join.
    mutating func nextID() -> Int {
        count += 1
        return count
    }

    mutating func join(_ id: Int, _ continuation: Continuation) { line.append((id, continuation)) }

    mutating func popFirst() -> Continuation? { line.isEmpty ? nil : line.removeFirst().continuation }

    /// Removes a task that gives up; nil if it is no longer in the line.
    mutating func leave(_ id: Int) -> Continuation? {
        line.firstIndex { $0.id == id }.map { line.remove(at: $0).continuation }
    }
}

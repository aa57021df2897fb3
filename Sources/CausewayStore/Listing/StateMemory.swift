import Synchronization

/// What the directory and the links are at. As long as it stays the same, so does what was counted or found.
struct ListState: Hashable, Sendable {
    /// The number of the journal's last entry.
    let journal: Int64
    /// How many transactions have changed links; 0 where links do not count.
    var links: Int64 = 0
}

/// What was found in one state of the database. The first value of another state replaces all of them.
final class StateMemory<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Content: Sendable {
        var state = ListState(journal: 0)
        var values: [Key: Value] = [:]
    }

    private let capacity: Int
    private let content = Mutex(Content())

    init(capacity: Int) { self.capacity = capacity }

    /// The known value, or a new one.
    ///
    /// - Parameter state: as the reader sees it.
    func value(_ key: Key, at state: ListState, orElse find: () throws -> Value) rethrows -> Value {
        if let known = content.withLock({ $0.state == state ? $0.values[key] : nil }) { return known }
        let value = try find()
        content.withLock { content in
            if content.state != state || content.values.count >= capacity { content = Content(state: state) }
            content.values[key] = value
        }
        return value
    }
}

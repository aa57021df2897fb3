import Synchronization

/// Remembers that a newer program has changed the schema in a way that is not safe for this one.
final class SchemaWatch: Sendable {
    private let trouble = Mutex<StoreError?>(nil)

    /// - Throws: ``StoreError`` of code `unreadable` if that was found.
    func require() throws {
        if let trouble = trouble.withLock({ $0 }) { throw trouble }
    }

    func note(_ error: StoreError?) { trouble.withLock { $0 = error } }
}

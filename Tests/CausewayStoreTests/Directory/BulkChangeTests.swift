import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Changes of many objects in the store")
struct BulkChangeTests {
    private static func isInProgress(_ change: BulkChange, _ store: Store, gone: Set<String> = []) async throws -> Bool
    {
        try await store.read { try $0.isInProgress(change.id, isGone: { gone.contains($0) }) }
    }

    @Test("another node sees a change in progress until it has ended, or has given no sign of life for a minute")
    func signsOfLife() async throws {
        let clock = TestClock()
        try await StoreFixture.with(clock: { clock.now }) { temporary in
            let other = try await temporary.open(clock: { clock.now })
            defer { try? other.close() }
            var change = BulkChange(kind: .user, action: "delete", total: 900, started: clock.now)
            #expect(try await !Self.isInProgress(change, other))
            change.count(Array(repeating: nil, count: 250))
            try await temporary.store.write { [change] in try $0.store(change, by: "ada") }
            #expect(try await Self.isInProgress(change, other))
            let stored = try await other.read { [change] in try $0.bulkChange(change.id) }
            #expect(stored == change)
            clock.turn(by: BulkChange.patience - .seconds(1))
            #expect(try await Self.isInProgress(change, other))
            clock.turn(by: .seconds(1))
            #expect(try await !Self.isInProgress(change, other))
            // It was only slow.
            try await temporary.store.write { [change] in try $0.store(change, by: "ada") }
            #expect(try await Self.isInProgress(change, other))
            #expect(try await !Self.isInProgress(change, other, gone: ["ada"]))
            try await temporary.store.write { [change] in try $0.store(change) }
            #expect(try await !Self.isInProgress(change, other))
            change.ended = clock.now
            try await temporary.store.write { [change] in try $0.store(change, by: "ada") }
            #expect(try await !Self.isInProgress(change, other))
        }
    }

    @Test("the end of a change leaves what is stored of it, if the process does not know of its last piece")
    func uncertain() async throws {
        try await StoreFixture.with { temporary in
            let store = temporary.store
            let begun = BulkChange(kind: .user, action: "delete", total: 9, started: .now())
            func left(_ stored: BulkChange?, _ reason: String?) async throws -> BulkChange? {
                try await store.write { transaction in
                    if let stored { try transaction.store(stored, by: "ada") }
                    try transaction.leave(begun, because: reason)
                    #expect(try !transaction.isInProgress(begun.id, isGone: { _ in false }))
                    return try transaction.bulkChange(begun.id)
                }
            }
            #expect(try await left(nil, nil) == begun)
            var part = begun
            part.count(Array(repeating: nil, count: 4))
            #expect(try await left(part, nil) == part)
            let refused = try #require(try await left(part, "Too far."))
            #expect(refused.done == 4 && refused.message == "Too far." && refused.ended != nil)
            var whole = part
            whole.count(Array(repeating: nil, count: 5))
            whole.ended = .now()
            #expect(try await left(whole, "The connection broke.") == whole)
        }
    }
}

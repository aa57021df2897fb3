import CausewayModel
import CausewayStore
import CausewayTestSupport
import Synchronization
import Testing

@testable import CausewayAPI

@Suite("Changes that depend on the present state")
struct ChangeTurnTests {
    private final class Log: Sendable {
        private let state = Mutex((present: 0, most: 0, done: 0))
        var most: Int { state.withLock { $0.most } }
        var done: Int { state.withLock { $0.done } }

        func begin() { state.withLock { ($0.present, $0.most) = ($0.present + 1, max($0.most, $0.present + 1)) } }
        func end() { state.withLock { ($0.present, $0.done) = ($0.present - 1, $0.done + 1) } }
    }

    @Test("are made one after the other on all nodes, also if one of them fails")
    func order() async throws {
        try await StoreFixture.with { temporary in
            let other = try await temporary.open()
            defer { try? other.close() }
            let log = Log()
            struct Refused: Error {}
            await withDiscardingTaskGroup { group in
                for (number, store) in [temporary.store, other, temporary.store, other].enumerated() {
                    group.addTask {
                        try? await ChangeTurn(store: store, object: "/core/users/1/").run {
                            log.begin()
                            try? await Task.sleep(for: .milliseconds(30))
                            log.end()
                            if number.isMultiple(of: 2) { throw Refused() }
                        }
                    }
                }
            }
            #expect(log.most == 1 && log.done == 4)
        }
    }

    @Test("a change of another object does not wait, and the turn of a node that died ends")
    func ends() async throws {
        let clock = TestClock()
        try await StoreFixture.with(clock: { clock.now }) { temporary in
            let store = temporary.store
            func take(_ object: String, _ holder: String) async throws -> Bool {
                try await store.write { try $0.takeTurn(for: object, holder: holder, time: .seconds(30)) }
            }
            #expect(try await take("a", "dead"))
            #expect(try await !take("a", "ada"))
            #expect(try await take("b", "ada"))
            clock.turn(by: .seconds(30))
            #expect(try await take("a", "ada"))
            // It woke up after all.
            try await store.write { try $0.endTurn(of: "dead") }
            #expect(try await !take("a", "bert"))
            try await store.write { try $0.endTurn(of: "ada") }
            #expect(try await take("a", "bert"))
        }
    }
}

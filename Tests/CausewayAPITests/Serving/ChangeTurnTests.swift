import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import HTTPTypes
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
                        // On a busy machine all of it takes any length of time.
                        var turn = ChangeTurn(store: store, object: "/core/users/1/")
                        (turn.time, turn.patience) = (.seconds(3600), .seconds(3600))
                        try? await turn.run { _ in
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
            #expect(try await store.read { try $0.isTurnTaken(for: "a") })
            #expect(try await store.read { try !$0.isTurnTaken(for: "c") })
            clock.turn(by: .seconds(30))
            #expect(try await store.read { try !$0.isTurnTaken(for: "a") })
        }
    }

    @Test("a change that takes so long that another one has begun writes nothing more")
    func late() async throws {
        let clock = TestClock()
        try await StoreFixture.with(clock: { clock.now }) { temporary in
            let store = temporary.store
            func add(_ name: String, as holder: String) async throws {
                _ = try await store.inTurn(of: holder).write { try $0.createUser(UserProfile(username: name)) }
            }
            let error = await #expect(throws: StoreError.self) {
                try await ChangeTurn(store: store, object: "a").run { slow in
                    try await add("ada", as: slow)
                    clock.turn(by: .seconds(30))
                    // Nobody else wants to change it.
                    try await add("bert", as: slow)
                    try await ChangeTurn(store: store, object: "a").run { try await add("carl", as: $0) }
                    try await add("dora", as: slow)
                }
            }
            #expect(error?.code == .turnTaken && error.flatMap { APIError($0) }?.status == .serviceUnavailable)
            let names = try await store.read { try $0.users(after: nil, limit: 10).map(\.username) }
            #expect(names.sorted() == ["ada", "bert", "carl"])
        }
    }

    @Test("an object has one turn, however its path is spelled")
    func spellings() throws {
        let document = try APIDocument.load()
        let check = SchemaCheck(schemas: document.schemas)
        func values(_ operation: String, _ text: String) throws -> JSONValue {
            let operation = try #require(document.operations.first { $0.id == operation })
            let parameters = operation.parameters.filter(\.isInPath)
            let name = try #require(parameters.first).name
            return try APIValues([(name, text)], parameters, check).json
        }
        let group = "core_groups_partial_update"
        let spelled = try values(group, "0b7c6c50-2f6b-4b3f-9d7f-6e9d3c1f1a11")
        #expect(try values(group, "0B7C6C50-2F6B-4B3F-9D7F-6E9D3C1F1A11") == spelled)
        #expect(try values(group, "0b7c6c502f6b4b3f9d7f6e9d3c1f1a11") == spelled)
        #expect(try values(group, "0b7c6c50-2f6b-4b3f-9d7f-6e9d3c1f1a12") != spelled)
        let user = "core_users_partial_update"
        #expect(try values(user, "7") == values(user, "07"))
        #expect(try values(user, "7") != values(user, "8"))
    }
}

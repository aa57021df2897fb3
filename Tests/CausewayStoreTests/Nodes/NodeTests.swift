import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import Testing

@Suite("Nodes in the store")
struct NodeTests {
    private static func beat(_ id: UUID, _ name: String, in transaction: Transaction, gone: Set<String> = []) throws
        -> Node
    {
        let id = id.uuidString.lowercased()
        if try !transaction.noteLife(of: id) {
            try transaction.addNode(
                id: id,
                name: name,
                version: "1.0",
                owner: "process of \(name)",
                isGone: { gone.contains($0) }
            )
        }
        let reports = try transaction.nodeReports()
        return try #require(reports.first { $0.node.id == id }?.node)
    }

    private static func states(_ temporary: StoreFixture) async throws -> [String: NodeState] {
        let reports = try await temporary.store.read { try $0.nodeReports() }
        return Dictionary(reports.map { ($0.node.name, $0.state) }, uniquingKeysWith: { $1 })
    }

    @Test("a node is listed once, falls silent without signs of life, and is forgotten after a day")
    func signsOfLife() async throws {
        let clock = TestClock()
        try await StoreFixture.with(clock: { clock.now }) { temporary in
            let (ada, bert) = (UUID(), UUID())
            for _ in 1...3 { _ = try await temporary.store.write { try Self.beat(ada, "ada", in: $0) } }
            _ = try await temporary.store.write { try Self.beat(bert, "bert", in: $0) }
            #expect(try await Self.states(temporary) == ["ada": .working, "bert": .working])
            clock.turn(by: Node.patience + .seconds(1))
            _ = try await temporary.store.write { try Self.beat(bert, "bert", in: $0) }
            #expect(try await Self.states(temporary) == ["ada": .silent, "bert": .working])
            clock.turn(by: Node.memory)
            _ = try await temporary.store.write { try Self.beat(bert, "bert", in: $0) }
            #expect(try await Self.states(temporary) == ["bert": .working])
        }
    }

    @Test("a drained node stays so until it is told otherwise, and a new process of it works again")
    func draining() async throws {
        try await StoreFixture.with { temporary in
            let (first, second) = (UUID(), UUID())
            try await temporary.store.write { transaction in
                _ = try Self.beat(first, "ada", in: transaction)
                #expect(throws: StoreError.self) { try transaction.setDraining(true, nodesNamed: "bert") }
                try transaction.setDraining(true, nodesNamed: "ada")
                #expect(try Self.beat(first, "ada", in: transaction).isDraining)
            }
            #expect(try await Self.states(temporary) == ["ada": .draining])
            try await temporary.store.write { transaction in
                let isDraining = try Self.beat(second, "ada", in: transaction, gone: ["process of ada"]).isDraining
                #expect(!isDraining)
            }
            let reports = try await temporary.store.read { try $0.nodeReports() }
            #expect(reports.map(\.node.id) == [second.uuidString.lowercased()])
        }
    }

    @Test("a node shows the runs whose leases it holds")
    func work() async throws {
        try await StoreFixture.with { temporary in
            let run = try await temporary.store.write { transaction in
                _ = try Self.beat(UUID(), "ada", in: transaction)
                _ = try Self.beat(UUID(), "bert", in: transaction)
                let provider = try transaction.makeProvider()
                let run = Run(provider: provider.id, trigger: .manual, startedAt: transaction.now)
                let lease = RunLease(owner: "process of bert", duration: .seconds(60))
                let hasBegun = try transaction.beginRun(run, lease: lease, isGone: { _ in false }) != nil
                #expect(hasBegun)
                return run
            }
            let reports = try await temporary.store.read { try $0.nodeReports() }
            #expect(reports.map { $0.work.map(\.run) } == [[], [run.id]])
        }
    }
}

import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("What nodes may send to a tenant together")
struct ThrottleBudgetTests {
    private static let budget = ThrottleBudget(
        tenant: "contoso",
        writes: .init(burst: 1000, perSecond: 10),
        units: .init(burst: 10_000, perSecond: 100),
        tenantWrites: .init(burst: 3000, perSecond: 30)
    )

    private static func take(_ application: String, writes: Int = 20, in store: Store) async throws -> ThrottlePortion {
        try await store.write {
            try $0.takePortion(of: Self.budget, application: application, writes: writes, units: max(1, writes))
        }
    }

    @Test("portions of all that ask never exceed the limit, and those who ask wait in their order")
    func together() async throws {
        let clock = TestClock()
        try await StoreFixture.with(clock: { clock.now }) { temporary in
            var taken = 0
            var waits: [Duration] = []
            while waits.count < 3 {
                let portion = try await Self.take("a", in: temporary.store)
                taken += portion.writes
                if portion.wait > .zero { waits.append(portion.wait) }
            }
            // 900 at once: a tenth is left for what is on its way. Then each batch of 20 takes two seconds.
            #expect(taken <= 900 + 60)
            #expect(zip(waits, waits.dropFirst()).allSatisfy { $1 - $0 == .seconds(2) })
            // Another application has writes of its own, and so have reads.
            #expect(try await Self.take("b", in: temporary.store).wait == .zero)
            #expect(try await Self.take("a", writes: 0, in: temporary.store).wait == .zero)
            clock.turn(by: .seconds(30))
            #expect(try await Self.take("a", in: temporary.store).wait == .zero)
        }
    }

    @Test("the writes of all applications have a limit of their own")
    func tenant() async throws {
        let clock = TestClock()
        try await StoreFixture.with(clock: { clock.now }) { temporary in
            var taken = 0
            for application in 0..<4 {
                while true {
                    let portion = try await Self.take("\(application)", in: temporary.store)
                    taken += portion.writes
                    if portion.wait > .zero { break }
                }
            }
            #expect(taken > 2600 && taken <= 2700 + 80)
        }
    }

    @Test("what Graph closes is closed for all, also if the clock is set back")
    func closed() async throws {
        let clock = TestClock()
        try await StoreFixture.with(clock: { clock.now }) { temporary in
            let store = temporary.store
            try await store.write {
                try $0.close(Self.budget, application: "a", writesOnly: true, for: .seconds(30))
            }
            #expect(try await Self.take("a", in: store).wait == .seconds(30))
            #expect(try await Self.take("a", writes: 0, in: store).wait == .zero)
            #expect(try await Self.take("b", in: store).wait == .zero)
            clock.turn(by: .seconds(-3600))
            #expect(try await Self.take("a", in: store).wait == .seconds(30))
            clock.turn(by: .seconds(31))
            #expect(try await Self.take("a", in: store).wait == .zero)
            try await store.write { try $0.close(Self.budget, application: nil, writesOnly: true, for: .seconds(7)) }
            #expect(try await Self.take("b", in: store).wait == .seconds(7))
            #expect(try await Self.take("b", writes: 0, in: store).wait == .zero)
        }
    }
}

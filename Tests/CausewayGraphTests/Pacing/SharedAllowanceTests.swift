import CausewayJSON
import CausewayTestSupport
import Synchronization
import Testing

@testable import CausewayGraph

@Suite("Portions of a shared budget", .timeLimit(.minutes(30)))
struct SharedAllowanceTests {
    private struct Away: Error {}

    private static func budget(_ take: @escaping SharedBudget.Take) -> SharedBudget {
        SharedBudget(take: take, close: { _, _, _ in })
    }

    @Test("a portion pays for several requests, and what they need together is taken once")
    func portions() async throws {
        let taken = Mutex(0)
        let allowance = SharedAllowance(
            Self.budget { _, _ in
                taken.withLock { $0 += 1 }
                return SharedBudget.Portion(writes: 60, units: 60, wait: .zero)
            },
            application: "a"
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    try await allowance.pay(RequestCost(resourceUnits: 20, writes: 20), before: .now + .seconds(60))
                }
            }
            try await group.waitForAll()
        }
        #expect(taken.withLock { $0 } == 2)
    }

    @Test("what is there too late is not waited for")
    func late() async throws {
        let allowance = SharedAllowance(
            Self.budget { _, cost in
                SharedBudget.Portion(writes: cost.writes, units: cost.resourceUnits, wait: .seconds(3600))
            },
            application: "a"
        )
        for _ in 0..<2 {
            await #expect(throws: GraphFailure.notInTime) {
                try await allowance.pay(.write, before: .now + .seconds(60))
            }
        }
    }

    @Test("if the budget cannot be asked, all that wait for it are told at once, and the next one asks again")
    func away() async throws {
        let (asked, ask) = AsyncStream.makeStream(of: Void.self)
        let (answered, answer) = AsyncStream.makeStream(of: Void.self)
        let attempts = Mutex(0)
        let allowance = SharedAllowance(
            Self.budget { _, _ in
                let attempt = attempts.withLock { attempts in
                    attempts += 1
                    return attempts
                }
                guard attempt == 1 else { return SharedBudget.Portion(writes: 1, units: 1, wait: .zero) }
                ask.yield()
                for await _ in answered { break }
                throw Away()
            },
            application: "a"
        )
        let pay = { @Sendable in try await allowance.pay(.write, before: .now + .seconds(60)) }
        let first = Task { try await pay() }
        for await _ in asked { break }
        let second = Task { try await pay() }
        while await allowance.waiters == 0 { await Task.yield() }
        answer.yield()
        await #expect(throws: Away.self) { try await first.value }
        await #expect(throws: Away.self) { try await second.value }
        try await pay()
        #expect(attempts.withLock { $0 } == 2)
    }

    @Test("requests that cannot be counted are not sent, and their caller gets the reason")
    func unsent() async throws {
        try await TenantInProcess.with { tenant in
            try await GraphClient.with(tenant) { client in
                await client.share(Self.budget { _, _ in throw Away() })
                await #expect(throws: Away.self) {
                    try await client.send(batch: [GraphRequest(.post, "/users", body: TestUser.body(1))])
                }
                await #expect(throws: Away.self) { try await client.send(GraphRequest(.get, "/users")) }
            }
            #expect(try await tenant.client.counters()["writes"] == 0)
        }
    }

    @Test("a request whose turn would come too late ends at once, and is not asked about again and again")
    func tooLate() async throws {
        let taken = Mutex(0)
        try await TenantInProcess.with { tenant in
            try await GraphClient.with(tenant) { client in
                await client.share(
                    Self.budget { _, cost in
                        taken.withLock { $0 += 1 }
                        return SharedBudget.Portion(
                            writes: cost.writes,
                            units: cost.resourceUnits,
                            wait: .seconds(86_400)
                        )
                    }
                )
                let results = try await client.send(batch: [GraphRequest(.post, "/users", body: TestUser.body(1))])
                #expect(throws: GraphFailure.notInTime) { try results.first?.get() }
            }
        }
        #expect(taken.withLock { $0 } == 1)
    }
}

import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Leases and their tokens")
struct LeaseTests {
    private static let lease = RunLease(owner: "process-1", duration: .seconds(60))

    private static func begin(_ provider: ProviderID, in transaction: Transaction, _ lease: RunLease = LeaseTests.lease)
        throws
        -> LeaseToken
    {
        let run = Run(provider: provider, trigger: .manual, startedAt: transaction.now)
        let token = try transaction.beginRun(run, lease: lease, isGone: { _ in false })
        return try #require(token)
    }

    @Test("once another process has taken over, the former holder writes nothing")
    func takenOver() async throws {
        let clock = TestClock()
        try await StoreFixture.with(clock: { clock.now }) { temporary in
            let provider = try await temporary.store.write { try $0.makeProvider().id }
            let first = try await temporary.store.write { try Self.begin(provider, in: $0) }
            let fenced = temporary.store.fenced(by: first)
            try await fenced.write { try $0.setExamined(users: 1, groups: 0, of: first.run) }
            // Expired is not yet taken over.
            clock.turn(by: .seconds(61))
            try await fenced.write { try $0.setExamined(users: 2, groups: 0, of: first.run) }
            let other = RunLease(owner: "process-2", duration: .seconds(60))
            let second = try await temporary.store.write { try Self.begin(provider, in: $0, other) }
            #expect(second.number > first.number)
            let error = await #expect(throws: StoreError.self) {
                try await fenced.write { transaction in
                    try transaction.setExamined(users: 3, groups: 0, of: first.run)
                    try transaction.setStatus(.failed, of: first.run)
                }
            }
            #expect(error?.code == .leaseLost)
            let kept = try await temporary.store.read { try $0.run(first.run) }
            #expect(kept?.status == .interrupted && kept?.examinedUsers == 2)
            let isRenewed = try await temporary.store.write { try $0.renew(other, of: second.run) }
            #expect(isRenewed)
        }
    }

    @Test("a former holder that ignores the error of a statement writes nothing either")
    func ignoredError() async throws {
        let clock = TestClock()
        try await StoreFixture.with(clock: { clock.now }) { temporary in
            let provider = try await temporary.store.write { try $0.makeProvider().id }
            let token = try await temporary.store.write { try Self.begin(provider, in: $0) }
            clock.turn(by: .seconds(61))
            _ = try await temporary.store.write { try Self.begin(provider, in: $0) }
            let other = temporary.store.fenced(by: token)
            let error = await #expect(throws: StoreError.self) {
                try await other.write { transaction in
                    _ = try? transaction.userCounts()
                    _ = try? transaction.createUser(UserProfile(username: "ada"))
                    _ = try? transaction.userCounts()
                }
            }
            #expect(error?.code == .leaseLost)
            #expect(try await temporary.store.read { try $0.userCounts().all } == 0)
        }
    }

    @Test("a run that has ended by itself may still record what follows from it")
    func ended() async throws {
        try await StoreFixture.with { temporary in
            let token = try await temporary.store.write { try Self.begin(try $0.makeProvider().id, in: $0) }
            let fenced = temporary.store.fenced(by: token)
            try await fenced.write { try $0.setStatus(.succeeded, of: token.run) }
            try await fenced.write { try $0.setExamined(users: 7, groups: 0, of: token.run) }
            #expect(try await temporary.store.read { try $0.run(token.run)?.examinedUsers } == 7)
        }
    }
}

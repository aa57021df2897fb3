import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Runs and their actions in the store")
struct RunTests {
    private static let lease = RunLease(owner: "process-1", duration: .seconds(60))

    @Test("a provider has one run at a time, until its process is gone")
    func lease() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                let provider = try transaction.makeProvider()
                func begin(_ lease: RunLease, isGone: Bool) throws -> Run? {
                    let run = Run(provider: provider.id, trigger: .manual, startedAt: transaction.now)
                    return try transaction.beginRun(run, lease: lease, isGone: { _ in isGone }) == nil ? nil : run
                }
                let first = try #require(try begin(Self.lease, isGone: false))
                #expect(try begin(Self.lease, isGone: false) == nil)
                let other = RunLease(owner: "process-2", duration: .seconds(60))
                let second = try #require(try begin(other, isGone: true))
                #expect(try transaction.run(first.id)?.status == .interrupted)
                #expect(throws: StoreError.self) { _ = try transaction.renew(Self.lease, of: first.id) }
                _ = try transaction.renew(other, of: second.id)
                try transaction.setStatus(.succeeded, of: second.id)
                // The lease may be renewed once more when the work is done.
                _ = try transaction.renew(other, of: second.id)
                #expect(try begin(Self.lease, isGone: false) != nil)
            }
        }
    }

    @Test("an action is read as it was planned, and its secret is sealed in the file")
    func actions() async throws {
        try await StoreFixture.with { temporary in
            let action = Action(
                sequence: 1,
                phase: .users,
                verb: .create,
                kind: .user,
                object: ObjectReference(UserID(7)),
                name: "ada",
                reason: .missingInEntra,
                changes: [AttributeChange(attribute: "passwordProfile", old: nil, new: ["password": "********"])],
                members: [.local(ObjectReference(UserID(8))), .remote(EntraObjectID("x"))],
                secrets: ["passwordProfile.password": Secret("Hidden-Pass-9")]
            )
            let run = try await temporary.store.write { transaction in
                let provider = try transaction.makeProvider()
                let run = Run(provider: provider.id, trigger: .manual, startedAt: transaction.now)
                _ = try transaction.beginRun(run, lease: Self.lease, isGone: { _ in false })
                try transaction.insertActions([StoredAction(action: action, outcome: Outcome(.planned))], run: run.id)
                return run
            }
            let read = try await temporary.store.read {
                try $0.plannedActions(of: run.id, phase: .users, level: 0, after: 0, limit: 5)
            }
            #expect(read == [action])
            try await temporary.store.write { transaction in
                try transaction.setOutcomes([1: Outcome(.sent)], run: run.id)
                let counts = try transaction.actionCounts(of: run.id)
                #expect(counts == [ActionCount(verb: .create, kind: .user, status: .sent, count: 1, links: 2)])
                // A create is looked up; for everything else it is enough to plan again.
                #expect(try transaction.resetPendingActions(provider: run.provider, before: .random()) == 0)
                #expect(try transaction.pendingCreates(provider: run.provider, before: run.id).isEmpty)
                let lost = try transaction.pendingCreates(provider: run.provider, before: .random())
                #expect(lost.map(\.action) == [action] && lost.map(\.run) == [run.id])
            }
        }
    }

    @Test("a lease is not renewed if another process has taken over, and its renewal has no effect after the run")
    func signsOfLife() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                let provider = try transaction.makeProvider()
                let run = Run(provider: provider.id, trigger: .manual, startedAt: transaction.now)
                _ = try transaction.beginRun(run, lease: Self.lease, isGone: { _ in false })
                _ = try transaction.renew(Self.lease, of: run.id)
                try transaction.setStatus(.succeeded, of: run.id)
                _ = try transaction.renew(Self.lease, of: run.id)
                try transaction.setStatus(.interrupted, of: run.id)
                #expect(throws: StoreError.self) { try transaction.renew(Self.lease, of: run.id) }
            }
        }
    }
}

import CausewayModel
import Testing

@Suite("The state of a provider")
struct StateTests {
    private static let moment = Timestamp(milliseconds: 1000)

    private static var calm: Outstanding {
        var outstanding = Outstanding()
        outstanding.lastFullSync = moment
        return outstanding
    }

    /// Everything that may be outstanding, in the order of urgency.
    private static let changes: [(state: ProviderState, change: @Sendable (inout Outstanding) -> Void)] = [
        (.unassigned, { $0.isAssigned = false }),
        (.filterGroupDeleted, { $0.vanishedFilterGroup = "Pilot" }),
        (.quarantined, { $0.quarantine = Quarantine(after: nil, failedAt: StateTests.moment, reason: "no secret") }),
        (.waiting, { $0.waitingRuns = 1 }),
        (.paused, { $0.isPaused = true }),
        (.failing, { ($0.failing, $0.retried) = (5, 2) }),
        (.working, { $0.isRunning = true }),
        (.dryRun, { $0.isDryRun = true }),
        (.neverSynced, { $0.lastFullSync = nil }),
        (.behind, { $0.request = .save }),
        (.behind, { $0.request = .change }),
        (.behind, { $0.request = .manual }),
        (.behind, { $0.request = .approval }),
        (.behind, { $0.hasRetries = true }),
        (.behind, { $0.isLeftUndone = true }),
        (.behind, { $0.changes = 1 }),
        (.behind, { $0.isRestored = true }),
        (.refused, { $0.refused = 2 }),
    ]

    @Test("each outstanding fact has its state, and the most urgent one is shown")
    func words() {
        #expect(Self.calm.state == .inSync && Self.calm.sentences.isEmpty)
        for (place, (state, change)) in Self.changes.enumerated() {
            var alone = Self.calm
            change(&alone)
            #expect(alone.state == state)
            #expect(alone.sentences.isEmpty == (state == .working))
            for (other, lesser) in Self.changes[place...] where (state, other) != (.failing, .neverSynced) {
                var both = alone
                lesser(&both)
                change(&both)
                #expect(both.state == state)
            }
        }
        #expect(Set(Self.changes.map(\.state)).union([.inSync]) == Set(ProviderState.allCases))
        var planned = Self.calm
        (planned.failing, planned.lastFullSync) = (5, nil)
        #expect(planned.state == .neverSynced, "a plan has sent nothing that could have failed")
        planned.isDryRun = true
        #expect(planned.state == .failing, "a dry run is asked what would fail")
        var routine = Self.calm
        routine.request = .schedule
        #expect(routine.state == .inSync)
    }

    @Test("a provider with anything outstanding is never in sync")
    func neverInSync() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var outstanding = Self.calm
            let chosen = Self.changes.filter { _ in Bool.random(using: &random) }
            for (_, change) in chosen { change(&outstanding) }
            #expect((outstanding.state == .inSync) == chosen.isEmpty)
        }
    }

    @Test("sentences have the right singular and plural")
    func sentences() {
        func sentence(_ failing: Int, _ retried: Int) -> String? {
            var outstanding = Self.calm
            (outstanding.failing, outstanding.retried) = (failing, retried)
            return outstanding.sentences.first
        }
        #expect(sentence(1, 0) == "1 object fails.")
        #expect(sentence(1, 1) == "1 object fails; it is retried soon.")
        #expect(sentence(5, 0) == "5 objects fail.")
        #expect(sentence(5, 2) == "5 objects fail; 2 of them are retried soon.")
        #expect(sentence(5, 5) == "5 objects fail; all of them are retried soon.")
    }
}

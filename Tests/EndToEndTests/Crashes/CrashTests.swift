import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("A sync that is killed", .timeLimit(.minutes(30)))
struct CrashTests {
    /// Each in a few percent of the requests.
    private static let faults = TroubledTenant.faults(rate: 0.02)
    /// Until nothing is left to do: a request that is refused because of a killed process is repeated by the next sync.
    private static let lastSyncs = 4

    @Test(
        "the tenant ends as the directory says, wherever a sync was killed and whatever failed",
        arguments: CrashPlan.all
    )
    func kills(_ plan: CrashPlan) async throws {
        print("killing syncs: \(plan); \(HistorySeed.text)")
        try await TemporaryFolder.with { folder in
            try await TenantProgram.with(settings: TroubledTenant.lags + ["seed=\(plan.seed)"]) { tenant in
                var history = try await CrashHistory.begin(plan, tenant, in: folder)
                _ = try await history.client.control("PUT", "faults", Self.faults)
                var count = 0
                while count < plan.kills {
                    if try await history.syncAndKill() { count += 1 }
                    try await history.change(8)
                }
                _ = try await history.client.control("PUT", "faults", [])
                try await check(history)
            }
        }
    }

    private func check(_ history: CrashHistory) async throws {
        let note: Comment = "\(history.plan); \(HistorySeed.text)"
        var syncs = 0
        var writes: Int64 = -1
        while writes != 0, syncs < Self.lastSyncs {
            try await history.settle()
            let before = try await history.client.counters()["writes"]?.integer ?? 0
            let last = try await history.sync()
            writes = (try await history.client.counters()["writes"]?.integer ?? 0) - before
            syncs += 1
            #expect(last.status == 0 || writes != 0, "\(last.output) \(last.errors) \(note)")
            #expect(try await history.flaws().isEmpty, note)
        }
        #expect(writes == 0, "something is left to do after \(syncs) syncs; \(note)")
        let differences = try await history.differences()
        #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))\n\(note)")
        let orphans = try await history.orphans()
        #expect(orphans.isEmpty, "\(orphans.joined(separator: "\n"))\n\(note)")
        let counters = try await history.client.counters()
        #expect(counters["duplicated_creates"] == 0, note)
        print(
            "killed \(history.kills.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }), ended by themselves",
            "\(history.ends.sorted { $0.key < $1.key }.map { "\($0.value) with \($0.key)" });",
            "repeated creates \(counters["repeated_creates"]?.integer ?? 0), duplicated",
            "\(counters["duplicated_creates"]?.integer ?? 0); \(syncs) syncs at the end; \(history.plan)"
        )
    }
}

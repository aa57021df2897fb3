import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

/// Random directories, settings, changes, faults and interleavings: whatever happened, a few syncs end with exactly what the
/// directory and the settings say, and then nothing is written any more.
///
/// `CAUSEWAY_TEST_SEED` runs and shows one history, `CAUSEWAY_TEST_STEPS` ends it early, `CAUSEWAY_TEST_HISTORIES` runs more of them.
@Suite("Convergence of random histories", .serialized)
struct ConvergenceTests {
    @Test("with drift reverted, the tenant ends exactly as the directory says", arguments: Seeds.chosen(7))
    func restoring(seed: UInt64) async throws {
        try await Self.history(seed, isGuarded: true) { history in
            try await history.run(steps: Seeds.steps(of: seed))
            try await history.settle()
        }
    }

    @Test(
        "with drift reported or accepted, every user exists once, and syncs stop writing",
        arguments: Seeds.chosen(2)
    )
    func tolerating(seed: UInt64) async throws {
        try await Self.history(seed, policy: seed.isMultiple(of: 2) ? .report : .accept) { history in
            try await history.run(steps: Seeds.steps(of: seed))
            try await history.settle()
        }
    }

    @Test(
        "direct syncs leave nothing for a full sync, and what is applied is what was planned",
        arguments: Seeds.chosen(3)
    )
    func following(seed: UInt64) async throws {
        try await Self.history(seed) { history in
            try await history.comparePlan()
            for step in 1...max(1, Seeds.steps(of: seed) / 2) {
                var random = SeededGenerator(seed: seed, step: step)
                // Direct syncs may remove more within an hour than a small directory contains.
                if step.isMultiple(of: 3) { history.fixture.later(CaseSettings.guardMemory) }
                try await history.changeDirectory(&random)
                try await history.compareDirect()
            }
            try await history.changeForPlan()
            try await history.settle()
        }
    }

    @Test("a sync of one object changes nothing else in the tenant, in dry run or not", arguments: Seeds.chosen(3))
    func oneObject(seed: UInt64) async throws {
        try await Self.history(seed) { history in
            try await history.run(steps: Seeds.steps(of: seed))
            for step in 2000..<2008 {
                var random = SeededGenerator(seed: seed, step: step)
                try await history.changeDirectory(&random)
                try await history.changeTenant(&random, step)
                try await history.syncOneObject(&random)
            }
            try await history.settle()
        }
    }

    @Test("the oracle finds every kind of difference")
    func oracle() async throws {
        try await Self.history(5) { history in
            try await history.settle()
            let client = try await history.client()
            let sabotages: [(String, String, JSONValue?)] = [
                ("PATCH", "/users/\(try await Self.first("/users", client))", ["jobTitle": "Wrong"]),
                ("PATCH", "/groups/\(try await Self.first("/groups", client))", ["displayName": "Wrong"]),
                ("DELETE", "/users/\(try await Self.first("/users", client))", nil),
                ("DELETE", "/groups/\(try await Self.first("/groups", client))", nil),
                ("POST", "/groups", TenantScript.group("Nobody's", nickname: "nobody")),
            ]
            for (method, path, body) in sabotages {
                let before = Set(try await history.judgment().judgment.findings())
                let status = try await client.send(method, path, body).status
                history.fixture.later(60)
                let after = Set(try await history.judgment().judgment.findings())
                #expect(status < 300 && !after.isSubset(of: before), "\(method) \(path) is not seen")
            }
        }
    }

    private static func first(_ collection: String, _ client: TenantClient) async throws -> String {
        let found = try await client.all("\(collection)?$select=id").compactMap { $0["id"]?.string }.min()
        return try #require(found)
    }

    private static func history(
        _ seed: UInt64,
        policy: DriftPolicy = .restore,
        isGuarded: Bool = false,
        _ body: @escaping @Sendable (inout History) async throws -> Void
    ) async throws {
        let retries = RetryPolicy(
            attempts: 8,
            firstPause: .milliseconds(25),
            longestPause: .milliseconds(200),
            patience: .seconds(60)
        )
        try await EngineFixture.with(userMapping: CaseMappings.user, groupMapping: CaseMappings.group, retries: retries)
        {
            fixture in
            var history = try await History(fixture, seed: seed, policy: policy, isGuarded: isGuarded)
            do { try await body(&history) } catch {
                Issue.record("\(error)\n\(history.log.joined(separator: "\n"))")
                throw error
            }
            if Seeds.isSingle { print(history.report) }
            #expect(history.findings.isEmpty, "\n\(history.report)")
        }
    }
}

/// Which histories run, and how long they are.
enum Seeds {
    private static let environment = ProcessInfo.processInfo.environment

    static var isSingle: Bool { environment["CAUSEWAY_TEST_SEED"] != nil }

    /// - Parameter share: how many histories of every twelve.
    static func chosen(_ share: Int) -> [UInt64] {
        if let seed = environment["CAUSEWAY_TEST_SEED"].flatMap(UInt64.init) { return [seed] }
        let histories = environment["CAUSEWAY_TEST_HISTORIES"].flatMap(Int.init) ?? 12
        let first = environment["CAUSEWAY_TEST_FIRST"].flatMap(UInt64.init) ?? 1
        return (0..<max(1, histories * share / 12)).map { first + UInt64($0) }
    }

    static func steps(of seed: UInt64) -> Int {
        if let steps = environment["CAUSEWAY_TEST_STEPS"].flatMap(Int.init) { return steps }
        var random = SeededGenerator(seed: seed, step: -1)
        return random.number(8...20)
    }
}

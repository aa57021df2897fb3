import CausewayEmulator
import CausewayGraph
import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Foundation
import Logging
import ServiceLifecycle

/// The server over one directory and two tenants, with a time that only the test moves.
struct DayFixture: Sendable {
    /// A provider with its tenant.
    struct Site: Sendable {
        let provider: ProviderID
        let tenant: TenantInProcess

        /// Calls the tenant's control endpoint.
        func control(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws {
            _ = try await tenant.client.control(method, path, body)
        }

        /// Signed in just now.
        func client() async throws -> TenantClient { try await TenantClient(tenant.endpoints) }
    }

    let store: Store
    let runs: RunCoordinator
    let sites: [Site]
    private let clock: AdvancingClock
    private let start: Date

    private static let (step, tick) = (300.0, 0.05)
    /// Shorter than a lease without a renewal, because renewals follow the system's time.
    private static let longestWork = 45.0

    /// - Parameter start: when the day begins.
    static func with(from start: Date, _ body: @escaping @Sendable (DayFixture) async throws -> Void) async throws {
        let clock = AdvancingClock()
        clock.set(start)
        clock.freeze(true)
        try await withTenant("a", clock) { one in
            try await withTenant("b", clock) { other in
                try await StoreFixture.with(clock: { Timestamp(clock.now()) }) { fixture in
                    try await begin(fixture.store, [one, other], clock, start, body)
                }
            }
        }
    }

    private static func withTenant(
        _ digit: String,
        _ clock: AdvancingClock,
        _ body: @escaping @Sendable (TenantInProcess) async throws -> Void
    ) async throws {
        try await TenantInProcess.with(lags: true, clock: clock) { settings in
            settings.id = "\(String(repeating: digit, count: 8))-0000-4000-8000-000000000000"
            settings.throttles = true
        } _: {
            try await body($0)
        }
    }

    private static func begin(
        _ store: Store,
        _ tenants: [TenantInProcess],
        _ clock: AdvancingClock,
        _ start: Date,
        _ body: (DayFixture) async throws -> Void
    ) async throws {
        let retries = RetryPolicy(firstPause: .milliseconds(20))
        let runtime = try ProvisioningRuntime.load(retries: retries, logger: .silent)
        let runs = RunCoordinator(store: store, runtime: runtime)
        var sites: [Site] = []
        for (number, tenant) in tenants.enumerated() {
            let provider = try await store.write { try $0.makeProvider(number, tenant.endpoints) }
            sites.append(Site(provider: provider, tenant: tenant))
        }
        let fixture = DayFixture(store: store, runs: runs, sites: sites, clock: clock, start: start)
        let sleep: Scheduler.Sleep = { _ in try await Task.sleep(for: .milliseconds(10)) }
        let direct = DirectSync(store: store, runs: runs, pace: pace, logger: .silent)
        let services: [any Service] = [
            Scheduler(store: store, runs: runs, sleep: sleep, logger: .silent),
            DirectSyncService(store: store, directSync: direct, interval: .milliseconds(50), logger: .silent),
        ]
        try await RunningServices.with(services) { try await body(fixture) }
    }

    private static var pace: DirectSync.Pace {
        var pace = DirectSync.Pace()
        (pace.look, pace.quiet, pace.busy, pace.failure) = (
            .milliseconds(20), .milliseconds(40), .milliseconds(10), .milliseconds(20)
        )
        return pace
    }

    // MARK: Time

    /// Lets time pass until this many hours after the start, and does everything that becomes due.
    func pass(until hour: Double) async throws {
        let end = start.addingTimeInterval(hour * 3600)
        while true {
            try await finish()
            let left = end.timeIntervalSince(clock.now())
            guard left > 0 else { return }
            clock.advance(by: min(Self.step, left))
        }
    }

    /// Waits until there is nothing to do. Time advances a little, so that writes become visible.
    private func finish() async throws {
        var passed = 0.0
        while try await isBusy() {
            if passed < Self.longestWork {
                clock.advance(by: Self.tick)
                passed += Self.tick
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private func isBusy() async throws -> Bool {
        try await store.read { transaction in
            let end = try transaction.journalEnd()
            return try transaction.runStates().contains { try transaction.isBusy($0, journalEnd: end) }
        }
    }
}

extension Transaction {
    /// Whether a provider is running or due now.
    fileprivate func isBusy(_ runState: ProviderRunState, journalEnd: Int64) throws -> Bool {
        let last = try runs(of: runState.provider, limit: 1).first?.status
        if let last, !last.isFinal, last != .awaitingApproval { return true }
        if runState.trigger(at: now) != nil || runState.needsPlanning(at: now) { return true }
        if runState.isQuarantined(at: now) { return false }
        guard let position = try journalPosition(of: runState.provider), position >= journalEnd else { return true }
        return try !retries(of: runState.provider, dueBy: now, limit: 1).isEmpty
    }

    /// A provider of a tenant, with the mappings that come with the product.
    fileprivate func makeProvider(_ number: Int, _ endpoints: JSONValue) throws -> ProviderID {
        let users = PropertyMapping(
            name: "users \(number)",
            expression: DefaultMappings.emailVerifiedUsers.expression
        )
        let groups = PropertyMapping(name: "groups \(number)", expression: DefaultMappings.group.expression)
        for mapping in [users, groups] { try saveMapping(mapping) }
        var settings = ProviderSettings("Entra \(number)", tenant: endpoints)
        (settings.userMappings, settings.groupMappings) = ([users.id], [groups.id])
        let provider = try createProvider(settings, clientSecret: Secret("emulated-secret-value"))
        let name = "application \(number)"
        try saveApplication(Application(name: name, slug: "a\(number)", backchannelProviders: [provider.id]))
        return provider.id
    }
}

package import CausewayEmulator
import CausewayGraphTypes
package import CausewayJSON
package import Foundation

/// An emulated tenant inside the test's process, on a real port. All its requests and answers are checked against Graph's
/// types.
package struct TenantInProcess: Sendable {
    /// The line of JSON that the tenant prints.
    package let endpoints: JSONValue
    package let client: TenantClient
    package let clock: AdvancingClock
    /// The calls to the tenant.
    package let calls: TenantCalls

    /// The tenant's time.
    package var now: Date { clock.now() }

    /// Lets time pass.
    package func advance(by seconds: Double) { clock.advance(by: seconds) }

    /// - Parameters:
    ///   - lags: whether reads and delta queries lag behind writes, as they do by default.
    ///   - permissions: permissions of the first application in addition to the usual ones.
    ///   - clock: several tenants can share one.
    package static func with<Value: Sendable>(
        folder: String? = nil,
        site: EmulatorSettings = EmulatorSettings(),
        lags: Bool = false,
        permissions: [String] = [],
        clock: AdvancingClock = AdvancingClock(),
        _ change: (inout TenantSettings) -> Void = { _ in },
        _ body: @escaping @Sendable (TenantInProcess) async throws -> Value
    ) async throws -> Value {
        var tenant = TenantSettings()
        tenant.domains = ["company.com", "example.com"]
        // A tenant that answers immediately and does not throttle; tests turn on what they need.
        tenant.throttles = false
        tenant.applications[0].permissions += permissions
        if !lags { (tenant.replicationLag, tenant.indexLag, tenant.deltaLag) = (.none, .none, .none) }
        change(&tenant)
        var settings = site
        settings.tenants[0] = tenant
        settings.folder = folder
        let (ready, signal) = AsyncStream.makeStream(of: EmulatorEndpoints.self)
        let (types, chosen) = (try GraphTypes.load(), settings)
        let (check, calls) = (GraphTypeCheck(types), TenantCalls())
        let value: Value = try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await Emulator.run(
                    settings: chosen,
                    types: types,
                    clock: clock,
                    logger: .silent,
                    observer: { exchange in
                        check.observe(exchange)
                        calls.note(exchange)
                    }
                ) {
                    signal.yield($0)
                    signal.finish()
                }
                return nil
            }
            group.addTask {
                var iterator = ready.makeAsyncIterator()
                guard let endpoints = await iterator.next() else { return nil }
                let json = try JSONValue(parsing: endpoints.jsonLine)
                let client = try await TenantClient(json, secret: chosen.tenants[0].applications[0].secrets[0].value)
                return try await body(
                    TenantInProcess(endpoints: json, client: client, clock: clock, calls: calls)
                )
            }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw CancellationError()
        }
        try check.finish()
        return value
    }
}

import CausewayJSON
import Foundation
import Synchronization

/// Graph's limits for identity and access at their three scopes, for all tenants and applications of one emulator (Graph,
/// "Throttling limits", 2026-02).
final class ThrottleLedger: Sendable {
    enum Scope: String, Sendable {
        case tenantApplication = "Tenant_Application"
        case application = "Application"
        case tenant = "Tenant"
    }

    enum Currency: String, Sendable { case writes = "Write", units = "ReadWrite" }

    private struct Key: Hashable {
        let scope: Scope
        let currency: Currency
        let tenant: String
        let application: String
    }

    /// The tenant and application that are charged.
    struct Account: Sendable {
        let tenant: String
        let application: String
        let userCount: Int
        let settings: TenantSettings
    }

    /// A limit that is reached.
    struct Refusal: Sendable {
        /// Whole seconds.
        let wait: Int
        let scope: Scope
        let currency: Currency
    }

    private let buckets = Mutex<[Key: TokenBucket]>([:])

    /// Charges a call; refused calls count as well.
    ///
    /// - Returns: the refusal, if any, and the highest use of a limit, 1 being the limit.
    func charge(_ cost: CallCost, to account: Account, now: Date) -> (refusal: Refusal?, used: Double) {
        let time = now.timeIntervalSinceReferenceDate
        let shape = account.settings.bucketShape
        return buckets.withLock { buckets in
            var refusal: Refusal?
            var used = 0.0
            for (key, limit) in Self.limits(cost, account) {
                var bucket = buckets[key] ?? TokenBucket(size: limit.size, period: limit.period, time: time)
                if bucket.size != limit.size {
                    bucket = TokenBucket(size: limit.size, period: limit.period, time: time)
                }
                bucket.fill(to: time, period: limit.period, shape)
                let amount = key.currency == .writes ? cost.writes : cost.units
                let wait = bucket.wait(for: amount, shape)
                bucket.take(amount)
                buckets[key] = bucket
                used = max(used, bucket.used)
                if wait > 0, Int(wait.rounded(.up)) > refusal?.wait ?? 0 {
                    refusal = Refusal(wait: Int(wait.rounded(.up)), scope: key.scope, currency: key.currency)
                }
            }
            return (refusal, used)
        }
    }

    private typealias Limit = (size: Double, period: Double)

    /// The limits that a call counts towards; a faster tenant has the same limits in less time.
    private static func limits(_ cost: CallCost, _ account: Account) -> [(Key, Limit)] {
        documentedLimits(cost, account).map { key, limit in
            (key, (limit.size, limit.period / account.settings.throttleSpeed))
        }
    }

    private static func documentedLimits(_ cost: CallCost, _ account: Account) -> [(Key, Limit)] {
        func key(_ scope: Scope, _ currency: Currency) -> Key {
            Key(
                scope: scope,
                currency: currency,
                tenant: scope == .application ? "" : account.tenant,
                application: scope == .tenant ? "" : account.application
            )
        }
        var limits: [(Key, Limit)] = [
            (key(.tenantApplication, .units), (unitLimit(account), 10)), (key(.application, .units), (150_000, 20)),
        ]
        if cost.writes > 0 {
            limits += [
                (key(.tenantApplication, .writes), (3000, 150)), (key(.application, .writes), (35_000, 300)),
                (key(.tenant, .writes), (18_000, 300)),
            ]
        }
        return limits
    }

    /// Larger tenants may read more.
    private static func unitLimit(_ account: Account) -> Double {
        switch account.settings.size {
        case .small: 3500
        case .medium: 5000
        case .large: 8000
        case .automatic: account.userCount < 50 ? 3500 : account.userCount <= 500 ? 5000 : 8000
        }
    }

    /// How much of a tenant's limits is used, for its page.
    func gauges(tenant: String, settings: TenantSettings, now: Date) -> JSONValue {
        let time = now.timeIntervalSinceReferenceDate
        let known = buckets.withLock { $0.filter { [tenant, ""].contains($0.key.tenant) } }
        let gauges = known.map { key, bucket in
            var bucket = bucket
            bucket.fill(to: time, period: bucket.period, settings.bucketShape)
            return (
                "\(key.scope.rawValue)/\(key.currency.rawValue)/\(key.application)",
                ["used": .number(max(0, bucket.used)), "size": .number(bucket.size), "seconds": .number(bucket.period)]
                    as JSONValue
            )
        }
        return .object(Dictionary(gauges, uniquingKeysWith: { first, _ in first }))
    }
}

extension ThrottleLedger.Refusal {
    /// Graph's 429, with the headers that say which limit it was.
    func reply(tenant: String, application: String, date: Date, requestID: String) -> GraphReply {
        GraphReply(
            status: 429,
            headers: [
                "Retry-After": "\(wait)",
                "x-ms-throttle-scope": "\(scope.rawValue)/\(currency.rawValue)/\(application)/\(tenant)",
                "x-ms-throttle-information": currency == .writes ? "WriteLimitExceeded" : "ResourceUnitLimitExceeded",
            ],
            body: [
                "error": [
                    "code": "TooManyRequests", "message": "Please retry again later.",
                    "innerError": [
                        "code": "429", "date": .string(String(date.graphText.dropLast())),
                        "message": "Please retry after", "request-id": .string(requestID), "status": "429",
                    ],
                ]
            ]
        )
    }
}

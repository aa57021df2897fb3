/// The settings of one emulated tenant, and its behavior where Graph's documentation leaves a choice.
package struct TenantSettings: SettingRecord {
    package var id = "11111111-2222-4333-8444-555555555555"
    package var name = "Emulated tenant"
    package var initialDomain = "emulated.onmicrosoft.com"
    package var domains: [String] = []
    package var federatedDomains: [String] = []
    package var applications = [AppRegistration.standard]
    package var subscriptions: [Subscription] = []
    package var seed: UInt64 = 1

    package var throttles = true
    package var size = TenantSize.automatic
    package var bucketShape = BucketShape.continuous
    package var throttleSpeed = 1.0
    package var throttledBatchStatus = 200

    package var replicationLag = Delay.exponential(mean: 0.2)
    package var indexLag = Delay.exponential(mean: 1)
    package var deltaLag = Delay.exponential(mean: 1)
    package var isDeltaReplayed = false
    package var deltaPageSize = 200
    package var deltaMembersPerPage = 1000
    package var expiredDeltaStatus = 410
    package var pageTokenLifetime = 900.0
    package var tokenLifetime = 3599
    package var loginClockSkew = 0.0

    package var mangledNames = true
    package var isImmutableIDBlocked = false
    package var areMembersRestored = true
    package var areCyclesRefused = false
    package var areDisputedQueriesAdvanced = false
    package var invitations = true
    package var objectQuota: Int?
    package var groupLicenseDelay = 1.0
    package var bannedPasswords: [String] = ["Password1", "Welcome1", "Contoso1"]
    package var faults: [FaultRule] = []

    package init() {}

    /// Tenants with the same seed do not issue the same ids.
    var objectSeed: UInt64 { id.lowercased().utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 } }

    /// Ten years.
    private static let longest = 315_360_000.0

    static let fields: [SettingField<TenantSettings>] = [
        SettingField("id", \.id, check: .uuid, "the tenant's id"),
        SettingField("name", \.name, "the organization's display name"),
        SettingField("initial_domain", \.initialDomain, "the onmicrosoft.com name that every tenant starts with"),
        SettingField("domains", \.domains, "further verified domains; the first is the default"),
        SettingField("federated_domains", \.federatedDomains, "those of the domains that are federated"),
        SettingField("applications", \.applications, "app registrations that may sign in"),
        SettingField("subscriptions", \.subscriptions, "purchased licenses"),
        SettingField("seed", \.seed, "the same seed gives the same ids, delays and orders to a tenant of the same id"),
        SettingField("throttling", \.throttles, "whether Graph's limits are applied"),
        SettingField("size", \.size, "which read limit applies: S, M or L, or automatic by the number of users"),
        SettingField("bucket_shape", \.bucketShape, "guess: whether limits refill continuously or in windows"),
        SettingField(
            "throttle_speed",
            \.throttleSpeed,
            check: .within(0.001...1_000_000),
            "how many times faster than in Entra the limits refill"
        ),
        SettingField(
            "throttled_batch_status",
            \.throttledBatchStatus,
            check: .one(of: 200, 424),
            "guess: 200 or 424 for a batch with throttled entries"
        ),
        SettingField("replication_lag", \.replicationLag, "until reads and references see a write, in seconds"),
        SettingField("index_lag", \.indexLag, "until advanced queries see what reads see, in seconds"),
        SettingField("delta_lag", \.deltaLag, "until delta queries report what reads see, in seconds"),
        SettingField("delta_replays", \.isDeltaReplayed, "whether delta queries repeat earlier changes"),
        SettingField("delta_page_size", \.deltaPageSize, check: .within(1...10_000), "objects per delta page"),
        SettingField(
            "delta_members_per_page",
            \.deltaMembersPerPage,
            check: .within(1...100_000),
            "members per delta page; a larger group is split"
        ),
        SettingField(
            "expired_delta_status",
            \.expiredDeltaStatus,
            check: .one(of: 400, 410),
            "guess: 400 or 410 for an expired delta token"
        ),
        SettingField(
            "page_token_lifetime",
            \.pageTokenLifetime,
            check: .within(0...longest),
            "seconds until a page link ends"
        ),
        SettingField(
            "token_lifetime",
            \.tokenLifetime,
            check: .within(0...Int(longest)),
            "seconds until an access token ends"
        ),
        SettingField(
            "login_clock_skew",
            \.loginClockSkew,
            check: .within(-longest...longest),
            "seconds by which the sign-in service's clock is ahead"
        ),
        SettingField("mangled_names", \.mangledNames, "guess: whether a deleted user's name contains its id"),
        SettingField(
            "deleted_blocks_immutable_id",
            \.isImmutableIDBlocked,
            "guess: whether a deleted user still has its onPremisesImmutableId"
        ),
        SettingField(
            "restore_returns_members",
            \.areMembersRestored,
            "guess: whether a restored security group gets its members back"
        ),
        SettingField("refuses_cycles", \.areCyclesRefused, "guess: whether cycles of groups are refused"),
        SettingField(
            "disputed_queries_advanced",
            \.areDisputedQueriesAdvanced,
            "guess: whether a query that Graph's pages contradict each other about is advanced"
        ),
        SettingField("invitations", \.invitations, "whether guests may be invited"),
        SettingField("object_quota", \.objectQuota, "the maximum number of objects; none for no limit"),
        SettingField(
            "group_licence_delay",
            \.groupLicenseDelay,
            check: .within(0...longest),
            "seconds until a group's licenses reach its members"
        ),
        SettingField("banned_passwords", \.bannedPasswords, "passwords that are refused as too common"),
        SettingField("faults", \.faults, "the faults to inject"),
    ]
}

/// Tenants with more users may read more (Graph, "Throttling limits").
package enum TenantSize: String, SettingChoice {
    case automatic, small = "S", medium = "M", large = "L"
}

/// How a limit is refilled.
package enum BucketShape: String, SettingChoice {
    case continuous, windowed
}

/// Licenses that the tenant has bought.
package struct Subscription: SettingRecord {
    package var skuID = "6fd2c87f-b296-42f0-b197-1e91e994b900"
    package var partNumber = "ENTERPRISEPACK"
    package var seats = 100
    package var plans: [String] = []

    package init() {}

    /// Its id as assignments carry it.
    var sku: String { skuID.lowercased() }

    static let fields: [SettingField<Subscription>] = [
        SettingField("sku_id", \.skuID, "its id"),
        SettingField("sku_part_number", \.partNumber, "its name"),
        SettingField("seats", \.seats, "how many users may have it"),
        SettingField("plans", \.plans, "ids of its service plans"),
    ]
}

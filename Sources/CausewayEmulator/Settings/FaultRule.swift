package import CausewayJSON

/// What can go wrong on purpose.
package enum FaultKind: String, SettingChoice {
    case internalError = "internal_error"
    case internalErrorAfterCommit = "internal_error_after_commit"
    case unavailable = "unavailable"
    case unavailableAfterCommit = "unavailable_after_commit"
    case gatewayTimeout = "gateway_timeout"
    case gatewayTimeoutAfterCommit = "gateway_timeout_after_commit"
    case badGateway = "bad_gateway"
    case dropped = "dropped"
    case droppedAfterCommit = "dropped_after_commit"
    case netIDInvalid = "net_id_invalid"
    case netIDInvalidAfterCommit = "net_id_invalid_after_commit"
    case replicaUnavailable = "replica_unavailable"
    case concurrencyViolation = "concurrency_violation"
    case throttledWithoutRetryAfter = "throttled_without_retry_after"
    case quotaExceeded = "quota_exceeded"
    case unauthorized = "unauthorized"
    case secretExpired = "secret_expired"
    case clockSkew = "clock_skew"
    case slow = "slow"

    /// Whether the call is carried out nevertheless.
    var isAfterCommit: Bool { rawValue.hasSuffix("_after_commit") || self == .slow }

    /// Whether the connection is closed instead of an answer.
    var isDrop: Bool { self == .dropped || self == .droppedAfterCommit }

    /// Whether it can affect an operation: the sign-in service and Graph have different faults.
    func happens(to operation: String) -> Bool {
        switch self {
        case .secretExpired, .clockSkew: operation == GraphCall.tokenOperation
        case .netIDInvalid, .netIDInvalidAfterCommit, .replicaUnavailable, .concurrencyViolation,
            .throttledWithoutRetryAfter, .quotaExceeded, .unauthorized:
            operation != GraphCall.tokenOperation
        default: true
        }
    }
}

/// Which calls are affected by a fault, and how often: by rate, by count, or by a script.
package struct FaultRule: SettingRecord {
    package var kind = FaultKind.unavailable
    /// `POST /users`, `PATCH /groups/{id}`, `POST /$batch`, `POST /token`; `GET /users*` for all with that beginning, nothing for all.
    package var operation = ""
    /// The share of the affected calls, from 0 to 1.
    package var rate = 1.0
    /// The maximum number; nil for no limit.
    package var count: Int?
    /// How many calls pass before the first.
    package var skip = 0
    /// Kinds, call by call, `pass` for none; instead of kind, rate, count and skip. After its end all calls pass.
    package var script: [FaultStep] = []
    /// How long a slow answer takes.
    package var seconds = 1.0
    /// Sent if given.
    package var retryAfter: Int?

    package init() {}

    static let fields: [SettingField<FaultRule>] = [
        SettingField("kind", \.kind, "what goes wrong"),
        SettingField("operation", \.operation, "which calls, such as `POST /users` or `GET /users*`; none for all"),
        SettingField("rate", \.rate, check: .within(0...1), "the share of the affected calls, from 0 to 1"),
        SettingField("count", \.count, "the maximum number"),
        SettingField("skip", \.skip, "how many calls pass before the first"),
        SettingField("script", \.script, "kinds, call by call, `pass` for none"),
        SettingField("seconds", \.seconds, check: .within(0...86_400), "how long a slow answer takes"),
        SettingField("retry_after", \.retryAfter, "a Retry-After header to send"),
    ]

    /// A rule that can never apply is a mistake.
    func check() throws(SettingError) {
        guard !operation.isEmpty, !operation.hasSuffix("*") else { return }
        if let kind = kinds.first(where: { !$0.happens(to: operation) }) {
            throw SettingError("'\(kind.rawValue)' cannot happen to '\(operation)'.")
        }
    }

    private var kinds: [FaultKind] {
        guard !script.isEmpty else { return [kind] }
        return script.compactMap { if case .fault(let kind) = $0 { kind } else { nil } }
    }

    /// Whether the rule applies to an operation that its fault can affect.
    func covers(_ operation: String) -> Bool {
        names(operation) && kinds.contains { $0.happens(to: operation) }
    }

    private func names(_ operation: String) -> Bool {
        if self.operation.hasSuffix("*") { return operation.hasPrefix(self.operation.dropLast()) }
        return self.operation.isEmpty || self.operation == operation
    }
}

/// One call of a script.
package enum FaultStep: SettingValue, Equatable {
    case pass
    case fault(FaultKind)

    package init(setting json: JSONValue, named name: String) throws(SettingError) {
        self = json.string == "pass" ? .pass : .fault(try FaultKind(setting: json, named: name))
    }

    package var settingJSON: JSONValue {
        switch self {
        case .pass: "pass"
        case .fault(let kind): kind.settingJSON
        }
    }
}

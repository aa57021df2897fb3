import CausewayJSON

/// A tenant that makes it hard to know what it has done.
enum TroubledTenant {
    /// Every fault that hides from a client whether its request was executed.
    ///
    /// - Parameter rate: the part of the requests that each of them meets; dropped connections are rarer.
    static func faults(rate: Double) -> JSONValue {
        .array(
            [
                "unavailable", "unavailable_after_commit", "gateway_timeout", "gateway_timeout_after_commit", "dropped",
                "dropped_after_commit",
            ].map { ["kind": .string($0), "rate": .number($0.hasPrefix("dropped") ? 0.004 : rate)] }
        )
    }

    /// Short compared with the consistency window, as Microsoft's are.
    static let lags = [
        #"replication_lag={"mean": 0.03, "shape": "exponential"}"#,
        #"index_lag={"mean": 0.1, "shape": "exponential"}"#, #"delta_lag={"mean": 0.2, "shape": "exponential"}"#,
    ]
}

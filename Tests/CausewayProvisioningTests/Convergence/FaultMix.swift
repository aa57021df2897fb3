import CausewayJSON

/// What goes wrong in the tenant during a run.
struct FaultMix: Sendable {
    let rules: [JSONValue]

    private static let kinds = [
        "internal_error", "internal_error_after_commit", "unavailable", "unavailable_after_commit", "gateway_timeout",
        "gateway_timeout_after_commit", "dropped", "dropped_after_commit", "replica_unavailable",
        "concurrency_violation", "throttled_without_retry_after", "unauthorized",
    ]

    init(_ random: inout SeededGenerator) {
        var rules: [JSONValue] = (0..<random.number(1...4)).map { _ in
            [
                "kind": .string(random.pick(Self.kinds) ?? ""), "rate": .number(random.either(0.03, 0.1, 0.3)),
                "count": .integer(30),
            ]
        }
        // Graph's most frequent refusal; the client waits as Graph asks, so it is rare here.
        if random.happens(0.3) {
            rules.append(["kind": "throttled_without_retry_after", "retry_after": 1, "rate": 0.05, "count": 1])
        }
        // Hard enough that a whole run fails.
        if random.happens(0.1) { rules.append(["kind": "dropped", "operation": "GET /groups/delta", "count": 20]) }
        self.rules = rules
    }
}

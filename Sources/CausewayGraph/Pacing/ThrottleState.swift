/// How near a client is to the limits of its tenant, and what it waits for.
package struct ThrottleState: Sendable {
    /// What one application has used, and how long it is held back.
    package struct Application: Sendable {
        package let clientID: String
        /// The used part of the limit: 0 of an untouched one, 1 at its end, more in debt; nil where we keep no limit.
        package let writesUsed: Double?
        package let unitsUsed: Double?
        /// Until Graph takes anything again.
        package let pause: Duration
        /// Until Graph takes writes again.
        package let writesPause: Duration
    }

    /// In the order of the credentials.
    package let applications: [Application]
    package let tenantWritesUsed: Double?
    package let tenantPause: Duration
    /// Requests whose answers are awaited.
    package let inFlight: Int
    /// How many may be under way at once.
    package let window: Int
    /// Requests that wait for others to be answered.
    package let waiting: Int
}

/// Looks at a client that others use, as long as they do.
package struct ThrottleWatch: Sendable {
    let clientIDs: [String]
    weak let gate: ThrottleGate?

    /// Whether the client is used no more.
    package var isOver: Bool { gate == nil }

    /// How near the limits it is; nil where it is used no more.
    package func state() async -> ThrottleState? { await gate?.state(clientIDs) }
}

extension PacingState {
    /// What is known at a time, for requests that are under way or wait.
    func state(_ clientIDs: [String], inFlight: Int, window: Int, waiting: Int, now: Instant) -> ThrottleState {
        func pause(_ end: Instant?) -> Duration { end.map { max(.zero, $0 - now) } ?? .zero }
        return ThrottleState(
            applications: zip(clientIDs, lanes).map { clientID, lane in
                ThrottleState.Application(
                    clientID: clientID,
                    writesUsed: lane.writes?.used(now),
                    unitsUsed: lane.units?.used(now),
                    pause: pause(lane.closedUntil),
                    writesPause: pause(lane.writesClosedUntil)
                )
            },
            tenantWritesUsed: tenantWrites?.used(now),
            tenantPause: pause(tenantWritesClosedUntil),
            inFlight: inFlight,
            window: window,
            waiting: waiting
        )
    }
}

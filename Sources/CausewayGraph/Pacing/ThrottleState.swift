/// How near a client is to the limits of its tenant, and what it waits for.
package struct ThrottleState: Sendable {
    /// What one application has used, and how long it is held back.
    package struct Application: Sendable {
        package let clientID: String
        /// The used part of the limit: 0 of an untouched one, 1 at its end, more in debt; nil if the client has no limit.
        package let writesUsed: Double?
        package let unitsUsed: Double?
        /// Until Graph accepts anything again.
        package let pause: Duration
        /// Until Graph accepts writes again.
        package let writesPause: Duration
    }

    /// In the order of the credentials.
    package let applications: [Application]
    package let tenantWritesUsed: Double?
    package let tenantPause: Duration
    /// Requests in flight.
    package let inFlight: Int
    /// How many may be in flight at once.
    package let window: Int
    /// Requests that wait for others to be answered.
    package let waiting: Int
}

/// Observes a client that others use, as long as they do.
package struct ThrottleWatch: Sendable {
    let clientIDs: [String]
    weak let gate: ThrottleGate?

    /// Whether the client is no longer used.
    package var isOver: Bool { gate == nil }

    /// How near the limits it is; nil if it is no longer used.
    package func state() async -> ThrottleState? { await gate?.state(clientIDs) }
}

extension PacingState {
    /// The state at a time, for requests that are in flight or wait.
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

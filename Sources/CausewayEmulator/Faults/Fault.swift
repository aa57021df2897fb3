import Foundation

/// A fault that affects a call.
struct Fault: Sendable {
    let kind: FaultKind
    let seconds: Double
    let retryAfter: Int?

    /// The answer instead of the correct one.
    ///
    /// - Parameters:
    ///   - right: the correct answer, if the call was carried out.
    ///   - wrong: the fault's answer, in the format of the service that it affects.
    func reply(inPlaceOf right: GraphReply?, wrong: GraphReply) -> GraphReply {
        // A refusal stays a refusal: a fault hides only successes.
        if let right, !right.isSuccess { return right }
        var reply = kind == .slow || kind.isDrop ? right ?? wrong : wrong
        if kind == .slow { reply.delay = seconds }
        reply.isDropped = kind.isDrop
        if let retryAfter { reply.headers["Retry-After"] = "\(retryAfter)" }
        return reply
    }

    /// In Graph's format.
    var graphProblem: GraphProblem {
        switch kind {
        case .internalError, .internalErrorAfterCommit:
            GraphProblem(
                status: 500,
                code: "Service_InternalServerError",
                message: "Encountered an internal server error."
            )
        case .gatewayTimeout, .gatewayTimeoutAfterCommit:
            GraphProblem(status: 504, code: "UnknownError", message: "")
        case .badGateway: GraphProblem(status: 502, code: "UnknownError", message: "")
        case .netIDInvalid, .netIDInvalidAfterCommit: .badRequest("Property netId is invalid.")
        case .replicaUnavailable:
            GraphProblem(
                status: 503,
                code: "Directory_ReplicaUnavailable",
                message: "The directory replica is unavailable."
            )
        case .concurrencyViolation:
            GraphProblem(
                status: 503,
                code: "Directory_ConcurrencyViolation",
                message: "The directory object is being written by someone else."
            )
        case .throttledWithoutRetryAfter:
            GraphProblem(status: 429, code: "TooManyRequests", message: "Too many requests.")
        case .quotaExceeded: .quotaExceeded
        case .unauthorized: .unauthorized("Access token has expired or is not yet valid.")
        default:
            GraphProblem(status: 503, code: "serviceNotAvailable", message: "The service is temporarily unavailable.")
        }
    }

    /// In the sign-in service's format.
    func loginRefusal(of clientID: String, now: Date) -> LoginRefusal {
        switch kind {
        case .secretExpired: .expiredSecret(clientID)
        case .clockSkew: .assertionOutOfTime(now: now)
        default: .transient(status: graphProblem.status)
        }
    }
}

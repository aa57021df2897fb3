import Foundation

/// Why no token is issued: status, error code and AADSTS number as documented and recorded.
struct LoginRefusal: Error {
    let status: Int
    let error: String
    let number: Int
    let message: String

    static func unknownTenant(_ tenant: String) -> LoginRefusal {
        LoginRefusal(
            status: 400,
            error: "invalid_tenant",
            number: 90002,
            message:
                "Tenant '\(tenant)' not found. Check to make sure you have the correct tenant ID and are signing into "
                + "the correct cloud."
        )
    }

    static func malformedTenant(_ tenant: String) -> LoginRefusal {
        LoginRefusal(
            status: 400,
            error: "invalid_request",
            number: 900_023,
            message: "Specified tenant identifier '\(tenant)' is neither a valid DNS name, nor a valid external domain."
        )
    }

    /// A host that is no cloud's sign-in service.
    static let unknownInstance = LoginRefusal(
        status: 400,
        error: "invalid_instance",
        number: 50049,
        message: "Unknown or invalid instance."
    )

    static func missing(_ field: String) -> LoginRefusal {
        LoginRefusal(
            status: 400,
            error: "invalid_request",
            number: 900_144,
            message: "The request body must contain the following parameter: '\(field)'."
        )
    }

    static func unsupportedGrant(_ grant: String) -> LoginRefusal {
        LoginRefusal(
            status: 400,
            error: "unsupported_grant_type",
            number: 70003,
            message: "The app requested an unsupported grant type '\(grant)'."
        )
    }

    static func unknownApplication(_ id: String, _ tenant: String) -> LoginRefusal {
        LoginRefusal(
            status: 400,
            error: "unauthorized_client",
            number: 700_016,
            message:
                "Application with identifier '\(id)' was not found in the directory '\(tenant)'. This can happen if the "
                + "application has not been installed by the administrator of the tenant or consented to by any user in "
                + "the tenant."
        )
    }

    static func disabledApplication(_ id: String) -> LoginRefusal {
        LoginRefusal(
            status: 400,
            error: "unauthorized_client",
            number: 7_000_112,
            message: "Application '\(id)' is disabled."
        )
    }

    static func malformedScope(_ scope: String) -> LoginRefusal {
        LoginRefusal(
            status: 400,
            error: "invalid_scope",
            number: 70011,
            message: "The provided request must include a 'scope' input parameter. The scope '\(scope)' is not valid."
        )
    }

    static func wrongScope(_ scope: String) -> LoginRefusal {
        LoginRefusal(
            status: 400,
            error: "invalid_scope",
            number: 1_002_012,
            message:
                "The provided value for scope \(scope) is not valid. Client credential flows must have a scope value with "
                + "/.default suffixed to the resource identifier (application ID URI)."
        )
    }

    static func unknownResource(_ resource: String) -> LoginRefusal {
        LoginRefusal(
            status: 400,
            error: "invalid_resource",
            number: 500_011,
            message: "The resource principal named \(resource) was not found in the tenant."
        )
    }

    static func wrongSecret(_ id: String) -> LoginRefusal {
        LoginRefusal(
            status: 401,
            error: "invalid_client",
            number: 7_000_215,
            message:
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "
                + "not the client secret ID, for a secret added to app '\(id)'."
        )
    }

    static func expiredSecret(_ id: String) -> LoginRefusal {
        LoginRefusal(
            status: 401,
            error: "invalid_client",
            number: 7_000_222,
            message:
                "The provided client secret keys for app '\(id)' are expired. Visit the Azure portal to create new keys for "
                + "your app."
        )
    }

    static let invalidAssertion = LoginRefusal(
        status: 401,
        error: "invalid_client",
        number: 700_027,
        message: "The certificate with identifier used to sign the client assertion is not registered on application."
    )

    static func assertionOutOfTime(now: Date) -> LoginRefusal {
        LoginRefusal(
            status: 401,
            error: "invalid_client",
            number: 700_024,
            message: "Client assertion is not within its valid time range. Current time: \(now.graphText)."
        )
    }

    /// A temporary failure of the service.
    static func transient(status: Int) -> LoginRefusal {
        LoginRefusal(
            status: status,
            error: "temporarily_unavailable",
            number: 90033,
            message: "A transient error has occurred. Please try again."
        )
    }

    /// A federated assertion that matches no credential: issuer, audience or subject, in that order.
    static func noFederatedMatch(_ claim: FederatedClaim, _ value: String) -> LoginRefusal {
        LoginRefusal(
            status: 401,
            error: "invalid_client",
            number: claim.number,
            message: "No matching federated identity record found for presented assertion \(claim.rawValue) '\(value)'."
        )
    }

    enum FederatedClaim: String {
        case issuer, audience, subject

        fileprivate var number: Int {
            switch self {
            case .issuer: 700_211
            case .audience: 700_212
            case .subject: 700_213
            }
        }
    }
}

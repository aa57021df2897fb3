import CausewayJSON
import Foundation

/// An error answer of Graph: status, code and message are those of the documentation and of recorded answers.
struct GraphProblem: Error, Sendable {
    let status: Int
    let code: String
    let message: String
    /// Code, target and message of each detail.
    var details: [(code: String, target: String)] = []
    var headers: [String: String] = [:]

    static func badRequest(_ message: String, detail: String? = nil, target: String? = nil) -> GraphProblem {
        var problem = GraphProblem(status: 400, code: "Request_BadRequest", message: message)
        if let detail, let target { problem.details = [(detail, target)] }
        return problem
    }

    static func malformed(_ message: String) -> GraphProblem {
        GraphProblem(status: 400, code: "BadRequest", message: message)
    }

    static func unsupportedQuery(_ message: String) -> GraphProblem {
        GraphProblem(status: 400, code: "Request_UnsupportedQuery", message: message)
    }

    /// A query that only the slower index answers, without the required parameters; the text is that of Graph's page on advanced queries.
    static func missingParameters(for what: String) -> GraphProblem {
        unsupportedQuery(
            "\(what) is not supported because the required parameters might be missing. Try adding $count=true query parameter and "
                + "ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information"
        )
    }

    static func notFound(_ id: String) -> GraphProblem {
        GraphProblem(
            status: 404,
            code: "Request_ResourceNotFound",
            message:
                "Resource '\(id)' does not exist or one of its queried reference-property objects are not present."
        )
    }

    static func invalidValue(_ property: String, of kind: EntryKind) -> GraphProblem {
        invalidValue(property, ofResource: kind.resourceName)
    }

    static func invalidValue(_ property: String, ofResource resource: String) -> GraphProblem {
        badRequest(
            "Invalid value specified for property '\(property)' of resource '\(resource)'.",
            detail: "InvalidValue",
            target: property
        )
    }

    static func missing(_ property: String, ofResource resource: String) -> GraphProblem {
        badRequest(
            "A value is required for property '\(property)' of resource '\(resource)'.",
            detail: "PropertyRequired",
            target: property
        )
    }

    static func readOnly(_ property: String) -> GraphProblem {
        badRequest(
            "Property '\(property)' is read-only and cannot be set.",
            detail: "ReadOnlyProperty",
            target: property
        )
    }

    static func conflict(_ key: UniqueKey) -> GraphProblem {
        badRequest(
            "Another object with the same value for property \(key.property) already exists.",
            detail: "ObjectConflict",
            target: key.property
        )
    }

    static let denied = GraphProblem(
        status: 403,
        code: "Authorization_RequestDenied",
        message: "Insufficient privileges to complete the operation."
    )

    static let quotaExceeded = GraphProblem(
        status: 403,
        code: "Directory_QuotaExceeded",
        message:
            "The directory object quota limit for the Tenant has been exceeded. Please ask your administrator to increase the "
            + "quota limit or delete objects to reduce the used quota."
    )

    /// An object that another directory manages.
    static func synced(target: String) -> GraphProblem {
        badRequest(
            "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects "
                + "currently undergoing migration.",
            detail: "InvalidValue",
            target: target
        )
    }

    /// A group that Exchange manages; the text is Graph's.
    static let heldByExchange = badRequest(
        "Cannot Update a mail-enabled security groups and or distribution list."
    )

    /// A link to an object that is not visible everywhere yet.
    static let notReplicated = badRequest(
        "The source resource object or one of the objects being referenced don't exist."
    )

    static func linksExist(_ relation: Relation) -> GraphProblem {
        badRequest(
            "One or more added object references already exist for the following modified properties: '\(relation.name)'."
        )
    }

    static let methodNotAllowed = GraphProblem(
        status: 405,
        code: "Request_BadRequest",
        message: "Specified HTTP method is not allowed for the request target."
    )

    static func unauthorized(_ message: String) -> GraphProblem {
        var problem = GraphProblem(status: 401, code: "InvalidAuthenticationToken", message: message)
        problem.headers["WWW-Authenticate"] = challenge
        return problem
    }

    /// A token that was revoked: its client is told to get a newer one (Microsoft identity platform, "Claims
    /// challenges, claims requests, and client capabilities").
    static func revoked(since moment: Date) -> GraphProblem {
        var problem = unauthorized(
            "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: "
                + "TokenIssuedBeforeRevocationTimestamp"
        )
        let seconds = String(Int64(moment.timeIntervalSince1970))
        let claims: JSONValue = ["access_token": ["nbf": ["essential": true, "value": .string(seconds)]]]
        let text = Data(claims.bytes).base64EncodedString()
        problem.headers["WWW-Authenticate"] = "\(challenge), error=\"insufficient_claims\", claims=\"\(text)\""
        return problem
    }

    private static let challenge =
        "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", "
        + "client_id=\"00000003-0000-0000-c000-000000000000\""

    /// The JSON body.
    func body(date: String, requestID: String, clientRequestID: String) -> JSONValue {
        var error: [String: JSONValue] = [
            "code": .string(code), "message": .string(message),
            "innerError": [
                "date": .string(String(date.dropLast())), "request-id": .string(requestID),
                "client-request-id": .string(clientRequestID),
            ],
        ]
        if !details.isEmpty {
            error["details"] = .array(
                details.map { ["code": .string($0.code), "message": .string(message), "target": .string($0.target)] }
            )
        }
        return ["error": .object(error)]
    }
}

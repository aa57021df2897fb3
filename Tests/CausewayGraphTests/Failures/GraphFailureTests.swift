import CausewayGraph
import CausewayJSON
import Foundation
import Logging
import Testing

@Suite("What Graph's answers mean")
struct GraphFailureTests {
    @Test(
        "codes, details and messages determine the kind of failure, and so what can be done",
        arguments: [
            (
                400, "Request_BadRequest", "Another object…", "userPrincipalName",
                .alreadyExists(property: "userPrincipalName")
            ),
            (
                400, "Request_BadRequest",
                "Another object with the same value for property mailNickname already exists.", nil,
                .alreadyExists(property: "mailNickname")
            ),
            (
                409, "Request_MultipleObjectsWithSameKeyValue", "A conflicting object…", nil,
                .alreadyExists(property: nil)
            ),
            (
                400, "Request_BadRequest",
                "One or more added object references already exist for the following modified properties: "
                    + "'members'.", nil, .memberAlreadyThere
            ),
            (
                400, "Request_BadRequest",
                "The source resource object or one of the objects being referenced don't exist.", nil,
                .referenceNotFound
            ),
            (400, "Request_BadRequest", "Property netId is invalid.", nil, .unanswered),
            (
                400, "Request_BadRequest", "Invalid value specified for property 'jobTitle' of resource 'User'.", nil,
                .invalidValue(property: "jobTitle")
            ),
            (400, "Directory_ExpiredPageToken", "x", nil, .expiredPage),
            (401, "InvalidAuthenticationToken", "x", nil, .unauthorized),
            (403, "Authorization_RequestDenied", "x", nil, .permissionMissing),
            (403, "Directory_QuotaExceeded", "x", nil, .quotaExceeded),
            (404, "Request_ResourceNotFound", "x", nil, .notFound),
            (429, "TooManyRequests", "", nil, .throttled), (509, "", "", nil, .throttled),
            (503, "Directory_ConcurrencyViolation", "x", nil, .unavailable),
            (504, "UnknownError", "", nil, .unanswered),
        ] as [(Int, String, String, String?, GraphFailure.Kind)]
    )
    func kinds(_ status: Int, _ code: String, _ message: String, _ target: String?, _ kind: GraphFailure.Kind) {
        let body = ScriptedTransport.error(code, message, target: target)
        let failure = GraphFailure(status: status, headers: ["retry-after": "7", "request-id": "r"], body: body)
        #expect(failure.kind == kind)
        #expect(failure.retryAfter == .seconds(7))
        #expect(failure.requestID == "r")
        #expect(!failure.sentence.isEmpty)
    }

    @Test("sign-in errors say what to do, and never the secret")
    func login() async throws {
        let script = ScriptedTransport(
            [],
            loginRefusal: [
                "error": "invalid_client", "error_codes": [7_000_222],
                "error_description": "AADSTS7000222: hush-hush",
            ]
        )
        let credential = GraphCredential(tenant: "t", clientID: "c", proof: .clientSecret(ClientSecret("hush-hush")))
        let client = GraphClient(
            endpoints: .global,
            credentials: [credential],
            transport: script,
            logger: .init(label: "test")
        )
        let failure = await #expect(throws: GraphFailure.self) { try await client.send(GraphRequest(.get, "/x")) }
        #expect(failure?.stopsEverything == true)
        #expect(failure?.sentence.contains("has expired") == true)
        #expect(failure?.remedy.contains("new secret") == true)
        #expect(!"\(String(describing: failure)) \(credential)".contains("hush-hush"))
    }

    @Test(
        "a custom endpoint must not send secrets in the clear",
        arguments: ["http://graph.example.com/v1.0", "ftp://127.0.0.1", "graph", ""]
    )
    func endpoints(_ url: String) {
        #expect(throws: EndpointError.self) { () throws in
            try GraphEndpoints(login: "https://login.example.com", graph: url)
        }
    }
}

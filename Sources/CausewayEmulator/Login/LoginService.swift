import CausewayJSON
import CryptoExtras
import Foundation
import Synchronization

/// The sign-in service of a tenant: client credentials in, bearer token out (OAuth 2.0, RFC 6749 section 4.4; Microsoft
/// identity platform, "Client credentials flow").
final class LoginService: Sendable {
    /// An issued token.
    private struct Grant {
        let caller: GraphCaller
        let end: Date
        /// Whether the client says that it can handle the refusal of a revoked token (continuous access evaluation).
        let takesChallenges: Bool
        let isForGraph: Bool
    }

    private let settings: LiveSettings
    private let clock: AdvancingClock
    private let key: SigningKey
    private let grants = Mutex<[String: Grant]>([:])
    /// Revoked tokens whose clients accept challenges; by token, when it was revoked, and when it would have expired.
    private let revoked = Mutex<[String: (moment: Date, end: Date)]>([:])
    private let random: Mutex<SeededRandom>
    /// The id of an application's service principal.
    private let principalID: @Sendable (_ clientID: String) -> String?

    init(
        settings: LiveSettings,
        clock: AdvancingClock,
        key: SigningKey,
        principalID: @escaping @Sendable (_ clientID: String) -> String?
    ) {
        self.settings = settings
        self.principalID = principalID
        self.key = key
        self.clock = clock
        random = Mutex(SeededRandom(seed: settings.value.seed &+ 7))
    }

    /// A token request as it was sent.
    struct TokenRequest: Sendable {
        /// From the path.
        let tenant: String
        /// The fields of the body; those of the Basic header count as fields.
        var form: [String: String]
        /// The requested URL, which an assertion must name.
        let url: String
        /// Graph's URL of this tenant.
        let graph: String
    }

    /// Answers a token request.
    func answer(_ request: TokenRequest) -> GraphReply {
        do throws(LoginRefusal) {
            let application = try authenticate(request)
            let lifetime = Int64(settings.value.tokenLifetime)
            guard let token = try? issue(to: application, request) else { throw .transient(status: 503) }
            return .ok([
                "token_type": "Bearer", "expires_in": .integer(lifetime), "ext_expires_in": .integer(lifetime),
                "access_token": .string(token),
            ])
        } catch {
            return reply(error)
        }
    }

    // MARK: The client

    private func authenticate(_ request: TokenRequest) throws(LoginRefusal) -> AppRegistration {
        let (form, tenant) = (request.form, request.tenant)
        guard settings.value.isNamed(tenant) else { throw Self.refusal(ofTenant: tenant) }
        for field in ["grant_type", "client_id", "scope"] where (form[field] ?? "").isEmpty { throw .missing(field) }
        guard form["grant_type"] == "client_credentials" else { throw .unsupportedGrant(form["grant_type"] ?? "") }
        let id = form["client_id"] ?? ""
        let application = settings.value.applications.first { $0.clientID.lowercased() == id.lowercased() }
        guard let application else { throw .unknownApplication(id, tenant) }
        guard application.isEnabled else { throw .disabledApplication(id) }
        try check(scope: form["scope"] ?? "", request)
        if let assertion = form["client_assertion"] {
            try check(assertion: assertion, type: form["client_assertion_type"], of: application, request)
        } else {
            guard let secret = form["client_secret"], !secret.isEmpty else { throw .missing("client_secret") }
            try check(secret: secret, of: application)
        }
        return application
    }

    /// The answer for an unknown tenant name.
    static func refusal(ofTenant name: String) -> LoginRefusal {
        UUID(uuidString: name) != nil || name.contains(".") ? .unknownTenant(name) : .malformedTenant(name)
    }

    /// The resource may end in a slash, which the scope then has twice: the token's audience ends in one as well (Microsoft identity
    /// platform, "Scopes and permissions", trailing slash and .default).
    private func check(scope: String, _ request: TokenRequest) throws(LoginRefusal) {
        guard scope.hasSuffix("/.default") else { throw .wrongScope(scope) }
        let resource = String(scope.dropLast(scope.hasSuffix("//.default") ? "//.default".count : "/.default".count))
        guard !resource.contains(" "), URL(string: resource)?.scheme != nil else { throw .malformedScope(scope) }
        let isOfACloud = MicrosoftNames.graph.contains { resource == "https://\($0)" }
        guard isOfACloud || request.graph.hasPrefix(resource) || MicrosoftNames.resourceManager.contains(resource)
        else { throw .unknownResource(resource) }
    }

    /// The service's own time.
    var now: Date { clock.now().addingTimeInterval(settings.value.loginClockSkew) }

    private func check(secret: String, of application: AppRegistration) throws(LoginRefusal) {
        let found = application.secrets.first { $0.value == secret }
        guard let found else { throw .wrongSecret(application.clientID) }
        if let end = found.expires, end <= now { throw .expiredSecret(application.clientID) }
    }

    private func check(
        assertion text: String,
        type: String?,
        of application: AppRegistration,
        _ request: TokenRequest
    ) throws(LoginRefusal) {
        guard type == ClientAssertion.type else { throw .missing("client_assertion_type") }
        guard let assertion = ClientAssertion(text) else { throw .invalidAssertion }
        let issuer = assertion.claims["iss"]?.string ?? ""
        if issuer.lowercased() == application.clientID.lowercased() {
            try checkCertificate(assertion, application, request)
        } else {
            try checkFederated(assertion, issuer, application)
        }
        guard assertion.isValid(at: now) else { throw .assertionOutOfTime(now: now) }
    }

    private func checkCertificate(
        _ assertion: ClientAssertion,
        _ application: AppRegistration,
        _ request: TokenRequest
    ) throws(LoginRefusal) {
        let certificates = application.certificates.compactMap { try? RegisteredCertificate(pem: $0) }
        guard let certificate = certificates.first(where: { $0.isNamed(by: assertion.header) }),
            certificate.notAfter > now, assertion.isSigned(by: certificate.key),
            assertion.claims["sub"] == assertion.claims["iss"], assertion.claims["jti"]?.string != nil,
            isAudience(assertion.claims["aud"]?.string ?? "", request)
        else { throw .invalidAssertion }
    }

    /// The token endpoint, under any name of the tenant, here or in a cloud.
    private func isAudience(_ audience: String, _ request: TokenRequest) -> Bool {
        audience == request.url || audience.hasSuffix("/\(settings.value.id)/oauth2/v2.0/token")
            || audience.hasSuffix("/\(request.tenant)/oauth2/v2.0/token")
    }

    private func checkFederated(
        _ assertion: ClientAssertion,
        _ issuer: String,
        _ application: AppRegistration
    ) throws(LoginRefusal) {
        var candidates = application.federatedCredentials.filter { $0.issuer == issuer }
        guard !candidates.isEmpty else { throw .noFederatedMatch(.issuer, issuer) }
        let audience = assertion.claims["aud"]?.string ?? ""
        candidates.removeAll { $0.audience != audience }
        guard !candidates.isEmpty else { throw .noFederatedMatch(.audience, audience) }
        let subject = assertion.claims["sub"]?.string ?? ""
        candidates.removeAll { $0.subject != subject }
        guard let credential = candidates.first else { throw .noFederatedMatch(.subject, subject) }
        guard let pem = credential.publicKey else { return }
        guard let key = try? _RSA.Signing.PublicKey(pemRepresentation: pem), assertion.isSigned(by: key) else {
            throw .invalidAssertion
        }
    }

    // MARK: Tokens

    private func issue(to application: AppRegistration, _ request: TokenRequest) throws -> String {
        let audience = String((request.form["scope"] ?? "").dropLast("/.default".count))
        let takesChallenges = Self.takesChallenges(request.form["claims"])
        let isForGraph = !MicrosoftNames.resourceManager.contains { audience.hasPrefix($0) }
        let now = clock.now()
        let end = now.addingTimeInterval(Double(settings.value.tokenLifetime))
        var claims = claims(of: application, request, now, end)
        claims["aud"] = .string(audience)
        // A token without any consented permission has no roles at all.
        let roles = isForGraph ? application.permissions.sorted() : []
        if !roles.isEmpty { claims["roles"] = JSONValue(roles) }
        if takesChallenges { claims["xms_cc"] = ["CP1"] }
        let token = try key.sign(.object(claims))
        let caller = GraphCaller(
            clientID: application.clientID.lowercased(),
            permissions: Set(application.permissions),
            directoryRoles: Set(application.directoryRoles)
        )
        grants.withLock { grants in
            if grants.count > 1000 { grants = grants.filter { $0.value.end > now } }
            grants[token] = Grant(caller: caller, end: end, takesChallenges: takesChallenges, isForGraph: isForGraph)
        }
        return token
    }

    /// The claims of every token of an application (Microsoft identity platform, "Access token claims reference").
    private func claims(of application: AppRegistration, _ request: TokenRequest, _ now: Date, _ end: Date) -> [String:
        JSONValue]
    {
        let issuer = JSONValue.string("https://sts.windows.net/\(settings.value.id)/")
        let id = random.withLock { $0.uuid() }
        let principal = JSONValue(principalID(application.clientID))
        return [
            "iss": issuer, "idp": issuer, "tid": .string(settings.value.id), "ver": "1.0", "idtyp": "app",
            "appid": .string(application.clientID), "app_displayname": .string(application.name),
            // How the application authenticated: with a secret, or with something that it signed.
            "appidacr": request.form["client_assertion"] == nil ? "1" : "2", "oid": principal, "sub": principal,
            "iat": .integer(Int64(now.timeIntervalSince1970)), "nbf": .integer(Int64(now.timeIntervalSince1970)),
            "exp": .integer(Int64(end.timeIntervalSince1970)), "jti": .string(id),
            "uti": .string(Data(id.utf8.prefix(16)).base64URL),
        ]
    }

    /// Whether the client's capabilities contain `cp1` (Microsoft identity platform, "Claims challenges, claims requests, and client
    /// capabilities").
    private static func takesChallenges(_ claims: String?) -> Bool {
        guard let claims, let json = try? JSONValue(parsing: claims) else { return false }
        let capabilities = json["access_token"]?["xms_cc"]?["values"]?.array ?? []
        return capabilities.contains { $0.string?.lowercased() == "cp1" }
    }

    /// The application of a call's token.
    func caller(authorization: String?) throws(GraphProblem) -> GraphCaller {
        guard let authorization, authorization.lowercased().hasPrefix("bearer ") else {
            throw .unauthorized("Access token is empty.")
        }
        let token = String(authorization.dropFirst("bearer ".count))
        if let revoked = revoked.withLock({ $0[token] }) { throw .revoked(since: revoked.moment) }
        guard let grant = grants.withLock({ $0[token] }) else { throw .unauthorized("CompactToken validation failed.") }
        guard clock.now() < grant.end else {
            throw .unauthorized("Lifetime validation failed, the token is expired.")
        }
        guard grant.isForGraph else {
            throw .unauthorized("Access token validation failure. Invalid audience.")
        }
        return grant.caller
    }

    /// Whether a token is of this tenant.
    func knows(authorization: String?) -> Bool {
        guard let token = authorization?.dropFirst("bearer ".count) else { return false }
        return grants.withLock { $0[String(token)] != nil } || revoked.withLock { $0[String(token)] != nil }
    }

    /// Makes every token expire at once.
    func revokeAll() {
        let now = clock.now()
        let ended = grants.withLock { grants in
            defer { grants = [:] }
            return grants
        }
        revoked.withLock { revoked in
            revoked = revoked.filter { $0.value.end > now }
            for (token, grant) in ended where grant.takesChallenges { revoked[token] = (now, grant.end) }
        }
    }

    func reply(_ refusal: LoginRefusal) -> GraphReply {
        let time = now.graphText.replacing("T", with: " ")
        let (trace, correlation) = random.withLock { ($0.uuid(), $0.uuid()) }
        let words =
            "AADSTS\(refusal.number): \(refusal.message) Trace ID: \(trace) Correlation ID: \(correlation) Timestamp: \(time)"
        return GraphReply(
            status: refusal.status,
            body: [
                "error": .string(refusal.error), "error_description": .string(words),
                "error_codes": [.integer(Int64(refusal.number))], "timestamp": .string(time),
                "trace_id": .string(trace),
                "correlation_id": .string(correlation),
                "error_uri": .string("https://login.microsoftonline.com/error?code=\(refusal.number)"),
            ]
        )
    }
}
